/** What the model asked to have done: each tool its own activity, its effect laid into the call's state. */
import { isCancellation, log, patched } from '@temporalio/workflow';
import { nextDialogState } from '../../domain/dialog.ts';
import { newEntry } from '../../domain/dialog-transcript.ts';
import type { TurnId } from '../../domain/ids.ts';
import { triesAfter } from '../../domain/read-back.ts';
import { sameRequest, sideBySide, type ToolCall, type ToolResult } from '../../domain/tools.ts';
import { usingTools } from '../proxies.ts';
import { dialogFacts } from './media.ts';
import type { ToolEffect } from './messages.ts';
import { optOut } from './opting-out.ts';
import { remind, revocable, takeBack } from './reminders.ts';
import { keepForLater } from './saving.ts';
import { matchReports, reportsWait } from './text-news.ts';
import { facts, ownOperator, type CallRun, type Floor } from './state.ts';

/** The same tool with the same arguments again and again in one turn: the model is stuck. */
const SAME_CALL_MAX = 2;

export type AfterTools =
  { kind: 'go_on' } | { kind: 'hang_up'; reason: string; onPurpose: boolean } | { kind: 'transfer'; reason: string };

/** What was asked for in a turn: how often, and what came of it. */
export type Asked = Map<string, { times: number; effect: Promise<ToolEffect> }>;

export interface ToolRound {
  floor: Floor;
  turnId: TurnId;
  calls: ToolCall[];
  asked: Asked;
  /** The customer talked over the reply: what would end the conversation is left undone. */
  interrupted: boolean;
}

export async function runTools(run: CallRun, round: ToolRound): Promise<{ results: ToolResult[]; then: AfterTools }> {
  const results: ToolResult[] = [];
  let then: AfterTools = { kind: 'go_on' };
  run.toolsRunning += 1;
  moveOn(run, 'tools_started');
  try {
    for (const group of groupsOf(round.calls)) {
      const effects = await Promise.all(group.map((call) => effectOf(run, call, round)));
      // Whichever came first: laid into the call in the order in which they were asked for.
      for (const effect of effects) {
        results.push(effect.result);
        countTries(run, effect, round.calls);
        await apply(run, effect);
        if (effect.transfer !== undefined) then = { kind: 'transfer', reason: effect.transfer.reason };
        else if (effect.ends === true && then.kind === 'go_on')
          then = { kind: 'hang_up', reason: 'the conversation was over', onPurpose: true };
      }
    }
  } finally {
    run.toolsRunning -= 1;
    moveOn(run, 'tools_ended');
    keepForLater(run);
  }
  return { results, then };
}

/** Calls of the release before ran them one after another. */
const groupsOf = (calls: ToolCall[]): ToolCall[][] =>
  calls.length > 1 && patched('tools-side-by-side') ? sideBySide(calls) : calls.map((call) => [call]);

const endsTheTalk = (call: ToolCall): boolean => call.name === 'end_call' || call.name === 'talk_to_human';

function effectOf(run: CallRun, call: ToolCall, round: ToolRound): Promise<ToolEffect> {
  return round.interrupted && endsTheTalk(call) ? Promise.resolve(leftUndone(call)) : asked(run, call, round);
}

/** [TL16] Once a turn: the same request again gets the same answer, and a third time the model is told to go on. */
async function asked(run: CallRun, call: ToolCall, round: ToolRound): Promise<ToolEffect> {
  const request = sameRequest(call);
  const before = round.asked.get(request);
  const times = (before?.times ?? 0) + 1;
  if (times > SAME_CALL_MAX)
    return failed(
      call,
      'You have asked for exactly this already in this turn and it changes nothing. Answer the customer now.',
    );
  if (before !== undefined && patched('same-tool-once')) {
    round.asked.set(request, { ...before, times });
    const { result } = await before.effect;
    if (result.content !== TECHNICAL)
      return { result: { ...result, toolUseId: call.toolUseId }, claim: null, facts: null };
  }
  const effect = runTool(run, call, round);
  round.asked.set(request, { times, effect });
  return await effect;
}

const TECHNICAL = 'This did not work for a technical reason. Tell the customer so, and go on without it.';

