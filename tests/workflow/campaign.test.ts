/** Campaigns on a clock that jumps: the contacts' record against what the network saw. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { CallingHours, Weekday } from '../../domain/calling-hours.ts';
import { SHIPPED_RETRY_PLAN } from '../../domain/campaign-retry.ts';
import { CAMPAIGN_AHEAD_MS } from '../../domain/pacing.ts';
import { asCampaignId } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import { optOutEverywhere } from '../../providers/opting-out.ts';
import {
  changeCampaign,
  contactsChanged,
  pauseCampaign,
  resumeCampaign,
  stopCampaign,
} from '../../workflows/campaign/messages.ts';
import { CallCentre, chance, contactOf, phoneNumbers } from '../kit/call-centre.ts';
import { createMemoryCampaigns } from '../kit/memory-campaigns.ts';
import { jumpingClock, untilTrue } from './house.ts';

const MINUTE_MS = 60_000;
const LONG = { timeout: 120_000 };
const SEED = Number(process.env['CAMPAIGN_SEED'] ?? 5);

let env: TestWorkflowEnvironment;
beforeEach(async () => {
  env = await jumpingClock();
});
afterEach(async () => {
  await env.teardown();
});

test(
  `[CG1] [CG3] [CG12] 300 contacts, chance outcomes, one acknowledgement in ten lost: the record is what the network saw (CAMPAIGN_SEED=${SEED})`,
  LONG,
  async () => {
    await using centre = new CallCentre(env);
    const next = chance(SEED);
    const words: Disposition[] = ['busy', 'no_answer', 'rejected', 'failed', 'voicemail', 'dropped', 'completed'];
    centre.loses = () => next() < 0.1;
    centre.answers = () => words[Math.floor(next() * words.length)] ?? 'busy';
    await centre.up();
    await centre.list(phoneNumbers(300));
    await centre.start();
    const result = await centre.over();

    expect(result).toMatchObject({ status: 'completed', attempts: centre.rings });
    expect(result.runs).toBeGreaterThan(1);
    expect(centre.lists.documents.get(centre.campaignId)?.attempts).toBe(centre.rings);
    for (const contact of centre.contacts) {
      expect(contact.state).toBe('done');
      expect(contact.attempts.length).toBe(centre.rung.get(contact.phone_number));
      expect(contact.attempts.length).toBeLessThanOrEqual(SHIPPED_RETRY_PLAN.attemptsMax);
      expect(contact.attempts.every(({ outcome, gate }) => outcome !== null && !gate.opted_out)).toBe(true);
      for (const [outcome, rule] of Object.entries(SHIPPED_RETRY_PLAN.byOutcome)) {
        const so = contact.attempts.filter((each) => each.outcome === outcome);
        expect(so.length).toBeLessThanOrEqual(rule.attempts);
        so.forEach((attempt, times) => {
          const following = contact.attempts[contact.attempts.indexOf(attempt) + 1];
          const minutes = rule.afterMin[times] ?? rule.afterMin.at(-1) ?? 0;
          if (following !== undefined)
            expect(following.at_ms - (attempt.ended_at_ms ?? 0)).toBeGreaterThanOrEqual(minutes * MINUTE_MS);
        });
      }
    }
    const counted = centre.contacts.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome));
    for (const [outcome, count] of Object.entries(result.outcomes))
      expect(counted.filter((each) => each === outcome)).toHaveLength(count);
  },
);

test('[CG2] paused, nobody more is rung; resumed, the rest are; stopped, whoever is left is not', LONG, async () => {
  await using centre = new CallCentre(env);
  centre.answers = () => 'rejected';
  await centre.up();
  await centre.list(phoneNumbers(60));
  await centre.start({ attemptsPerMinute: 10, concurrency: 5 });
  await untilTrue(() => centre.rings >= 5);
  expect(await centre.handle.executeUpdate(pauseCampaign, { args: [{ reason: 'lunch' }] })).toMatchObject({
    status: 'paused',
    reason: 'lunch',
  });
  await env.sleep('1 minute');
  const before = centre.rings;
  expect(before).toBeLessThan(20);
  await env.sleep('1 hour');
  expect(centre.rings).toBe(before);
  await centre.handle.executeUpdate(resumeCampaign, { args: [{ reason: '' }] });
  await env.sleep('2 minutes');
  // Ten a minute, in batches of five at most.
  expect(centre.rings - before).toBeGreaterThanOrEqual(15);
  expect(centre.rings - before).toBeLessThanOrEqual(25);
  await centre.handle.executeUpdate(stopCampaign, { args: [{ reason: 'enough' }] });
  expect((await centre.over()).status).toBe('stopped');
  const cancelled = centre.contacts.filter(({ disposition }) => disposition === 'cancelled');
  expect(cancelled.length + centre.rings).toBe(60);
});

test('[PA4] a campaign is granted its next dial only, however long its batch', LONG, async () => {
  await using centre = new CallCentre(env);
  const asked: number[] = [];
  centre.answers = () => 'rejected';
  centre.creations = {
    note: () => Promise.resolve(),
    take: ({ withinMs }) => {
      asked.push(withinMs);
      return Promise.resolve(0);
    },
  };
  await centre.up();
  await centre.list(phoneNumbers(20));
  await centre.start();
  expect(await centre.over()).toMatchObject({ attempts: 20 });
  expect(asked.length).toBeGreaterThanOrEqual(20);
  expect(Math.max(...asked)).toBeLessThanOrEqual(CAMPAIGN_AHEAD_MS);
});

test(
  '[CG2] [CG16] the share of who rings in stays free: with three of them on the line eight places hold five more',
  LONG,
  async () => {
    await using centre = new CallCentre(env);
    centre.answers = () => 'completed';
    centre.tells = false;
    centre.callsForCampaigns = 8;
    centre.lists.liveCalls = () => 3 + centre.rings;
    await centre.up();
    await centre.list(phoneNumbers(20));
    await centre.start();
    await untilTrue(() => centre.rings >= 5);
    await env.sleep('1 minute');
    expect(centre.rings).toBe(5);
    expect(await centre.progress()).toMatchObject({ waitsFor: 'places' });
    centre.lists.liveCalls = () => 0;
    expect(await centre.over()).toMatchObject({ status: 'completed', attempts: 20, waitsFor: null });
  },
);

test('[CG16] a configuration that leaves campaigns no call is told, not waited for in silence', LONG, async () => {
  await using centre = new CallCentre(env);
  centre.callsForCampaigns = 0;
  await centre.up();
  await centre.list(phoneNumbers(1));
  await centre.start();
  await untilTrue(async () => (await centre.progress()).waitsFor === 'configuration');
  expect(centre.rings).toBe(0);
  await centre.handle.executeUpdate(stopCampaign, { args: [{ reason: 'enough' }] });
  expect((await centre.over()).status).toBe('stopped');
});

test(
  '[CG4] a customer who is on the line is asked for again two minutes later, and loses no attempt',
  LONG,
  async () => {
    await using centre = new CallCentre(env);
    const [number = ''] = phoneNumbers(1);
    centre.onTheLine.add(number);
    centre.answers = () => 'rejected';
    await centre.up();
    await centre.list([number]);
    await centre.start();
    await env.sleep('5 minutes');
    expect(centre.rings).toBe(0);
    centre.onTheLine.clear();
    expect(await centre.over()).toMatchObject({ attempts: 1, outcomes: { line_busy: 3, rejected: 1 } });
    const [first, second] = centre.contact(number).attempts;
    expect((second?.at_ms ?? 0) - (first?.at_ms ?? 0)).toBeGreaterThanOrEqual(2 * MINUTE_MS);
  },
);

test(
  '[CG7] failures pause the campaign with a reason; after a while one contact is tried, and it goes on',
  LONG,
  async () => {
    await using centre = new CallCentre(env);
    let healthy = false;
    centre.answers = () => (healthy ? 'rejected' : 'failed');
    await centre.up();
    await centre.list(phoneNumbers(40));
    await centre.start({ concurrency: 5, breaker: { of: 10, share: 0.5, probeAfterMin: 10 } });
    await untilTrue(async () => (await centre.progress()).status === 'paused');
    await env.sleep('1 minute');
    expect((await centre.progress()).reason).toMatch(/of the last 10 attempts failed/);
    const before = centre.rings;
    expect(before).toBeLessThan(25);
    await env.sleep('10 minutes');
    expect(centre.rings).toBe(before + 1);
    expect((await centre.progress()).status).toBe('paused');
    healthy = true;
    await env.sleep('15 minutes');
    expect(centre.rings).toBe(before + 1);
    expect((await centre.over()).status).toBe('completed');
    expect(centre.rung.size).toBe(40);
  },
);

test('[CG7] with nobody left to try it is completed, and says why it paused', LONG, async () => {
  await using centre = new CallCentre(env);
  centre.answers = () => 'failed';
  await centre.up();
  await centre.list(phoneNumbers(20));
  const once = { ...SHIPPED_RETRY_PLAN.byOutcome, failed: { attempts: 1, afterMin: [] } };
  await centre.start({
    breaker: { of: 10, share: 0.5, probeAfterMin: 10 },
    retry: { ...SHIPPED_RETRY_PLAN, byOutcome: once },
  });
  await untilTrue(async () => (await centre.progress()).status === 'paused');
  const { probeAtMs } = await centre.progress();
  expect(probeAtMs).toBeLessThan((await env.currentTimeMs()) + 11 * MINUTE_MS);
  const over = await centre.over();
  expect(over).toMatchObject({ status: 'completed', probeAtMs: null, attempts: 20 });
  expect(over.reason).toMatch(/of the last 10 attempts failed/);
  expect(centre.lists.documents.get(centre.campaignId)).toMatchObject({ status: 'completed', reason: over.reason });
});

test('[CG7] who is added while nobody was left is tried', LONG, async () => {
  await using centre = new CallCentre(env);
  const [asks = '', later = '', ...dead] = phoneNumbers(12);
  centre.answers = (to) => (to === later ? 'completed' : 'failed');
  await centre.up();
  await centre.list([asks], { state: 'needs_zone' });
  await centre.list(dead);
  const once = { ...SHIPPED_RETRY_PLAN.byOutcome, failed: { attempts: 1, afterMin: [] } };
  await centre.start({
    breaker: { of: 10, share: 0.5, probeAfterMin: 10 },
    retry: { ...SHIPPED_RETRY_PLAN, byOutcome: once },
  });
  await untilTrue(async () => (await centre.progress()).status === 'paused');
  await env.sleep('20 minutes');
  expect(await centre.progress()).toMatchObject({ status: 'paused', probeAtMs: null });
  await centre.list([later]);
  await centre.handle.signal(contactsChanged);
  await untilTrue(() => centre.rung.get(later) === 1);
  await untilTrue(async () => (await centre.progress()).status === 'running');
});

test('[CG10] calls of whose end nobody tells are looked at: their places become free all the same', LONG, async () => {
  await using centre = new CallCentre(env);
  centre.answers = () => 'completed';
  centre.tells = false;
  await centre.up();
  await centre.list(phoneNumbers(12));
  await centre.start({ concurrency: 4 });
  expect(await centre.over()).toMatchObject({ status: 'completed', attempts: 12 });
  expect(centre.contacts.every(({ disposition }) => disposition === 'completed')).toBe(true);
  expect([...centre.rung.values()]).toEqual(Array.from({ length: 12 }, () => 1));
});

/** Every day between the two clock times in UTC; a day's hours end at midnight, so late in the evening they are two. */
function hoursBetween(fromMs: number, toMs: number): CallingHours {
  const days: Weekday[] = [1, 2, 3, 4, 5, 6, 7];
  const clock = (ms: number): string => new Date(ms).toISOString().slice(11, 16);
  const [from, to] = [clock(fromMs), clock(toMs)];
  if (from < to) return [{ days, from, to }];
  return [
    { days, from: '00:00', to },
    { days, from, to: '24:00' },
  ];
}

