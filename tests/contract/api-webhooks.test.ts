import { afterEach, beforeEach, expect, test } from 'vitest';
import { openedDocument } from '../../api/documents.ts';
import { asCallId, asHostId } from '../../domain/ids.ts';
import { aHost, BOT, CUSTOMER, FRENCH_BOT, startApi, type ApiHarness } from '../kit/api-harness.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const LEG = '9ba0f3a1-2f5e-4d7c-8c3b-6f0e9a1b2c3d';
const CALL = '11111111-1111-8111-8111-111111111111';
const ANSWER = {
  from: '447700900123',
  to: '447700900001',
  uuid: LEG,
  conversation_uuid: 'CON-1',
  endpoint_type: 'phone',
  region_url: 'https://api-eu-3.vonage.com',
};
const event = (status: string, changes: object = {}) => ({
  from: '447700900123',
  to: '447700900001',
  uuid: LEG,
  conversation_uuid: 'CON-1',
  status,
  direction: 'inbound',
  timestamp: '2026-03-01T10:00:00.000Z',
  ...changes,
});
/** As the network reports our websocket's loss. */
const lost = (changes: object = {}) =>
  event('disconnected', {
    uuid: 'ws-leg',
    direction: 'outbound',
    to: 'ws://127.0.0.1:8090/media/one?token=spent',
    from: '447700900001',
    headers: { callId: CALL, connectId: 'c1' },
    ...changes,
  });
const hostOf = (uri: string): string => new URL(uri).pathname.split('/').pop() ?? '';
interface Action {
  action: string;
  endpoint?: { uri: string }[];
  timeout?: number;
}
/** The media hosts that an NCCO connects to, in order. */
const connects = (ncco: unknown): string[] =>
  (ncco as Action[])
    .filter(({ action }) => action === 'connect')
    .map(({ endpoint }) => hostOf(endpoint?.[0]?.uri ?? ''));

test('[WH1] an inbound call is opened on the caller’s line and connected to a media host, with a second host behind it', async () => {
  const { status, body } = await api.webhook('/vonage/answer', ANSWER);
  expect(status).toBe(200);
  const [opened] = api.temporal.opened;
  expect(opened).toMatchObject({
    numberKey: CUSTOMER,
    customerNumber: CUSTOMER,
    updateId: `answer:${LEG}`,
    withinMs: 2_500,
  });
  expect(opened?.request).toMatchObject({
    direction: 'inbound',
    botNumber: BOT,
    leg: { legId: LEG, conversationId: 'CON-1', regionUrl: 'https://api-eu-3.vonage.com' },
  });
  const callId = opened?.request.proposedCallId;
  expect((body as Action[]).map(({ action }) => action)).toEqual(['connect', 'talk', 'connect']);
  expect(connects(body)).toEqual(['one', 'two']);
  expect(body[0]).toMatchObject({
    eventType: 'synchronous',
    eventUrl: [`http://127.0.0.1:8080/vonage/event/${callId}`],
    from: '447700900001',
    endpoint: [{ type: 'websocket', 'content-type': 'audio/l16;rate=16000', headers: { callId } }],
  });
  expect(body[0].endpoint[0].headers).not.toHaveProperty('provisional');
  expect(body[0].endpoint[0].uri).not.toBe(body[2].endpoint[0].uri);
  expect(body[1]).toMatchObject({ text: 'One moment, please.', language: 'en-US' });
});

test('[WH1] GET is answered like POST, and the number called decides company and language', async () => {
  const query = new URLSearchParams({ ...ANSWER, to: '447700900002' });
  const { status, body } = await api.get(`/vonage/answer?${query.toString()}`);
  expect(status).toBe(200);
  expect(body[1].language).toBe('fr-FR');
  expect(api.temporal.opened[0]?.request).toMatchObject({
    botNumber: FRENCH_BOT,
    initiate: { botCompany: 'Contoso France' },
  });
});

test('[WH2] a repeated answer webhook gets the same reply and opens nothing more', async () => {
  const first = await api.webhook('/vonage/answer', ANSWER);
  const again = await api.webhook('/vonage/answer', ANSWER);
  expect(again.body).toEqual(first.body);
  expect(api.temporal.opened).toHaveLength(1);
});

