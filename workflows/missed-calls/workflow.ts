/** Looks for calls that came while we could not answer, and sees that each is recorded and rung back, once. Never ends. */
import { condition, continueAsNew, setCurrentDetails, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type { LegId } from '../../domain/ids.ts';
import type { MissedLeg } from '../../domain/missed-calls.ts';
import { lookingForMissed } from '../proxies.ts';
import { lookNow, missedCallsView, type MissedCallsInput, type Suspect } from './messages.ts';

/** What no word comes of (the network's events are repeated once at most) is found by then. */
const EVERY_MS = 5 * 60_000;
/** A leg that nobody knows may yet be opened by the media host that greeted it; after this nobody will. */
const SURE_AFTER_MS = 20_000;
/** Between two looks, however often somebody asks: each is a page or more of the network's list. */
const APART_MS = 10_000;
/** The network's list may lag, and its clock differ from ours. */
const OVERLAP_MS = 5 * 60_000;
/** The network keeps legs for two days where nothing else was ordered. */
const LOOKED_BACK_MS = 47 * 3_600_000;

export async function missedCalls(input: MissedCallsInput): Promise<never> {
  let { sinceMs } = input;
  let suspects: Suspect[] = input.suspects ?? [];
  let decided: LegId[] = input.decided ?? [];
  let asked = false;
  let looks = 0;
  setHandler(lookNow, () => {
    asked = true;
  });
  setHandler(missedCallsView, () => ({ sinceMs, suspects, looks }));

  for (;;) {
    asked = false;
    const nowMs = Date.now();
    const found = await lookingForMissed('Which calls came that no workflow knows?').findMissed({
      sinceMs: Math.max(sinceMs, nowMs - LOOKED_BACK_MS),
    });
    looks += 1;
    const fresh = found.missed.filter(({ legId }) => !decided.includes(legId));
    const { sure, doubtful } = sorted(fresh, suspects, nowMs);
    for (const leg of sure)
      await lookingForMissed('Record a missed call and promise to ring back').ringBackMissed({ leg });
    suspects = doubtful;
    decided = [...found.missed.filter((leg) => !fresh.includes(leg)), ...sure].map(({ legId }) => legId);
    // Of who is still on the line nothing can be said yet.
    const undecided = suspects.map(({ startedAtMs }) => startedAtMs);
    if (found.onTheLineSinceMs !== null) undecided.push(found.onTheLineSinceMs);
    sinceMs = Math.min(found.lookedUntilMs ?? nowMs - OVERLAP_MS, ...undecided);
    if (workflowInfo().continueAsNewSuggested)
      return await continueAsNew<typeof missedCalls>({ sinceMs, suspects, decided });
    const soon = undecided.length > 0 || found.lookedUntilMs !== null;
    setCurrentDetails(soon ? 'Somebody may have been missed.' : 'Nobody is missed.');
    await sleep(APART_MS, { summary: 'Before the network is asked again' });
    await condition(() => asked, (soon ? SURE_AFTER_MS : EVERY_MS) - APART_MS, { summary: 'Until the next look' });
  }
}

/** [MC3] Twice unknown, with time between: nobody will open it any more. */
function sorted(missed: MissedLeg[], suspects: Suspect[], nowMs: number): { sure: MissedLeg[]; doubtful: Suspect[] } {
  const seenAtMs = ({ legId }: MissedLeg): number => suspects.find((each) => each.legId === legId)?.seenAtMs ?? nowMs;
  const isSure = (leg: MissedLeg): boolean => nowMs - seenAtMs(leg) >= SURE_AFTER_MS;
  return {
    sure: missed.filter(isSure),
    doubtful: missed
      .filter((leg) => !isSure(leg))
      .map((leg) => ({ legId: leg.legId, startedAtMs: leg.startedAtMs, seenAtMs: seenAtMs(leg) })),
  };
}
