/** What the customer writes: noted as it comes, and answered by whoever can: by voice where the bot is on the line, else in writing. */
import { condition } from '@temporalio/workflow';
import { newEntry, thinned } from '../../domain/dialog-transcript.ts';
import { textTurnId, wordsOf, type IncomingText } from '../../domain/sms.ts';
import { replyTo } from './conversation.ts';
import type { Promises } from './messages.ts';
import { meetPromises } from './reminders.ts';
import { learn } from './ringing.ts';
import { save } from './saving.ts';
import type { CallRun, CallState } from './state.ts';

export type WaitingText = IncomingText & { seenAtMs: number };

/** [TM2] The network may deliver a message twice. */
export function receiveText(run: CallRun, { promises, promised, ...text }: IncomingText & Promises): void {
  const { state } = run;
  const { record } = state;
  const turnId = textTurnId(text.messageId);
  meetPromises(run, { promises, promised });
  if (record.transcript.some((entry) => entry.turnId === turnId)) return;
  const entry = newEntry({ turnId, persona: 'human', text: text.text, atMs: text.atMs }, 'sms');
  const mark = { messageId: text.messageId, ref: null, status: 'received' as const };
  record.transcript = thinned([...record.transcript, { ...entry, sms: mark }]);
  state.texts = [...(state.texts ?? []), { ...text, seenAtMs: Date.now() }];
  save(run);
}

/** Who writes is known by the time that they have finished. */
export async function beginInWriting(run: CallRun, text: IncomingText): Promise<void> {
  receiveText(run, text);
  await learn(run);
}

export const textsWait = ({ texts = [] }: CallState): boolean => texts.length > 0;

export function takeTexts(state: CallState): WaitingText[] {
  const { texts = [] } = state;
  delete state.texts;
  return texts;
}

/** Nobody is spoken to just now, and nothing is about to end. */
const botListens = ({ state }: CallRun): boolean =>
  state.customer !== null &&
  state.media !== null &&
  state.record.phase === 'live' &&
  state.pending === null &&
  state.transfer === null &&
  state.transferWanted === null &&
  state.hangUpWanted === null &&
  state.machine === undefined;

/** [TM1] Written while they are on the line: a turn like a spoken one, as soon as the bot has said what it was saying. */
export async function readTexts(run: CallRun): Promise<void> {
  const { state } = run;
  while (!run.done) {
    await condition(() => run.done || (textsWait(state) && botListens(run)));
    const { media } = state;
    const [first, ...others] = run.done || media === null ? [] : takeTexts(state);
    if (first === undefined || media === null) continue;
    await replyTo(run, {
      turnId: textTurnId(first.messageId),
      connectId: media.connectId,
      utterance: wordsOf([first, ...others]),
      via: 'text',
      spokenAtMs: first.atMs,
    });
  }
}