async function runTool(run: CallRun, call: ToolCall, { turnId }: ToolRound): Promise<ToolEffect> {
  const { record } = run.state;
  try {
    return await usingTools(IN_WORDS[call.name] ?? `Tool ${call.name}`).runTool({
      idempotencyKey: `${record.callId}/${turnId}/${call.toolUseId}/${call.name}`,
      call,
      schema: record.initiate.claim,
      claim: record.facts.claim,
      language: record.facts.language,
      customerNumber: record.customerNumber,
      botNumber: record.botNumber,
      nowMs: Date.now(),
      ...(record.facts.mayNotCall === undefined ? {} : { mayNotCall: true }),
      ...(call.name === 'cancel_reminder' ? revocable(run) : {}),
      ...(record.facts.tries === undefined ? {} : { tries: record.facts.tries }),
      ...(record.phase === 'texting' ? { inWriting: true as const } : {}),
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('a tool failed', { tool: call.name, error: String(error) });
    return failed(call, TECHNICAL);
  }
}

const IN_WORDS: Record<string, string> = {
  update_claim: 'Note what the customer told us in the claim',
  new_claim: 'Begin a new claim',
  create_or_update_reminder: 'Note a reminder',
  cancel_reminder: 'Take a promise back',
  talk_to_human: 'The customer wants a human',
  send_sms: 'Send the customer a text message',
  set_language: 'Change the language',
  set_speech_speed: 'Change the speed of speech',
  opt_out: 'The customer wants no more calls',
  end_call: 'The conversation is to end',
  search_knowledge: 'Look it up in the knowledge base',
};

const failed = (call: ToolCall, content: string): ToolEffect => ({
  result: { toolUseId: call.toolUseId, name: call.name, content, isError: true },
  claim: null,
  facts: null,
});

const leftUndone = (call: ToolCall): ToolEffect =>
  failed(call, 'Not done: the customer spoke into your reply. Listen first.');

/** [RB1] Before the effect is laid into the claim. */
function countTries(run: CallRun, { result, claim }: ToolEffect, calls: readonly ToolCall[]): void {
  const call = calls.find(({ toolUseId }) => toolUseId === result.toolUseId);
  const updates = call?.arguments['updates'];
  if (call?.name !== 'update_claim' || !Array.isArray(updates)) return;
  const { record } = run.state;
  const offered = {
    schema: record.initiate.claim,
    claim: record.facts.claim,
    updates: updates as { field: string; value: string }[],
    stored: result.isError ? null : claim,
    refusal: result.content,
  };
  // The same request again within the turn has no effect of its own.
  if (!result.isError && claim === null) return;
  const tries = triesAfter(record.facts.tries ?? {}, offered);
  if (Object.keys(tries).length > 0) record.facts = { ...record.facts, tries };
}

/** [TL1] All of an effect or, where the tool reports an error, nothing of it. */
async function apply(run: CallRun, effect: ToolEffect): Promise<void> {
  if (effect.result.isError) return;
  const { record } = run.state;
  const claim =
    effect.claim === null
      ? record.facts.claim
      : effect.replacesClaim === true
        ? effect.claim
        : { ...record.facts.claim, ...effect.claim };
  record.facts = { ...record.facts, ...(effect.facts ?? {}), claim };
  if (effect.smsSent !== undefined) {
    record.transcript = [
      ...record.transcript,
      {
        ...newEntry(
          { turnId: effect.result.toolUseId, persona: 'assistant', text: effect.smsSent.text, atMs: Date.now() },
          'sms',
        ),
        ...(effect.smsSent.mark === undefined ? {} : { sms: effect.smsSent.mark }),
      },
    ];
  }
  if (effect.smsSent !== undefined && reportsWait(run)) await matchReports(run);
  if (effect.optsOut === true) await optOut(run, 'as the model understood it');
  if (effect.reminder !== undefined) await remind(run, effect.reminder);
  if (effect.takesBack !== undefined) await takeBack(run, effect.takesBack);
}

/** Taken up by the call's main story. */
export function afterTools(run: CallRun, then: AfterTools): void {
  const { state } = run;
  switch (then.kind) {
    case 'go_on':
      return;
    case 'hang_up':
      if (then.onPurpose) state.endedOnPurpose = true;
      moveOn(run, 'farewell_wanted');
      state.hangUpWanted = then.reason;
      return;
    case 'transfer':
      state.transferWanted = { reason: then.reason, operatorNumber: ownOperator(run), announce: false };
  }
}

function moveOn(run: CallRun, happening: Parameters<typeof nextDialogState>[1]): void {
  const { record } = run.state;
  record.facts = { ...record.facts, dialogState: nextDialogState(facts(run).dialogState, happening, dialogFacts(run)) };
}