test('[WH3] a caller without a number gets a line of their own', async () => {
  await api.webhook('/vonage/answer', { ...ANSWER, from: 'anonymous' });
  expect(api.temporal.opened[0]).toMatchObject({ numberKey: `anon:${LEG}`, customerNumber: null });
  await api.webhook('/vonage/event', event('completed', { from: 'anonymous' }));
  expect(api.temporal.toldLine[0]?.numberKey).toBe(`anon:${LEG}`);
});

test('[WH4] Temporal away: the caller is connected all the same, and the media host gets what it needs to open the call', async () => {
  const before = await startApi();
  await before.webhook('/vonage/answer', ANSWER);
  const sameCallId = before.temporal.opened[0]?.request.proposedCallId;
  await before[Symbol.asyncDispose]();

  api.temporal.away = true;
  const { status, body } = await api.webhook('/vonage/answer', ANSWER);
  expect(status).toBe(200);
  const { headers } = body[0].endpoint[0];
  expect(headers.callId).toBe(sameCallId);
  expect(headers.provisional).toEqual({
    legId: LEG,
    from: CUSTOMER,
    to: BOT,
    conversationId: 'CON-1',
    regionUrl: 'https://api-eu-3.vonage.com',
  });
  expect(Buffer.byteLength(JSON.stringify(headers))).toBeLessThanOrEqual(512);
});

test('[WH5] no media host lives: an apology, and a missed call on record', async () => {
  api.hosts.length = 0;
  const { status, body } = await api.webhook('/vonage/answer', ANSWER);
  expect(status).toBe(200);
  expect(body).toEqual([expect.objectContaining({ action: 'talk', text: expect.stringContaining('sorry') })]);
  expect([...api.store.calls.values()]).toEqual([
    expect.objectContaining({ phone_number: CUSTOMER, missed: true, disposition: 'missed', in_progress: false }),
  ]);
  expect(api.temporal.opened).toEqual([]);
});

test('[WH6] an answered outbound leg is admitted to its attempt and meets the bot where the greeting lies ready', async () => {
  api.temporal.admit = () => ({ admitted: true, preferHostId: asHostId('two') });
  const outbound = { ...ANSWER, from: '447700900001', to: '447700900123' };
  const { body } = await api.webhook(`/vonage/answer/${CALL}/attempt-1`, outbound);
  expect(connects(body)).toEqual(['two', 'one']);
  expect(body[0].endpoint[0].headers.callId).toBe(CALL);
  expect(api.temporal.admissions).toEqual([
    {
      callId: CALL,
      request: {
        attemptId: 'attempt-1',
        leg: { legId: LEG, regionUrl: 'https://api-eu-3.vonage.com', conversationId: 'CON-1' },
      },
    },
  ]);
});

test('[DI5] a second leg of the same attempt gets an empty NCCO', async () => {
  api.temporal.admit = ({ leg }) => ({ admitted: leg.legId === LEG, preferHostId: null });
  expect((await api.webhook(`/vonage/answer/${CALL}/attempt-1`, ANSWER)).body).toHaveLength(3);
  expect((await api.webhook(`/vonage/answer/${CALL}/attempt-1`, { ...ANSWER, uuid: 'second' })).body).toEqual([]);
});

test('[DI5] Temporal away: the first leg of an attempt is let in, a second is not', async () => {
  api.temporal.away = true;
  expect((await api.webhook(`/vonage/answer/${CALL}/attempt-1`, ANSWER)).body).toHaveLength(3);
  expect((await api.webhook(`/vonage/answer/${CALL}/attempt-1`, { ...ANSWER, uuid: 'second' })).body).toEqual([]);
  expect((await api.webhook(`/vonage/answer/${CALL}/attempt-1`, ANSWER)).body).toHaveLength(3);
});

test('[WH6] a leg that answers after its call has ended is released', async () => {
  api.temporal.ended.add(asCallId(CALL));
  expect((await api.webhook(`/vonage/answer/${CALL}/attempt-1`, ANSWER)).body).toEqual([]);
});

