/** Ringing the customer: once. In doubt whether it rang, we look before we dial again. */
import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  isCancellation,
  log,
  patched,
  sleep,
  TimeoutFailure,
  uuid4,
} from '@temporalio/workflow';
import { openingFor } from '../../domain/dialog-opening.ts';
import { asAttemptId } from '../../domain/ids.ts';
import { endsLeg, outcomeOf, type DialOutcome } from '../../domain/leg.ts';
import { OPTED_OUT } from '../../domain/opt-out.ts';
import { controllingLegs, dialling, lookingUp, preparing, readingRules, reconciling } from '../proxies.ts';
import type { NotNow } from '../../activities/dial.ts';
import { noteDialledLeg } from './legs.ts';
import { tellCallback } from './machine.ts';
import { enterPhase, tellStory } from './saving.ts';
import { firstOpening, type Attempt, type CallRun } from './state.ts';

const DIALS_MAX = 3;
/** The network refuses more than three new calls a second for the account; nothing was rung then. */
const RATE_LIMITED_MAX = 20;
/** A call whose worker was away meanwhile asks anew, or all of them would ring at once. */
const GRANT_HOLDS_MS = 5_000;
/** `started` comes within a second; longer would leave the customer with a phone that may ring for nothing. */
const STARTED_WEBHOOK_MS = 5_000;
/** Clocks of ours and the network's differ. */
const CLOCK_SLACK_MS = 5_000;
/** Beyond the network's own ring limit, so that its word comes first. */
const AFTER_RING_MS = 20_000;
/** `completed` may overtake the status that says why. */
const BETTER_WORD_MS = 2_000;

export async function ring(run: CallRun): Promise<DialOutcome> {
  const { state, input } = run;
  state.attempt = {
    attemptId: input.callback?.attemptId ?? input.campaign?.attemptId ?? asAttemptId(uuid4()),
    dialledAtMs: Date.now(),
    legs: [],
    preferHostId: null,
  };
  if (input.callback !== null && patched('tells-machines-from-people')) state.whoAnswered = 'open';
  await learn(run);
  if (input.campaign !== undefined) {
    const { facts } = state.record;
    state.record.facts = { ...facts, claim: { ...facts.claim, ...input.campaign.claim } };
  }
  void prepareGreeting(run);
  tellStory(run);
  const rung = await dialOnce(run, state.attempt);
  const outcome = rung === 'ringing' ? await untilAnswered(run, state.attempt) : rung;
  if (outcome === 'answered') enterPhase(run, 'live');
  const personOrMachine = outcome === 'answered' && state.whoAnswered === 'open';
  if (!personOrMachine) await tellCallback(run, outcome);
  const released = releaseOthers(run, state.attempt);
  // The call closes next: their phone must be silent before.
  if (outcome === 'opted_out') await released;
  return outcome;
}

/** Rules from the configuration, and what is known of the customer: neither may hold up the phone for long. */
export async function learn(run: CallRun): Promise<void> {
  const { state, input } = run;
  const { record } = state;
  const fromCallId = input.callback?.fromCallId ?? null;
  const remembers =
    record.customerNumber !== null && patched(fromCallId === null ? 'earlier-calls' : 'calls-since-the-promise');
  const [rules, customer, earlier, before] = await Promise.all([
    orElse(readingRules('Read the rules in force').readRules(), null),
    record.customerNumber === null
      ? null
      : orElse(lookingUp('Who is the customer? (CRM)').findCustomer({ phoneNumber: record.customerNumber }), null),
    fromCallId === null
      ? null
      : orElse(lookingUp('What was said in the call that promised this one').recallCall({ callId: fromCallId }), null),
    remembers && record.customerNumber !== null
      ? orElse(
          lookingUp('Have they called before?').recallCustomer({
            phoneNumber: record.customerNumber,
            except: record.callId,
            ...(fromCallId === null ? {} : { known: fromCallId }),
            nowMs: Date.now(),
          }),
          null,
        )
      : null,
  ]);
  if (rules !== null) state.rules = rules;
  if (customer !== null) {
    record.crm.customerId = customer.customerId;
    record.facts = { ...record.facts, customerName: customer.name, customerNotes: customer.notes };
  }
  if (before !== null && before.notes !== null) {
    const { customerNotes } = record.facts;
    const notes = [customerNotes, before.notes].filter((note) => note !== null).join('\n');
    record.facts = { ...record.facts, customerNotes: notes };
  }
  if (before?.mayNotCall === true) record.facts = { ...record.facts, mayNotCall: true };
  if (earlier !== null) {
    state.memory = earlier.recap;
    record.facts = { ...record.facts, claim: { ...earlier.claim, ...record.facts.claim } };
  }
}

