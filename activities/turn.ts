/** What the call asks of the host that holds its socket: answer this turn, carry this leg, have the greeting ready. */
import { Context } from '@temporalio/activity';
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
import type { Session } from '../media/session.ts';
import type { CallStore } from '../providers/store.ts';
import type { Logger } from '../telemetry/log.ts';

/** Four to the heartbeat timeout of 2 s, and five to that of 5 s. */
const TURN_HEARTBEAT_MS = 500;
const LEG_HEARTBEAT_MS = 1_000;
/** A person reads the words a little later instead of a customer waiting for them. */
const NOTE_BUDGET_MS = 200;

export function createTurnActivities(deps: {
  host: MediaHost;
  store: Pick<CallStore, 'noteTurn'>;
  log: Logger;
}): MediaActivities {
  return {
    answerTurn: (input) => answerTurn(deps, input),
    carryLeg: (input) => carryLeg(deps, input),
    prepareGreeting: (input: PrepareGreetingInput) => deps.host.prepare(input),
  };
}

async function answerTurn(
  deps: { host: MediaHost; store: Pick<CallStore, 'noteTurn'>; log: Logger },
  input: AnswerTurnInput,
): Promise<AnswerTurnOutcome> {
  const session = deps.host.session(input.connectId);
  if (session === null) return nobodyThere(input);
  using _beating = heartbeats(TURN_HEARTBEAT_MS);
  const outcome = await session.answer(input, wishOfTheCall());
  if (outcome.ended !== 'awaiting_tools') {
    deps.host.equipment.meter?.turnAnswered(outcome.latency, outcome.answeredBy);
    await noteTurn(deps, input, outcome);
  }
  return outcome;
}

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

async function noteTurn(
  deps: { store: Pick<CallStore, 'noteTurn'>; log: Logger },
  input: AnswerTurnInput,
  outcome: AnswerTurnOutcome,
): Promise<void> {
  const { turnId, answeredBy, model, usage, latency } = outcome;
  const turn = { turn_id: turnId, at: new Date().toISOString(), answered_by: answeredBy, model, usage, latency };
  const noted = deps.store
    .noteTurn({ callId: input.callId, turn, customerText: input.utterance, botText: outcome.heardText })
    .catch((error: unknown) => {
      deps.log.warn({ err: error, turnId }, 'a turn could not be noted in the store');
    });
  await Promise.race([noted, new Promise((resolve) => setTimeout(resolve, NOTE_BUDGET_MS))]);
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
  return { endedBy, heard: session.takeHeard() };
}

function heartbeats(everyMs: number): Disposable {
  const context = Context.current();
  const timer = setInterval(() => {
    context.heartbeat();
  }, everyMs);
  context.heartbeat();
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
    },
  };
}