test('[WH7] events become signals: the inbound leg’s to its line, the others to their call', async () => {
  await api.webhook('/vonage/event', event('answered'));
  expect(api.temporal.toldLine).toEqual([
    {
      numberKey: CUSTOMER,
      event: {
        eventKey: `${LEG}:answered:2026-03-01T10:00:00.000Z`,
        legId: LEG,
        conversationId: 'CON-1',
        role: 'customer',
        status: 'answered',
        attemptId: null,
        atMs: Date.parse('2026-03-01T10:00:00Z'),
        detail: null,
        regionUrl: null,
        durationS: null,
        priceEur: null,
      },
    },
  ]);
  await api.webhook(
    `/vonage/event/${CALL}/attempt-1`,
    event('completed', { duration: '12', price: '0.0450', direction: 'outbound' }),
  );
  await api.webhook(`/vonage/event/${CALL}/attempt-2`, event('busy', { sip_code: 486, direction: 'outbound' }));
  await api.webhook(`/vonage/event/${CALL}/attempt-3`, {
    call_uuid: LEG,
    status: 'machine',
    sub_state: 'beep_start',
    timestamp: '2026-03-01T10:00:01.000Z',
  });
  await api.webhook(`/vonage/event/${CALL}/operator`, event('answered', { uuid: 'op' }));
  await api.webhook(`/vonage/event/${CALL}`, event('answered', { uuid: 'ws', to: 'ws://host/media' }));
  expect(
    api.temporal.told.map(({ event: { role, status, attemptId, detail, durationS, priceEur, legId } }) => [
      role,
      status,
      attemptId,
      detail,
      durationS,
      priceEur,
      legId,
    ]),
  ).toEqual([
    ['customer', 'completed', 'attempt-1', null, 12, 0.045, LEG],
    ['customer', 'busy', 'attempt-2', 'sip 486', null, null, LEG],
    ['customer', 'machine', 'attempt-3', 'beep_start', null, null, LEG],
    ['operator', 'answered', null, null, null, null, 'op'],
    ['media', 'answered', null, null, null, null, 'ws'],
  ]);
});

test('[WH7] an event for a call that has ended, and one that says nothing of a leg, are acknowledged', async () => {
  api.temporal.ended.add(asCallId(CALL));
  expect((await api.webhook(`/vonage/event/${CALL}/attempt-1`, event('completed'))).status).toBe(200);
  expect(
    (
      await api.webhook(`/vonage/event/${CALL}`, {
        recording_url: 'https://x/1',
        recording_uuid: 'r',
        conversation_uuid: 'CON-1',
      })
    ).status,
  ).toBe(200);
  expect((await api.webhook('/vonage/event', event('something-new'))).status).toBe(200);
  expect(api.temporal.told).toEqual([]);
  expect((await fetch(`${api.url}/vonage/event`, { method: 'POST', body: '{' })).status).toBe(400);
});

test('[WH8] an event that Temporal cannot take now is acknowledged and told when it is back', async () => {
  api.temporal.away = true;
  expect((await api.webhook(`/vonage/event/${CALL}/attempt-1`, event('completed'))).status).toBe(200);
  expect(api.temporal.told).toEqual([]);
  api.temporal.away = false;
  await expect.poll(() => api.temporal.told.length, { timeout: 30_000 }).toBe(1);
});

test('[RC6] a lost media socket: the reply leads to another live host at once, and the call is told', async () => {
  const { body } = await api.webhook(`/vonage/event/${CALL}`, lost());
  expect(connects(body)).toEqual(['two', 'one']);
  expect(body[0].endpoint[0].headers.callId).toBe(CALL);
  expect(api.temporal.told[0]).toMatchObject({
    callId: CALL,
    event: { role: 'media', status: 'disconnected', legId: 'ws-leg' },
  });
});

test('[RC6] with one host alive the way back leads there, with Temporal and the store away', async () => {
  api.temporal.away = true;
  api.store.away = true;
  api.hosts.splice(1);
  expect(connects((await api.webhook(`/vonage/event/${CALL}`, lost())).body)).toEqual(['one', 'one']);
});

test('[RC6] the host that takes over may still be starting', async () => {
  const [one] = api.hosts.splice(0);
  setTimeout(
    () =>
      one !== undefined && api.hosts.push({ ...one, hostId: asHostId('three'), publicUrl: aHost('three').publicUrl }),
    500,
  );
  expect(connects((await api.webhook(`/vonage/event/${CALL}`, lost())).body)).toEqual(['three', 'three']);
});