async function orElse<Value, Other>(work: Promise<Value>, other: Other): Promise<Value | Other> {
  try {
    return await work;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('went on without it', { error: String(error) });
    return other;
  }
}

/** The greeting is spoken and kept ready on a host while it rings; should that fail, it is made when needed. */
async function prepareGreeting(run: CallRun): Promise<void> {
  const { state, input } = run;
  const { record } = state;
  const { hostId } = await orElse(controllingLegs('Which media host is least busy?').chooseHost({ avoid: [] }), {
    hostId: null,
  });
  if (hostId === null || state.attempt === null) return;
  const opening = openingFor({
    why: firstOpening(input.callback),
    turnId: 'greeting',
    initiate: record.initiate,
    facts: record.facts,
    transcript: [],
    answerFollows: false,
    reason: input.callback?.words ?? null,
    late: input.callback?.late === true,
  });
  if (opening.kind === 'none') return;
  const { language, speechSpeed } = record.facts;
  state.attempt.preferHostId = hostId;
  await orElse(
    preparing(hostId, 'Have the greeting spoken while it rings').prepareGreeting({
      callId: record.callId,
      text: opening.text,
      language,
      speechSpeed,
    }),
    null,
  );
}

type Rung = 'ringing' | Exclude<DialOutcome, 'answered'>;

/** [DI6] POST /v1/calls knows no repeat: after a doubtful one wait for its webhook, then ask the network, and only then dial again. */
async function dialOnce(run: CallRun, attempt: Attempt): Promise<Rung> {
  const { state, input } = run;
  const to = state.record.customerNumber;
  if (to === null) return 'failed';
  let limited = 0;
  let grantedForMs: number | null = null;
  for (let dials = 1; dials <= DIALS_MAX;) {
    if (state.customer !== null) return 'ringing';
    if (state.hangUpWanted !== null) return givenUp(state);
    const { callId, botNumber } = state.record;
    const sinceMs = Date.now() - CLOCK_SLACK_MS;
    attempt.dialledAtMs = Date.now();
    try {
      const { attemptId } = attempt;
      const { ringTimeoutS } = state.rules;
      const leg = await dialling('Ring the customer').dial({
        callId,
        attemptId,
        to,
        from: botNumber,
        ringTimeoutS,
        ...(grantedForMs !== null && Date.now() - grantedForMs < GRANT_HOLDS_MS ? { granted: true } : {}),
        ...(input.callback === null ? {} : { promised: true }),
        ...(input.campaign === undefined
          ? {}
          : { campaign: { detectMachine: input.campaign.voicemail.do !== 'talk' } }),
      });
      noteDialledLeg(state, { legId: leg.legId, regionUrl: null, status: leg.status });
      return 'ringing';
    } catch (error) {
      if (isCancellation(error)) throw error;
      const verdict = verdictOn(error);
      log.warn('dialling did not go through', { verdict: verdict.kind, error: String(error) });
      if (verdict.kind === 'failed' || verdict.kind === 'opted_out') return verdict.kind;
      grantedForMs = null;
      if (verdict.kind === 'queued') {
        if (verdict.granted) grantedForMs = Date.now() + verdict.waitMs;
        const overtaken = (): boolean => state.customer !== null || state.hangUpWanted !== null;
        await condition(overtaken, verdict.waitMs, { summary: 'Others of this account are rung first' });
        continue;
      }
      if (verdict.kind === 'limited') {
        limited += 1;
        if (limited > RATE_LIMITED_MAX) return 'failed';
        await sleep(verdict.retryAfterMs, { summary: 'The network takes no more calls this second' });
        continue;
      }
      if (await hasRung(run, attempt, { to, sinceMs })) return 'ringing';
      dials += 1;
    }
  }
  return 'failed';
}

