/** What people read follows what happened: one save in flight, the latest state wins, for as long as the store is away. */
import { condition, patched, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { CallPhase } from '../../domain/conversation.ts';
import { callDocument } from '../../domain/document.ts';
import { phaseAttribute } from '../search-attributes.ts';
import { saving } from '../proxies.ts';
import type { CallRun } from './state.ts';

export function enterPhase(run: CallRun, phase: CallPhase): void {
  const { record } = run.state;
  if (record.phase === phase) return;
  record.phase = phase;
  upsertSearchAttributes([phaseAttribute(phase)]);
  tellStory(run);
  save(run);
}

export function save(run: CallRun): void {
  run.state.record.version += 1;
  run.unsaved = true;
}

/** [CL30] The media host notes a turn for readers: the call saves itself where a phase ends, not with each turn. */
export function keepForLater(run: CallRun): void {
  if (turnsAreNoted()) run.state.record.version += 1;
  else save(run);
}

/** Calls of the release before saved themselves after each round of tools. */
export const turnsAreNoted = (): boolean => patched('turns-noted-by-host');

export async function keepSaved(run: CallRun): Promise<void> {
  for (;;) {
    await condition(() => run.unsaved || run.done);
    if (!run.unsaved) return;
    run.unsaved = false;
    run.savesRunning = true;
    const { record } = run.state;
    await saving(`Save the call (${record.phase.replace('_', ' ')})`).saveCall(callDocument(record, Date.now()));
    run.savesRunning = false;
  }
}

export const allSaved = (run: CallRun): boolean => !run.unsaved && !run.savesRunning;

/** What a person reads in the Temporal UI. No words spoken, no number: history may be read by many. */
export function tellStory(run: CallRun): void {
  const { record, customer, media, transfer } = run.state;
  const { facts } = record;
  const known = Object.keys(facts.claim);
  setCurrentDetails(
    [
      `**${record.phase}** · ${facts.dialogState} · ${facts.language}`,
      facts.intent === null ? null : `Wants: ${facts.intent} (${Math.round((facts.intentConfidence ?? 0) * 100)} %)`,
      known.length === 0 ? null : `Claim so far: ${known.join(', ')}`,
      facts.reminders.length === 0 ? null : `Reminders: ${facts.reminders.length}`,
      customer === null
        ? 'Nobody is on the line'
        : `Customer’s leg ${customer.legId}${media === null ? '' : `, spoken to by media host ${media.hostId}`}`,
      transfer === null ? null : `Transfer: ${transfer.reason}`,
      record.disposition === null ? null : `Came out as: ${record.disposition}`,
    ]
      .filter((line) => line !== null)
      .join('\n\n'),
  );
}