test(
  '[CG11] [CH1] while the store is away it says so and rings nobody; what was begun is neither lost nor done twice, nor outside of the hours',
  LONG,
  async () => {
    await using centre = new CallCentre(env);
    const nowMs = await env.currentTimeMs();
    centre.hours = { default: hoursBetween(nowMs - 60 * MINUTE_MS, nowMs + 60 * MINUTE_MS) };
    centre.answers = () => 'rejected';
    await centre.up();
    await centre.list(phoneNumbers(20), { country: null });
    centre.storeAway = true;
    await centre.start({ concurrency: 5 });
    await untilTrue(async () => (await centre.progress()).waitsFor === 'store');
    await env.sleep('3 hours');
    expect(centre.rings).toBe(0);
    centre.storeAway = false;
    await untilTrue(async () => (await centre.progress()).waitsFor === null);
    await env.sleep('10 minutes');
    expect(centre.rings).toBe(0);
    expect(await centre.over()).toMatchObject({ status: 'completed', attempts: 20 });
    expect([...centre.rung.values()]).toEqual(Array.from({ length: 20 }, () => 1));
    const first = Math.min(...centre.contacts.map(({ attempts }) => attempts[0]?.at_ms ?? 0));
    expect(first - nowMs).toBeGreaterThan(22 * 60 * MINUTE_MS);
  },
);