type DialVerdict =
  | { kind: 'doubt' }
  | { kind: 'failed' }
  | { kind: 'opted_out' }
  | { kind: 'limited'; retryAfterMs: number }
  | { kind: 'queued'; waitMs: number; granted: boolean };

function verdictOn(error: unknown): DialVerdict {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof TimeoutFailure) return { kind: 'doubt' };
  if (!(cause instanceof ApplicationFailure)) return { kind: 'doubt' };
  switch (cause.type) {
    case 'rate_limit': {
      const { retryAfterMs, legs } = (cause.details?.[0] ?? {}) as Partial<NotNow>;
      const waitMs = Math.max(300, retryAfterMs ?? 1_000);
      // [PA4] Our own budget's word is no refusal of the network's, however often it comes.
      return legs === undefined
        ? { kind: 'limited', retryAfterMs: waitMs }
        : { kind: 'queued', waitMs, granted: legs === 'granted' };
    }
    case 'opted_out':
      return { kind: 'opted_out' };
    case 'bad_request':
    case 'credentials':
    case 'quota':
    case 'not_found':
      return { kind: 'failed' };
    default:
      return { kind: 'doubt' };
  }
}

async function hasRung(
  run: CallRun,
  attempt: Attempt,
  { to, sinceMs }: { to: NonNullable<CallRun['state']['record']['customerNumber']>; sinceMs: number },
): Promise<boolean> {
  const { state } = run;
  const heardOf = (): boolean => attempt.legs.length > 0 || state.customer !== null;
  if (await condition(heardOf, STARTED_WEBHOOK_MS, { summary: 'Did it ring? Its first webhook would come by then' }))
    return true;
  const legs = await orElse(
    reconciling('Did it ring? Ask the network for calls to this number').findDialled({ to, sinceMs }),
    [],
  );
  for (const leg of legs) noteDialledLeg(state, { legId: leg.legId, regionUrl: null, status: leg.status });
  return heardOf();
}

async function untilAnswered(run: CallRun, attempt: Attempt): Promise<DialOutcome> {
  const { state } = run;
  const over = (): boolean => attempt.legs.length > 0 && attempt.legs.every((leg) => endsLeg(leg.status));
  const limitMs = state.rules.ringTimeoutS * 1_000 + AFTER_RING_MS;
  await condition(() => state.customer !== null || over() || state.hangUpWanted !== null, limitMs, {
    summary: 'It rings',
  });
  if (state.customer === null && over() && telling(attempt) === null) {
    await condition(() => state.customer !== null || telling(attempt) !== null, BETTER_WORD_MS, {
      summary: 'The network may yet say why',
    });
  }
  if (state.customer !== null) return 'answered';
  if (state.hangUpWanted !== null) return givenUp(state);
  return telling(attempt) ?? 'no_answer';
}

/** [OO4] Nobody is rung on after the customer's wish. */
const givenUp = ({ hangUpWanted }: CallRun['state']): 'cancelled' | 'opted_out' =>
  hangUpWanted === OPTED_OUT ? 'opted_out' : 'cancelled';

/** What the ended legs say; `completed` alone says nothing. */
function telling(attempt: Attempt): Exclude<DialOutcome, 'answered'> | null {
  for (const leg of attempt.legs) {
    const outcome = endsLeg(leg.status) ? outcomeOf(leg.status) : null;
    if (outcome !== null && outcome !== 'answered') return outcome;
  }
  return null;
}

/** A second leg of a doubtful dial, or one that rings while the customer has called in. */
async function releaseOthers(run: CallRun, attempt: Attempt): Promise<void> {
  const others = attempt.legs.filter((leg) => leg.legId !== run.state.customer?.legId && !endsLeg(leg.status));
  for (const { legId, regionUrl } of others)
    await orElse(controllingLegs('Let go of a leg that is not needed').hangUpLeg({ legId, regionUrl }), null);
}
