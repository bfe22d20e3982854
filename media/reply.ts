/** The bot's answer to one turn, over all its rounds of tools: thought, cut into sentences, spoken, and told how it went. */
import { sentencesOf } from '../domain/sentences.ts';
import type { EarlyCosts } from '../domain/early-thinking.ts';
import type { TurnLatency } from '../domain/conversation.ts';
import type { AnswerTurnInput, AnswerTurnOutcome } from '../workflows/call/messages.ts';
import type { Logger } from '../telemetry/log.ts';
import { Draft, noThoughts, type Thoughts } from './draft.ts';
import type { EarlyReply } from './early-replies.ts';
import type { Memory, PromptSettings } from './memory.ts';
import type { Mouth } from './mouth.ts';
import { NO_LONGER_WANTED } from './no-longer-wanted.ts';
import type { Pacer } from './pacer.ts';
import type { Speech } from './speech.ts';
import type { ThinkingKit } from './thinking.ts';

/** What the turn-taker measured before anybody began to think. */
export interface TurnTiming {
  lastSpeechAtMs: number | null;
  endpointingMs: number | null;
  recognizerMs: number | null;
  committedAtMs: number | null;
}

export interface ReplyKit {
  memory: Memory;
  mouth: Mouth;
  pacer: Pacer;
  log: Logger;
  settings: PromptSettings;
  /** As the flags stand now. */
  thinking: () => Omit<ThinkingKit, 'pacer' | 'log'>;
  limits: () => { softMs: number; hardMs: number };
  timingOf: (turnId: string) => TurnTiming;
  /** `early_thinking`, as it stands. */
  thinksEarly: () => boolean;
  /** What thinking early has cost since it was asked last. */
  earlyCosts: () => EarlyCosts | undefined;
  /** The first word of an answer is in the air. */
  onSaid: () => void;
  /** Stock phrases beside the reply. */
  aside: (kind: 'waiting' | 'one_moment' | 'technical_trouble') => void;
  /** Words for a model that goes in circles. */
  whenStuck: () => string;
  /** Words for when even the rules have none. */
  excuse: () => string;
}

/** Silence while tools run: longer than most of them need, shorter than a customer's "hello?". */
const TOOL_FILLER_MS = 1_800;
/** Above any tool's own limit; a round that has not come by then will not. */
const NEXT_ROUND_MS = 60_000;

type Ended = AnswerTurnOutcome['ended'];

export class Reply {
  readonly turnId: string;
  readonly #kit: ReplyKit;
  readonly #speech: Speech;
  readonly #rounds = new Map<number, Promise<AnswerTurnOutcome>>();
  readonly #abort = new AbortController();
  readonly #startedAtMs: number;
  /** Begun before the commit, for the first round. */
  readonly #early: EarlyReply | null;
  /** The first round's thoughts, from which the turn's figures are counted. */
  #first: Thoughts | null = null;
  #dropped = false;
  #callOffWaiting: () => void = () => undefined;
  #callOffLimit: () => void = () => undefined;
  #waitedOnce = false;
  #callOffFiller: () => void = () => undefined;
  #filled = false;