test.each(['failed', 'unanswered', 'rejected', 'timeout', 'busy'])(
  '[TR9] an operator leg that ends as %s brings the customer back to the bot',
  async (status) => {
    const { body } = await api.webhook(
      `/vonage/event/${CALL}/operator`,
      event(status, { uuid: 'op', to: '33612345678', direction: 'outbound' }),
    );
    expect(connects(body)).toEqual(['one', 'two']);
    expect(api.temporal.told[0]?.event).toMatchObject({ role: 'operator', status });
  },
);

test('[RC6] a connect that could not be made is an error event without a leg: the reply tries again', async () => {
  const { body } = await api.webhook(`/vonage/event/${CALL}`, {
    reason: 'Rate limit',
    conversation_uuid: 'CON-1',
    timestamp: '2026-03-01T10:00:00.000Z',
  });
  expect(connects(body)).toHaveLength(2);
  expect(api.temporal.told[0]?.event).toMatchObject({ legId: null, status: 'failed', detail: 'Rate limit' });
});

test('[RC6] a lost socket reported at the bare address still finds its call', async () => {
  const { body } = await api.webhook('/vonage/event', lost());
  expect(connects(body)).toEqual(['two', 'one']);
  expect(api.temporal.told[0]?.callId).toBe(CALL);
});

test('[RC7] more than three ways back in a second are paced with a hold phrase', async () => {
  const replies = [];
  for (let each = 0; each < 5; each += 1)
    replies.push(
      (await api.webhook(`/vonage/event/${CALL}`, lost({ timestamp: `2026-03-01T10:00:0${each}.000Z` }))).body[0]
        .action,
    );
  expect(replies.slice(0, 3)).toEqual(['connect', 'connect', 'connect']);
  expect(replies[4]).toBe('talk');
});

test('[RC7] [RC21] beyond three calls in a second a caller is held with a phrase and a pause, and all are shared out', async () => {
  api.hosts.splice(1, 1, aHost('two'));
  const plans: Action[][] = [];
  for (let each = 0; each < 7; each += 1)
    plans.push(
      (await api.webhook('/vonage/answer', { ...ANSWER, uuid: `${LEG.slice(0, -1)}${each}` })).body as Action[],
    );
  expect(plans.map((plan) => plan[0]?.action)).toEqual([...Array(3).fill('connect'), ...Array(4).fill('talk')]);
  const waits = plans.map((plan) => plan.find(({ action }) => action === 'wait')?.timeout ?? 0);
  expect(waits.slice(3).every((wait) => wait > 0.5)).toBe(true);
  // Three a second: the seventh comes a second after the fourth.
  expect((waits[6] ?? 0) - (waits[3] ?? 0)).toBeGreaterThan(0.7);
  expect(plans.map((plan) => connects(plan).length)).toEqual([2, 2, 2, 4, 4, 4, 4]);
  expect(plans.filter((plan) => connects(plan)[0] === 'one').length).toBeGreaterThanOrEqual(3);
  expect(plans.filter((plan) => connects(plan)[0] === 'two').length).toBeGreaterThanOrEqual(3);
});

test('[RC7] an account with a higher limit connects more at once', async () => {
  await using wide = await startApi({ settings: { creationsPerSecond: 6 } });
  const first: (string | undefined)[] = [];
  for (let each = 0; each < 7; each += 1) {
    const { body } = await wide.webhook('/vonage/answer', { ...ANSWER, uuid: `${LEG.slice(0, -1)}${each}` });
    first.push((body as Action[])[0]?.action);
  }
  expect(first).toEqual([...Array(6).fill('connect'), 'talk']);
});

test('[RC7] [PA1] an answered dial has its connect by the dial’s own grant: it holds up nobody who rings in', async () => {
  for (let each = 0; each < 5; each += 1) {
    const answered = await api.webhook(`/vonage/answer/${CALL.slice(0, -1)}${each}/attempt-${each}`, {
      ...ANSWER,
      uuid: `${LEG.slice(0, -1)}${each}`,
    });
    expect(connects(answered.body)).toHaveLength(2);
  }
  const { body } = await api.webhook('/vonage/answer', ANSWER);
  expect((body as Action[])[0]?.action).toBe('connect');
});