test('[CG2] [CG11] a pause that came while the store was away holds when it is back', LONG, async () => {
  await using centre = new CallCentre(env);
  centre.answers = () => 'rejected';
  await centre.up();
  await centre.list(phoneNumbers(20));
  await centre.start({ concurrency: 5, attemptsPerMinute: 5 });
  await untilTrue(() => centre.rings === 5);
  centre.storeAway = true;
  await env.sleep('5 minutes');
  expect((await centre.progress()).waitsFor).toBe('store');
  await centre.handle.executeUpdate(pauseCampaign, { args: [{ reason: 'lunch' }] });
  centre.storeAway = false;
  await env.sleep('1 hour');
  expect(await centre.progress()).toMatchObject({ status: 'paused', waitsFor: null });
  expect(centre.rings).toBe(5);
});

test(
  '[OO1] [OO3] an opt-out stops calls that wait in twenty campaigns, and nobody is rung for it again',
  LONG,
  async () => {
    const lists = createMemoryCampaigns();
    const [number = '', other = ''] = phoneNumbers(2);
    for (let index = 0; index < 20; index += 1)
      await lists.campaigns.addContacts([number, other].map((each) => contactOf(asCampaignId(`c${index}`), each, {})));
    const wish = { phone_number: number, source: 'api' as const, reason: null, at: '2026-01-01T00:00:00.000Z' };
    const done = await optOutEverywhere(lists, wish);
    expect(done).toMatchObject({ isNew: true, stopped: 20 });
    expect(done.campaignIds).toHaveLength(20);
    expect(await optOutEverywhere(lists, wish)).toMatchObject({ isNew: false, stopped: 0 });

    await using centre = new CallCentre(env);
    centre.lists.optedOut.set(number, wish);
    await centre.up();
    await centre.list([number, other]);
    centre.answers = () => 'rejected';
    await centre.start();
    expect((await centre.over()).status).toBe('completed');
    expect([...centre.rung.keys()]).toEqual([other]);
    expect(centre.contact(number)).toMatchObject({ state: 'done', disposition: 'opted_out', attempts: [] });
  },
);

