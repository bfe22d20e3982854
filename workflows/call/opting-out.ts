/** [OO7] "Never call me again", said in this call: it is in force before it is confirmed, whatever becomes of the line. */
import { log, patched } from '@temporalio/workflow';
import { lineWorkflowId } from '../../domain/ids.ts';
import { optOutWish } from '../../domain/opt-out-speech.ts';
import { optOutAnswer } from '../../domain/opt-out-words.ts';
import { optedOut } from '../line/messages.ts';
import { stoppingContacts } from '../proxies.ts';
import { tell } from '../telling.ts';
import { save } from './saving.ts';
import { facts, type CallRun } from './state.ts';
import type { AfterTools } from './tools.ts';

export interface WishAnswer {
  /** The customer's own words. */
  optsOut: string;
  words: string;
  then: AfterTools;
}

/** Who was rung is let go; who has rung us has a matter. Null = no such wish. */
export function wishAnswer(run: CallRun, utterance: string): WishAnswer | null {
  const { customerNumber, direction } = run.state.record;
  if (customerNumber === null) return null;
  const { language } = facts(run);
  const wish = optOutWish(utterance, language);
  if (wish === null || !patched('opt-out-said')) return null;
  return direction === 'outbound'
    ? {
        optsOut: wish,
        words: optOutAnswer('saidAndGoodbye', language),
        then: { kind: 'hang_up', reason: 'the customer wants no more calls', onPurpose: true },
      }
    : { optsOut: wish, words: optOutAnswer('saidAndOn', language), then: { kind: 'go_on' } };
}

/** The line tells whatever else waits for them; it goes on doing so after this call. */
export async function optOut(run: CallRun, said: string): Promise<void> {
  const { record } = run.state;
  const { customerNumber, callId } = record;
  if (customerNumber === null) return;
  const atMs = Date.now();
  record.facts = { ...record.facts, mayNotCall: true };
  record.optedOutAtMs ??= atMs;
  save(run);
  const wish = { source: 'call' as const, reason: `said in a call: ${said}`, atMs, written: false };
  const told = await tell(lineWorkflowId(run.input.numberKey), (line) =>
    line.signal(optedOut, { ...wish, callId, reply: null }),
  );
  if (told) return;
  log.warn('no line is open to be told of an opt-out');
  await stoppingContacts('Nobody calls this customer any more: lists and promises').stopContacts({
    ...wish,
    customerNumber,
  });
}
