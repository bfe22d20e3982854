/** What the bot said, written into the call's history as it was heard. */
import type { TranscriptEntry } from '../../domain/conversation.ts';
import { newEntry, thinned, withHeard } from '../../domain/dialog-transcript.ts';
import { isoTime, TURNS_KEPT } from '../../domain/document.ts';
import type { ToolResult } from '../../domain/tools.ts';
import { withRound } from '../../domain/turn-document.ts';
import type { AnswerTurnOutcome } from './messages.ts';
import { keepForLater } from './saving.ts';
import type { CallRun } from './state.ts';

/** Behind the words that it answers, even when the customer has spoken on since. */
export function noteReply(
  run: CallRun,
  outcome: AnswerTurnOutcome,
  toolCalls: TranscriptEntry['toolCalls'],
): TranscriptEntry | null {
  const { record } = run.state;
  record.turns = withRound(record.turns, {
    turn_id: outcome.turnId,
    at: isoTime(Date.now()),
    answered_by: outcome.answeredBy,
    model: outcome.model,
    usage: outcome.usage,
    latency: outcome.latency,
    ...(outcome.early === undefined ? {} : { early: outcome.early }),
  }).slice(-TURNS_KEPT);
  // The rounds before are one speech with this one: what was played of it comes after all of theirs.
  if (outcome.ended === 'played' || outcome.heardText !== '')
    record.transcript = withHeard(record.transcript, { turnId: outcome.turnId, heardText: '', complete: true });
  if (outcome.said === '' && toolCalls.length === 0) return null;
  const heard = outcome.heardComplete ? outcome.said : outcome.heardText;
  const entry: TranscriptEntry = {
    ...newEntry({ turnId: outcome.turnId, persona: 'assistant', text: heard, atMs: Date.now() }),
    intended: heard === outcome.said ? null : outcome.said,
    toolCalls,
    style: outcome.style,
  };
  const place = record.transcript.findLastIndex((each) => each.turnId === outcome.turnId);
  record.transcript = thinned(
    place < 0 ? [...record.transcript, entry] : record.transcript.toSpliced(place + 1, 0, entry),
  );
  return entry;
}

export function noteResults(run: CallRun, entry: TranscriptEntry | null, toolResults: ToolResult[]): void {
  const { record } = run.state;
  record.transcript = record.transcript.map((each) =>
    each === entry || (entry !== null && each.turnId === entry.turnId && each.toolCalls === entry.toolCalls)
      ? { ...each, toolResults }
      : each,
  );
  keepForLater(run);
}
