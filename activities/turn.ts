/** What the call asks of the host that holds its socket: answer this turn, carry this leg, have the greeting ready. */
import { Context } from '@temporalio/activity';
import { leanAnswer, wholeQuestion } from '../domain/turn-wire.ts';
import type {
  AnswerTurnInput,
  AnswerTurnOutcome,
  CarryLegInput,
  CarryLegOutcome,
  MediaActivities,
  PrepareGreetingInput,
} from '../workflows/call/messages.ts';
import type { MediaHost } from '../media/host.ts';
import { nobodyThere } from '../media/replies.ts';
import { TurnFigures } from '../media/turn-figures.ts';
import type { Session } from '../media/session.ts';
import type { CallStore, TurnNote } from '../providers/store.ts';
import type { Logger } from '../telemetry/log.ts';
import { heartbeats } from './beating.ts';
import { TurnNotes } from './turn-notes.ts';

/**
 * Of heartbeat timeouts of 2 s and 5 s. The SDK sends one at four fifths of them whatever comes in between, as long as one has come; each takes
 * its way to it all the same, and with twice as many that was a twenty-fifth of the host's processor time.
 */
const TURN_HEARTBEAT_MS = 800;
const LEG_HEARTBEAT_MS = 2_000;
/** A person reads the words a little later instead of a customer waiting for them. */
const NOTE_BUDGET_MS = 200;

export interface TurnDeps {
  host: MediaHost;
  store: Pick<CallStore, 'noteTurn'>;
  log: Logger;
}

export function createTurnActivities(deps: TurnDeps): MediaActivities {
  const notes = new TurnNotes();
  const figures = new TurnFigures(deps.host.equipment);
  return {
    answerTurn: async (asked) => {
      const input = wholeQuestion<AnswerTurnInput>(asked);
      figures.asked(input);
      const outcome = await answerTurn(deps, notes, input);
      figures.answered(input, outcome);
      return leanAnswer<AnswerTurnOutcome>(outcome);
    },
    carryLeg: async (input) => {
      const outcome = await carryLeg(deps, input);
      figures.ended(outcome);
      return outcome;
    },
    prepareGreeting: (input: PrepareGreetingInput) => deps.host.prepare(input),
  };
}

async function answerTurn(deps: TurnDeps, notes: TurnNotes, input: AnswerTurnInput): Promise<AnswerTurnOutcome> {
  const session = deps.host.session(input.connectId);
  if (session === null) return nobodyThere(input);
  using _beating = heartbeats(TURN_HEARTBEAT_MS);
  const asked = notes.asked(input, Date.now());
  // What the tools have found out is read while the bot still speaks of it.
  const before = asked === null ? Promise.resolve(true) : noteTurn(deps, asked);
  const outcome = await session.answer(input, wishOfTheCall());
  const note = notes.answered(input, outcome, Date.now());
  if (note === null) return outcome;
  const noted = before.then(() => noteTurn(deps, note));
  return (await within(NOTE_BUDGET_MS, noted)) === true ? outcome : { ...outcome, noted: false };
}

const within = <Result>(limitMs: number, work: Promise<Result>): Promise<Result | null> =>
  Promise.race([work, new Promise<null>((resolve) => setTimeout(resolve, limitMs, null))]);

/** The call's own wish to stop. A server that stood still and lost our beats is none: the call asks again, and the bot has spoken on. */
function wishOfTheCall(): AbortSignal {
  const context = Context.current();
  const wish = new AbortController();
  context.cancelled.catch((error: unknown) => {
    const { cancelRequested, workerShutdown } = context.cancellationDetails ?? {};
    if (cancelRequested === true || workerShutdown === true) wish.abort(error);
  });
  return wish.signal;
}

async function noteTurn({ store, log }: TurnDeps, note: TurnNote): Promise<boolean> {
  try {
    return await store.noteTurn(note);
  } catch (error) {
    log.warn({ err: error, turnId: note.turnId }, 'a turn could not be noted in the store');
    return false;
  }
}

/** Lasts as long as the leg. Only the call's own wish closes the socket; a call that went on in a fresh run asks again and finds it open. */
async function carryLeg(
  { host, log }: { host: MediaHost; log: Logger },
  input: CarryLegInput,
): Promise<CarryLegOutcome> {
  const session = host.session(input.connectId);
  if (session === null) return { endedBy: 'gone', heard: [] };
  const context = Context.current();
  using _beating = heartbeats(LEG_HEARTBEAT_MS);
  const asked = context.cancelled.catch((error: unknown) => {
    const details = context.cancellationDetails;
    if (details?.cancelRequested === true) session.close('network');
    else log.info({ callId: input.callId, details }, 'the leg is left as it is');
    throw error;
  });
  return await Promise.race([carried(session), asked]);
}

async function carried(session: Session): Promise<CarryLegOutcome> {
  const endedBy = await session.ended;
  const early = session.takeEarlyCosts();
  return { endedBy, heard: session.takeHeard(), ...(early === undefined ? {} : { early }) };
}