test('[CH6] a wrong weekday completes nothing: the campaign asks, and other windows let it go on', LONG, async () => {
  await using centre = new CallCentre(env);
  centre.answers = () => 'rejected';
  const workdays: Weekday[] = [1, 2, 3, 4, 5];
  centre.hours = { default: [{ days: workdays, from: '00:00', to: '24:00' }] };
  await centre.up();
  await centre.list(phoneNumbers(3), { country: null });
  await centre.start({ windows: [{ days: [7], from: '10:00', to: '12:00' }] });
  await untilTrue(async () => (await centre.progress()).needsHours === 3);
  await env.sleep('10 days');
  expect(await centre.progress()).toMatchObject({ status: 'running', needsHours: 3 });
  expect(centre.rings).toBe(0);
  const windows: CallingHours = [{ days: [1], from: '10:00', to: '12:00' }];
  await centre.handle.executeUpdate(changeCampaign, { args: [{ windows }] });
  expect(await centre.over()).toMatchObject({ status: 'completed', attempts: 3 });
});

test('[CH3] an unknown zone is not rung: the campaign asks, and goes on when it is given', LONG, async () => {
  await using centre = new CallCentre(env);
  centre.answers = () => 'rejected';
  await centre.up();
  const [number = ''] = phoneNumbers(1);
  await centre.list([number], { zones: ['America/New_York', 'America/Los_Angeles'] });
  await centre.start();
  await untilTrue(async () => (await centre.progress()).needsZone === 1);
  expect(centre.rings).toBe(0);
  const contact = centre.contact(number);
  expect(contact.state).toBe('needs_zone');
  await centre.lists.campaigns.changeContact({
    ...contact,
    revision: contact.revision + 1,
    zones: ['America/New_York'],
    state: 'pending',
  });
  await centre.handle.signal(contactsChanged);
  expect((await centre.over()).status).toBe('completed');
  expect(centre.rung.get(number)).toBe(1);
});