test('[RC21] a host that lets one look pass is asked again before a caller hears that nobody can talk', async () => {
  const hosts = api.hosts.splice(0);
  setTimeout(() => api.hosts.push(...hosts), 300);
  const { body } = await api.webhook('/vonage/answer', ANSWER);
  expect(connects(body)).toHaveLength(2);
  expect([...api.store.calls.values()].some(({ missed }) => missed)).toBe(false);
});

test('[RC8] hosts that live and take no socket are not tried without end', async () => {
  const first = [];
  for (let each = 0; each < 13; each += 1) {
    const failed = lost({ status: 'failed', uuid: `ws-${each}` });
    first.push((await api.webhook(`/vonage/event/${CALL}`, failed)).body as Action[]);
  }
  expect(first.slice(0, 12).every((ncco) => connects(ncco).length >= 2)).toBe(true);
  expect(first[12]).toEqual([expect.objectContaining({ action: 'talk', text: expect.stringContaining('sorry') })]);
  const other = await api.webhook('/vonage/event/22222222-2222-8222-8222-222222222222', lost());
  expect(connects(other.body).length).toBeGreaterThanOrEqual(2);
});

test('[TR10] the operator hears the briefing before the customer', async () => {
  const document = openedDocument({
    callId: asCallId(CALL),
    direction: 'inbound',
    customerNumber: CUSTOMER,
    botNumber: BOT,
    initiate: api.settings.defaults,
    atMs: 0,
  });
  api.temporal.views.set(asCallId(CALL), {
    document,
    customerLegId: null,
    mediaHostId: null,
    briefing: 'Ada is waiting for you. '.repeat(100),
  });
  const { body } = await api.get(`/vonage/briefing/${CALL}`);
  expect(body).toEqual([{ action: 'talk', text: expect.stringMatching(/^Ada is waiting.*…$/), language: 'en-US' }]);
  expect(body[0].text.length).toBeLessThanOrEqual(1_500);
  api.temporal.away = true;
  expect((await api.get(`/vonage/briefing/${CALL}`)).body[0].action).toBe('talk');
});

test('[WH9] when the network falls back, what was asked first is answered now', async () => {
  const original = (url: string) => ({
    ...ANSWER,
    reason: 'timeout',
    original_request: { url: `http://127.0.0.1:8080${url}`, type: 'answer' },
  });
  expect(connects((await api.webhook('/vonage/fallback', original('/vonage/answer'))).body)).toEqual(['one', 'two']);
  expect((await api.webhook('/vonage/fallback', original(`/vonage/answer/${CALL}/attempt-9`))).body).toHaveLength(3);
  expect(api.temporal.admissions).toHaveLength(1);
  api.hosts.length = 0;
  expect(
    (await api.webhook('/vonage/fallback', { ...original('/vonage/answer'), uuid: 'another' })).body[0].text,
  ).toContain('sorry');
});

test('[WH10] an incoming SMS is told to its line and acknowledged, or asked for again', async () => {
  const sms = {
    channel: 'sms',
    message_type: 'text',
    message_uuid: 'm1',
    to: '447700900001',
    from: '447700900123',
    text: 'YES',
    timestamp: '2026-03-01T10:00:00Z',
  };
  expect((await api.webhook('/vonage/sms', sms)).status).toBe(200);
  expect(api.temporal.opened).toMatchObject([
    {
      customerNumber: CUSTOMER,
      updateId: 'sms:m1',
      request: {
        direction: 'inbound',
        botNumber: BOT,
        leg: null,
        text: { messageId: 'm1', text: 'YES', atMs: Date.parse(sms.timestamp) },
      },
    },
  ]);
  expect((await api.webhook('/vonage/sms', { ...sms, channel: 'whatsapp', message_uuid: 'm2' })).status).toBe(200);
  expect(api.temporal.opened).toHaveLength(1);
  api.temporal.away = true;
  expect((await api.webhook('/vonage/sms', { ...sms, message_uuid: 'm3' })).status).toBe(503);
});
