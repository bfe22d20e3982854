/** An answer in writing: the same models, tools and prompt as on the phone, in another manner; the rules answer when no model does. */
import { cancellationSignal } from '@temporalio/activity';
import type {
  AnsweredBy,
  ConversationFacts,
  ModelUsage,
  TranscriptEntry,
  TurnLatency,
} from '../domain/conversation.ts';
import { NO_LATENCY, NO_USAGE } from '../domain/conversation.ts';
import type { Initiate } from '../domain/initiate.ts';
import { promptMessages, systemPrompt } from '../domain/prompt.ts';
import type { ToolCall } from '../domain/tools.ts';
import type { PromptSettings } from '../media/memory.ts';
import { think, type ThinkingKit } from '../media/thinking.ts';
import { heartbeats } from './beating.ts';
import { withFailures } from './failures.ts';

export interface WritingDeps {
  /** As the flags stand now. */
  thinking: () => ThinkingKit;
  prompt: PromptSettings;
  /** `answer_hard_timeout_sec`: after it the rules answer. */
  hardMs: () => number;
}

export interface WriteInput {
  initiate: Initiate;
  facts: ConversationFacts;
  /** The last entries. */
  transcript: TranscriptEntry[];
  recap: string | null;
  reason: string | null;
  customerNumber: string | null;
  returningCaller: boolean;
  allowTools: boolean;
}

export interface Written {
  text: string;
  toolCalls: ToolCall[];
  answeredBy: AnsweredBy;
  model: string;
  usage: ModelUsage;
  latency: TurnLatency;
}

export type WritingActivities = ReturnType<typeof createWritingActivities>;

/** Five to the heartbeat timeout of 10 s. */
const HEARTBEAT_MS = 2_000;

/** Of no use where nothing is spoken, or where the answer is a text message itself. */
const OF_THE_PHONE: ReadonlySet<string> = new Set(['send_sms', 'set_speech_speed']);

export function createWritingActivities(deps: WritingDeps) {
  return withFailures({
    async answerInWriting(input: WriteInput): Promise<Written> {
      using _beating = heartbeats(HEARTBEAT_MS);
      return await written(deps, input, { nowMs: Date.now(), signal: cancellationSignal() });
    },
  });
}

export async function written(
  { thinking, prompt, hardMs }: WritingDeps,
  input: WriteInput,
  { nowMs, signal }: { nowMs: number; signal: AbortSignal },
): Promise<Written> {
  const { returningCaller, customerNumber, transcript, allowTools } = input;
  const firstTurn = transcript.filter(({ persona }) => persona === 'human').length <= 1;
  const tools = allowTools ? prompt.tools({ returningCaller, firstTurn }) : [];
  const request = {
    system: systemPrompt({ ...input, ...prompt.placeOf(customerNumber), nowMs, guidance: null, inWriting: true }),
    messages: promptMessages(transcript, transcript.length),
    tools: tools.filter(({ name }) => !OF_THE_PHONE.has(name)),
    maxTokens: prompt.maxTokens,
  };
  const kit = thinking();
  const startedAtMs = kit.pacer.nowMs();
  let firstTokenAtMs: number | null = null;
  const answer: Written = {
    text: '',
    toolCalls: [],
    answeredBy: 'rules',
    model: '',
    usage: NO_USAGE,
    latency: NO_LATENCY,
  };
  for await (const thought of think(request, kit, { hardMs: hardMs(), signal, spoken: () => '' })) {
    firstTokenAtMs ??= kit.pacer.nowMs();
    switch (thought.type) {
      case 'text':
        answer.text += thought.text;
        break;
      case 'tool_call':
        if (allowTools) answer.toolCalls.push(thought.call);
        break;
      case 'broken_off':
        // Nothing of it has been sent: the next one begins anew.
        answer.text = '';
        answer.toolCalls = [];
        break;
      case 'given_up':
        break;
      case 'done':
        answer.answeredBy = thought.tier;
        answer.model = thought.model;
        answer.usage = thought.usage;
    }
  }
  const modelFirstTokenMs = firstTokenAtMs === null ? null : Math.round(firstTokenAtMs - startedAtMs);
  return { ...answer, text: answer.text.trim(), latency: { ...NO_LATENCY, modelFirstTokenMs } };
}