  constructor(input: AnswerTurnInput, kit: ReplyKit, early: EarlyReply | null = null) {
    this.turnId = input.turnId;
    this.#kit = kit;
    this.#early = early;
    this.#startedAtMs = kit.pacer.nowMs();
    this.#speech =
      early === null
        ? kit.mouth.begin({ turnId: input.turnId, keep: input.say !== null, aside: false })
        : kit.mouth.takeUp(early.draft.speech, input.turnId);
    void this.#speech.done.then(() => {
      this.#abort.abort(NO_LONGER_WANTED);
      early?.abort.abort(NO_LONGER_WANTED);
      this.#callOffWaiting();
      this.#callOffFiller();
      this.#callOffLimit();
    });
  }

  /** Still thinking, waiting for tools, or speaking. */
  get running(): boolean {
    return this.#speech.ended === null;
  }

  get audible(): boolean {
    return this.#speech.begun;
  }

  /** The same round asked twice gets the same outcome, and is spoken once. */
  round(input: AnswerTurnInput): Promise<AnswerTurnOutcome> {
    const known = this.#rounds.get(input.round);
    if (known !== undefined) return known;
    const outcome = this.#run(input);
    this.#rounds.set(input.round, outcome);
    return outcome;
  }

  /** The customer has said more, or the call has other words: not a word more of this. */
  drop(): void {
    if (!this.running) return;
    this.#dropped = true;
    this.#kit.mouth.drop(this.#speech);
  }

  async #run(input: AnswerTurnInput): Promise<AnswerTurnOutcome> {
    const { memory, pacer } = this.#kit;
    this.#callOffLimit();
    this.#callOffFiller();
    memory.learn(input.facts);
    memory.noteResults(input.toolResults);
    if (input.round === 0 && (input.say === null || input.utterance !== ''))
      memory.noteCustomer({ ...input, atMs: pacer.nowMs() });
    const from = input.round === 0 ? 0 : this.#speech.sentences;
    const thoughts = this.#running() ? await this.#thoughts(input) : noThoughts(pacer.nowMs());
    const wantsTools = thoughts.toolCalls.length > 0 && this.#running();
    const text = thoughts.said.join(' ');
    if (wantsTools) {
      memory.noteAwaiting({ turnId: this.turnId, text, toolCalls: thoughts.toolCalls, atMs: pacer.nowMs() });
      this.#awaitTools();
      return this.#outcome(input, { thoughts, from, ended: 'awaiting_tools' });
    }
    memory.noteBot({ turnId: this.turnId, text, atMs: pacer.nowMs() });
    this.#speech.end();
    const end = await this.#speech.done;
    memory.noteHeard(this.#speech.heard());
    return this.#outcome(input, { thoughts: { ...thoughts, toolCalls: [] }, from, ended: this.#endedAs(end) });
  }

  #running(): boolean {
    return this.#speech.ended === null;
  }

  /** Between rounds the tools run, maybe for long: the customer is not left in silence, and a round that never comes not waited for. */
  #awaitTools(): void {
    this.#armWaiting();
    this.#armFiller(TOOL_FILLER_MS);
    const callOff = this.#kit.pacer.after(NEXT_ROUND_MS, () => {
      this.#speech.end();
    });
    this.#callOffLimit();
    this.#callOffLimit = callOff;
  }

  async #thoughts(input: AnswerTurnInput): Promise<Thoughts> {
    const { memory, log, excuse } = this.#kit;
    const thoughts = noThoughts(this.#kit.pacer.nowMs());
    if (input.say !== null) {
      const { language, speechSpeed: speed } = memory.facts;
      for (const sentence of sentencesOf(input.say, language)) {
        thoughts.said.push(sentence);
        this.#speech.say(sentence, { language, speed });
        this.#noteSaid();
      }
      return thoughts;
    }
    const draft = (input.round === 0 ? this.#early?.draft : null) ?? this.#newDraft(input);
    this.#armWaiting();
    if (draft.thoughts.said.length > 0) this.#noteSaid();
    draft.onSentence = () => {
      this.#noteSaid();
    };
    draft.onGivenUp = () => {
      this.#kit.aside('technical_trouble');
    };
    try {
      await draft.whole;
      const { said, toolCalls } = draft.thoughts;
      if (said.length + toolCalls.length === 0 && !draft.repeatedItself) draft.say(excuse());
    } catch (error) {
      if (this.#abort.signal.aborted) return draft.thoughts;
      log.error({ err: error, turnId: this.turnId }, 'neither a model nor the rules could answer');
      draft.thoughts.answeredBy = 'phrase';
      draft.say(excuse());
    }
    return draft.thoughts;
  }

  #newDraft(input: AnswerTurnInput): Draft {
    const { memory, pacer, log, settings, thinking, limits } = this.#kit;
    const { language, speechSpeed: speed } = memory.facts;
    const { guidance, allowTools } = input;
    return new Draft(this.#speech, {
      request: memory.request({ guidance, allowTools, nowMs: Date.now() }, settings),
      thinking: { ...thinking(), pacer, log },
      manner: { language, speed },
      saidBefore: memory.saidBefore(this.turnId),
      whenStuck: this.#kit.whenStuck,
      allowTools,
      hardMs: limits().hardMs,
      signal: this.#abort.signal,
    });
  }

  #noteSaid(): void {
    this.#kit.onSaid();
    this.#callOffWaiting();
  }

  /** Once a turn, when nothing has been said for `answer_soft_timeout_sec`; 0 = never. */
  #armWaiting(): void {
    const { softMs } = this.#kit.limits();
    this.#callOffWaiting();
    if (softMs <= 0 || this.#waitedOnce) return;
    this.#callOffWaiting = this.#kit.pacer.after(softMs, () => {
      if (!this.#running() || this.#kit.mouth.speaking) return;
      this.#waitedOnce = true;
      this.#kit.aside('waiting');
    });
  }

  /** [TT54] Once a turn; what the model said before its tools counts, silence begins behind it. */
  #armFiller(inMs: number): void {
    this.#callOffFiller();
    if (this.#filled) return;
    const { pacer, mouth, aside } = this.#kit;
    this.#callOffFiller = pacer.after(inMs, () => {
      if (!this.#running()) return;
      const silentMs = mouth.speaking ? 0 : pacer.nowMs() - mouth.lastSoundEndsAtMs;
      if (silentMs < TOOL_FILLER_MS) {
        this.#armFiller(TOOL_FILLER_MS - silentMs);
        return;
      }
      this.#filled = true;
      aside('one_moment');
    });
  }

  #endedAs(end: 'played' | 'interrupted' | 'gone'): Ended {
    if (this.#dropped) return 'superseded';
    return end === 'gone' ? 'leg_gone' : end;
  }

  #outcome(
    input: AnswerTurnInput,
    { thoughts, from, ended }: { thoughts: Thoughts; from: number; ended: Ended },
  ): AnswerTurnOutcome {
    const heard = this.#speech.heard(from);
    const early = this.#kit.earlyCosts();
    const latency = this.#latency(thoughts);
    this.#kit.log.debug({ turnId: this.turnId, ended, latency, early }, 'a turn has been answered');
    return {
      turnId: input.turnId,
      round: input.round,
      said: thoughts.said.join(' '),
      heardText: heard.heardText,
      heardComplete: heard.complete,
      ended,
      toolCalls: thoughts.toolCalls,
      answeredBy: thoughts.answeredBy,
      model: thoughts.model,
      usage: thoughts.usage,
      latency,
      style: 'none',
      ...(early === undefined ? {} : { early }),
    };
  }

  #latency(thoughts: Thoughts): TurnLatency {
    const timing = this.#kit.timingOf(this.turnId);
    const first = (this.#first ??= thoughts);
    const { firstSentenceAtMs, firstSoundAtMs, firstLoudAtMs } = this.#speech;
    return {
      endpointingMs: rounded(timing.endpointingMs),
      recognizerMs: rounded(timing.recognizerMs),
      modelFirstTokenMs: between(first.startedAtMs, first.firstTokenAtMs ?? thoughts.firstTokenAtMs),
      firstSentenceMs: between(first.startedAtMs, firstSentenceAtMs),
      synthesisFirstByteMs: between(firstSentenceAtMs, firstSoundAtMs),
      commitMs: between(timing.committedAtMs, this.#startedAtMs),
      voiceToVoiceMs: between(timing.lastSpeechAtMs, firstLoudAtMs),
    };
  }
}

const rounded = (ms: number | null): number | null => (ms === null ? null : Math.round(ms));
const between = (fromMs: number | null, toMs: number | null): number | null =>
  fromMs === null || toMs === null ? null : Math.max(0, Math.round(toMs - fromMs));
