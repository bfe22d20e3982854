/**
 * Dials that the network takes while whoever gave them dies before the answer: by campaign, promise and API at once, on one budget of new
 * legs with customers whose media hosts die too.
 */
import { callOf, definePhone, digits, post } from './customers.ts';
import { phoneCalls, promisesTo, ringIn, setFaults } from './phones.ts';
import { chance } from './call-centre.ts';
import { until, type System } from './system.ts';

/** The adapter gives up after eight seconds: within them, one and a half a second, all of a round hang in the air together. */
const ROUND = 8;
const ROUND_MS = 120_000;
/** Of a customer who talks on while the hosts die. */
const PATIENT = {
  steps: [{ waitsForSilenceMs: 600 }, { says: 'Hello' }, ...Array.from({ length: 6 }, () => ({ converses: 600 }))],
};
/** Long enough that it rings while the worker is dead. */
const REJECTS = { pickup: 'rejects', ringMs: 3_000 };

export interface CrashPlan {
  many: number;
  seed: number;
  newNumber: () => string;
  tell: (line: string) => void;
}

export interface CrashResult {
  dials: number;
  rings: number;
  /** Numbers that did not ring exactly once. */
  wrong: string[];
  /** Died with the network's answer to this many dials outstanding. */
  crashes: number;
  hostsKilled: number;
  /** A customer each round, on the line before it. */
  talks: number;
  /** Of them: still there at its end, in the leg that they began with. */
  stillTalking: number;
}

type Kind = 'api' | 'promise' | 'campaign';

export async function crashDials(system: System, plan: CrashPlan): Promise<CrashResult> {
  const next = chance(plan.seed);
  const numbers: string[] = [];
  let crashes = 0;
  let hostsKilled = 0;
  let talks = 0;
  let stillTalking = 0;
  while (numbers.length < plan.many) {
    const round = Array.from({ length: Math.min(ROUND, plan.many - numbers.length) }, () => ({
      number: plan.newNumber(),
      kind: (['api', 'promise', 'campaign'] as const)[Math.floor(next() * 3)] ?? 'api',
    }));
    numbers.push(...round.map(({ number }) => number));
    const host = next() < 0.5 ? `media-${1 + Math.floor(next() * 2)}` : null;
    const talker = plan.newNumber();
    await ringIn(system, { from: talker, script: PATIENT });
    await until('the talk', () => isLive(system, talker), { ready: (is) => is });
    talks += 1;
    crashes += await crashRound(system, { round, host });
    if (await isLive(system, talker)) stillTalking += 1;
    if (host !== null) hostsKilled += 1;
    plan.tell(`${numbers.length} of ${plan.many} dials, ${crashes} crashes, ${hostsKilled} media hosts killed`);
  }
  const rings = await ringsByNumber(system);
  return {
    dials: numbers.length,
    rings: numbers.reduce((sum, number) => sum + (rings[digits(number)] ?? 0), 0),
    wrong: numbers.filter((number) => rings[digits(number)] !== 1),
    crashes,
    hostsKilled,
    talks,
    stillTalking,
  };
}

async function crashRound(
  system: System,
  { round, host }: { round: { number: string; kind: Kind }[]; host: string | null },
): Promise<number> {
  for (const { number } of round) await definePhone(system, number, REJECTS);
  await setFaults(system, { createWithoutAck: { next: round.length, how: 'silence' } });
  const of = (kind: Kind): string[] => round.filter((each) => each.kind === kind).map(({ number }) => number);
  const ends = [
    await promise(system, of('promise')),
    await campaign(system, of('campaign')),
    await calls(system, of('api')),
  ];
  if (host !== null) system.kill(host);
  const rung = async (): Promise<number> => {
    const rings = await ringsByNumber(system);
    return round.filter(({ number }) => (rings[digits(number)] ?? 0) > 0).length;
  };
  await until('the rings of a round', rung, { ready: (count) => count === round.length, withinMs: ROUND_MS });
  system.kill('calls');
  await Promise.all(ends.map((end) => end()));
  return round.length;
}

type UntilOver = () => Promise<void>;

async function promise(system: System, numbers: string[]): Promise<UntilOver> {
  for (const phone_number of numbers)
    await post(system.api, '/reminder', {
      phone_number,
      title: 'Call back',
      exact: true,
      due_date_time: new Date(Date.now() + 2_000).toISOString(),
    });
  return async () => {
    for (const number of numbers)
      await until(`what came of the promise to ${number}`, () => promisesTo(system, number), {
        ready: ([kept]) => kept?.attempts[0]?.outcome === 'rejected',
        withinMs: ROUND_MS,
      });
  };
}

async function calls(system: System, numbers: string[]): Promise<UntilOver> {
  const ids: string[] = [];
  for (const phone_number of numbers)
    ids.push((await post<{ call_id: string }>(system.api, '/call', { phone_number, claim: [] })).call_id);
  return async () => {
    for (const id of ids)
      await until(`the end of call ${id}`, () => callOf(system, id), {
        ready: (call) => !call.in_progress && call.disposition === 'rejected',
        withinMs: ROUND_MS,
      });
  };
}

async function campaign(system: System, numbers: string[]): Promise<UntilOver> {
  if (numbers.length === 0) return async () => undefined;
  const { campaign_id: id } = await post<{ campaign_id: string }>(system.api, '/campaign', {
    name: 'Crashes',
    task: 'Say hello.',
    claim: [],
  });
  await post(system.api, `/campaign/${id}/contacts`, {
    contacts: numbers.map((phone_number) => ({ phone_number, zone: 'Etc/UTC' })),
  });
  await post(system.api, `/campaign/${id}/start`, {});
  return async () => {
    const progress = async (): Promise<Record<string, unknown>> =>
      (await (await system.api(`/campaign/${id}/progress`)).json()) as Record<string, unknown>;
    await until('the end of the campaign', progress, {
      ready: ({ status }) => status === 'completed',
      withinMs: ROUND_MS,
    });
  };
}

async function ringsByNumber(system: System): Promise<Record<string, number>> {
  return ((await (await system.sandbox('/control/rings')).json()) as { rings: Record<string, number> }).rings;
}

async function isLive(system: System, number: string): Promise<boolean> {
  const calls = await phoneCalls(system, number);
  return calls.length === 1 && calls[0]?.state === 'live';
}
