import { afterEach, beforeEach, expect, test } from 'vitest';
import { NUMBER, signatureFault, startBench, tone, type PhoneBench } from './phone-kit.ts';

let bench: PhoneBench;

beforeEach(async () => {
  bench = await startBench();
});
afterEach(async () => {
  await bench.close();
});

const CUSTOMER = '447700900123';
const quick = { ringMs: 0, steps: [{ converses: true }] };
const wait = { action: 'wait', timeout: 60 };

function toPhone(more: object): Parameters<PhoneBench['vonage']['voice']['createOutboundCall']>[0] {
  return { to: [{ type: 'phone', number: CUSTOMER }], from: { type: 'phone', number: NUMBER }, ...more } as never;
}

function socketTo(bench: PhoneBench, more: object = {}): object {
  const endpoint = {
    type: 'websocket',
    uri: `${bench.mediaUrl}/media`,
    'content-type': 'audio/l16;rate=16000',
    headers: { callId: 'c-17' },
  };
  return {
    action: 'connect',
    eventType: 'synchronous',
    eventUrl: [`${bench.hookUrl}/event/c-17`],
    endpoint: [endpoint],
    ...more,
  };
}

async function ringIn(script: object = quick): Promise<{ id: string; legUuid: string }> {
  return (await bench.control('POST', '/calls', { from: CUSTOMER, script })) as { id: string; legUuid: string };
}

test('[SB10] an NCCO given with the order runs when the phone answers, and every event is signed over its bytes', async () => {
  await bench.control('POST', '/phones', { number: CUSTOMER, script: quick });
  const created = await bench.vonage.voice.createOutboundCall(
    toPhone({ ncco: [{ action: 'wait', timeout: 0.1 }], eventUrl: [`${bench.hookUrl}/event/a-1`] }),
  );
  expect(created).toMatchObject({ status: 'started', direction: 'outbound' });
  const completed = await bench.event('completed', { uuid: created.uuid });
  expect(completed.path).toBe('/event/a-1');
  expect(completed.body).toMatchObject({
    from: NUMBER,
    to: CUSTOMER,
    direction: 'outbound',
    disconnected_by: 'platform',
    network: '23430',
  });
  expect(completed.body['duration']).toMatch(/^\d+$/u);
  expect(completed.body['price']).toMatch(/^\d+\.\d+$/u);
  expect(bench.hooks.map((hook) => hook.body['status'])).toEqual(['started', 'ringing', 'answered', 'completed']);
  expect(bench.hooks.map(signatureFault)).toEqual([undefined, undefined, undefined, undefined]);
  expect(signatureFault({ ...completed, raw: `${completed.raw} ` })).toBe('payload_hash');
});

test('[SB10] an answer URL is asked when the phone has answered, with the leg, its conversation and its region', async () => {
  await bench.control('POST', '/phones', { number: CUSTOMER, script: quick });
  bench.answers.set('/answer/a-2', () => [{ action: 'wait', timeout: 0.1 }]);
  const created = await bench.vonage.voice.createOutboundCall(
    toPhone({ answerUrl: [`${bench.hookUrl}/answer/a-2`], answerMethod: 'POST' }),
  );
  const asked = await bench.hook((hook) => hook.path === '/answer/a-2');
  expect(asked.body).toMatchObject({
    uuid: created.uuid,
    to: CUSTOMER,
    from: NUMBER,
    endpoint_type: 'phone',
    region_url: bench.running.url,
  });
  expect(signatureFault(asked)).toBeUndefined();
  await bench.event('completed', { uuid: created.uuid });
});

test.each([
  ['busy', 'busy', { sip_code: '486' }],
  ['rejects', 'rejected', { detail: 'declined', sip_code: '603' }],
  ['unreachable', 'unanswered', { detail: 'unavailable', sip_code: '480' }],
  ['out of service', 'failed', { detail: 'number_out_of_service' }],
  ['no answer', 'timeout', {}],
])('[SB11] a phone that %s makes the event %s', async (pickup, status, more) => {
  await bench.control('POST', '/phones', { number: CUSTOMER, script: { ...quick, pickup } });
  const created = await bench.vonage.voice.createOutboundCall(toPhone({ ncco: [wait], ringingTimer: 1 }));
  const event = await bench.event(status, { uuid: created.uuid });
  expect(event.body).toMatchObject(more);
  const rings = (await bench.control('GET', '/rings'))['rings'] as Record<string, number>;
  expect(rings[CUSTOMER]).toBe(1);
});

test('[SB12] a fourth creation within a second is refused, also as an NCCO connect, which tells it as an error', async () => {
  await bench.control('POST', '/phones', { number: '*', script: quick });
  const orders = [1, 2, 3, 4].map((n) =>
    bench.vonage.voice.createOutboundCall(
      toPhone({ to: [{ type: 'phone', number: `44770090010${n}` }], ncco: [wait] }),
    ),
  );
  const results = await Promise.allSettled(orders);
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused).toHaveLength(1);
  expect((refused[0]?.reason as { response: { status: number } }).response.status).toBe(429);
  bench.answers.set('/answer', () => [socketTo(bench), { action: 'wait', timeout: 0.1 }]);
  await ringIn();
  const error = await bench.hook((hook) => 'reason' in hook.body);
  expect(error.body['reason']).toMatch(/throttled/iu);
  expect(error.path).toBe('/event/c-17');
  expect(error.body).not.toHaveProperty('uuid');
});

test('[SB13] a call can be hung up, listed by time, and is unknown under another id', async () => {
  await bench.control('POST', '/phones', { number: CUSTOMER, script: quick });
  const before = new Date(Date.now() - 1_000).toISOString();
  const created = await bench.vonage.voice.createOutboundCall(toPhone({ ncco: [wait] }));
  await bench.event('answered', { uuid: created.uuid });
  const listed = await bench.vonage.voice.getCallsPage({ dateStart: before, pageSize: 50 });
  expect(listed._embedded.calls.map((call) => call.uuid)).toEqual([created.uuid]);
  const none = await bench.vonage.voice.getCallsPage({ dateStart: new Date(Date.now() + 60_000).toISOString() });
  expect(none._embedded.calls).toEqual([]);
  expect(await bench.vonage.voice.getCall(created.uuid)).toMatchObject({
    uuid: created.uuid,
    status: 'answered',
    direction: 'outbound',
  });
  await bench.vonage.voice.hangupCall(created.uuid);
  await bench.event('completed', { uuid: created.uuid, disconnected_by: 'platform' });
  await expect(bench.vonage.voice.hangupCall('6b0d7c9a-0000-4000-8000-000000000000')).rejects.toMatchObject({
    response: { status: 404 },
  });
});

test('[SB13] a request with a foreign key, or none, is refused', async () => {
  const url = `${bench.running.url}/v1/calls`;
  expect((await fetch(url)).status).toBe(401);
  const foreign = await startBench();
  try {
    const token = await captureToken(foreign);
    expect((await fetch(url, { headers: { authorization: token } })).status).toBe(401);
  } finally {
    await foreign.close();
  }
});

test('[SB13] a transfer replaces the list, moves the leg to a new conversation and closes the media socket', async () => {
  bench.answers.set('/answer', () => [socketTo(bench)]);
  const { legUuid } = await ringIn();
  const connection = await bench.connection(0);
  await bench.event('answered', { to: `${bench.mediaUrl}/media` });
  await bench.vonage.voice.transferCallWithNCCO(legUuid, [{ action: 'talk', text: 'Bye.', language: 'en-US' }]);
  const moved = await bench.hook((hook) => 'conversation_uuid_to' in hook.body);
  expect(moved.body).toMatchObject({ uuid: legUuid });
  expect(moved.body['conversation_uuid_to']).not.toBe(moved.body['conversation_uuid_from']);
  await bench.until(() => connection.socket.readyState === connection.socket.CLOSED);
  await bench.event('completed', { uuid: legUuid });
  expect(bench.hooks.some((hook) => hook.body['status'] === 'disconnected')).toBe(false);
});

test('[SB14] the media socket greets with its headers flattened, sends 20 ms frames, plays, marks and clears', async () => {
  bench.answers.set('/answer', () => [socketTo(bench)]);
  const { id } = await ringIn();
  const connection = await bench.connection(0);
  await bench.until(() => connection.frames.length >= 5);
  expect(connection.texts[0]).toEqual({
    event: 'websocket:connected',
    'content-type': 'audio/l16;rate=16000',
    callId: 'c-17',
  });
  expect(connection.frames.every((frame) => frame.length === 640)).toBe(true);
  for (const frame of tone(10)) connection.socket.send(frame);
  connection.socket.send(JSON.stringify({ action: 'notify', payload: { upTo: 1 } }));
  await bench.until(() => connection.texts.some((text) => text['event'] === 'websocket:notify'));
  const framesWhenPlayed = connection.frames.length;
  for (const frame of tone(500)) connection.socket.send(frame);
  connection.socket.send(JSON.stringify({ action: 'notify', payload: { upTo: 2 } }));
  connection.socket.send(JSON.stringify({ action: 'clear' }));
  await bench.until(() => connection.texts.some((text) => text['event'] === 'websocket:cleared'));
  expect(connection.texts.filter((text) => text['event'] === 'websocket:notify')).toEqual([
    { event: 'websocket:notify', payload: { upTo: 1 } },
  ]);
  expect(framesWhenPlayed).toBeGreaterThanOrEqual(10);
  await bench.control('POST', `/calls/${id}/press`, { digits: '5#' });
  await bench.until(() => connection.texts.filter((text) => text['event'] === 'websocket:dtmf').length === 2);
  expect(connection.texts.at(-1)).toMatchObject({ event: 'websocket:dtmf', digit: '#' });
  const heard = (await bench.control('GET', `/calls/${id}`))['heard'] as { firstLoudMs: number; loudFrames: number };
  expect(heard.loudFrames).toBeGreaterThanOrEqual(9);
});

test('[SB14] a leg at 8 kHz has frames of 320 bytes', async () => {
  const endpoint = {
    type: 'websocket',
    uri: `${bench.mediaUrl}/media`,
    'content-type': 'audio/l16;rate=8000',
    headers: {},
  };
  bench.answers.set('/answer', () => [socketTo(bench, { endpoint: [endpoint] })]);
  await ringIn();
  const connection = await bench.connection(0);
  await bench.until(() => connection.frames.length >= 3);
  expect(connection.frames.every((frame) => frame.length === 320)).toBe(true);
});

test('[SB15] the answer to `disconnected` brings the caller to the next media host, with the headers to know the call by', async () => {
  bench.answers.set('/answer', () => [socketTo(bench), { action: 'talk', text: 'never said' }]);
  bench.answers.set('/event/c-17', (hook) =>
    hook.body['status'] === 'disconnected' ? [socketTo(bench, { from: '1234567' })] : {},
  );
  const { legUuid } = await ringIn();
  (await bench.connection(0)).socket.terminate();
  const second = await bench.connection(1);
  await bench.until(() => second.frames.length > 2);
  const gone = await bench.event('disconnected');
  expect(gone.body['headers']).toEqual({ callId: 'c-17' });
  expect(gone.path).toBe('/event/c-17');
  expect(await bench.vonage.voice.getCall(legUuid)).toMatchObject({ status: 'answered' });
  await bench.vonage.voice.hangupCall(legUuid);
  await bench.until(() => second.socket.readyState === second.socket.CLOSED);
});

test('[SB15] when `disconnected` is lost too, the list goes on', async () => {
  await bench.control('POST', '/faults', { loseWebhooks: ['disconnected'] });
  bench.answers.set('/answer', () => [socketTo(bench), { action: 'talk', text: 'One moment.' }, socketTo(bench)]);
  await ringIn();
  (await bench.connection(0)).socket.terminate();
  await bench.connection(1);
  expect(bench.hooks.some((hook) => hook.body['status'] === 'disconnected')).toBe(false);
});

test('[SB15] a host that refuses the upgrade makes `failed`, whose answer is followed', async () => {
  const nowhere = {
    type: 'websocket',
    uri: 'ws://127.0.0.1:9/media',
    'content-type': 'audio/l16;rate=16000',
    headers: { callId: 'c-17' },
  };
  bench.answers.set('/answer', () => [socketTo(bench, { endpoint: [nowhere] })]);
  bench.answers.set('/event/c-17', (hook) => (hook.body['status'] === 'failed' ? [socketTo(bench)] : {}));
  await ringIn();
  await bench.connection(0);
});

test('[SB16] an operator is briefed alone, then joined; a busy one gives the caller back', async () => {
  await bench.control('POST', '/phones', { number: '447700900001', script: quick });
  await bench.control('POST', '/phones', { number: '447700900002', script: { ...quick, pickup: 'busy' } });
  const operator = (number: string): object => ({
    action: 'connect',
    eventType: 'synchronous',
    eventUrl: [`${bench.hookUrl}/event/op`],
    timeout: 5,
    endpoint: [{ type: 'phone', number, onAnswer: { url: `${bench.hookUrl}/briefing` } }],
  });
  bench.answers.set('/answer', () => [operator('447700900002')]);
  bench.answers.set('/event/op', (hook) => (hook.body['status'] === 'busy' ? [operator('447700900001')] : {}));
  bench.answers.set('/briefing', () => [{ action: 'talk', text: 'The customer asks for a refund.' }]);
  const { id } = await ringIn();
  await bench.hook((hook) => hook.path === '/briefing');
  const operatorCall = await bench.until(() =>
    [...bench.running.sandbox.network.calls.values()].find((call) => call.settings.number === '447700900001'),
  );
  await bench.until(() => operatorCall.botTextSince(-1) === 'The customer asks for a refund.');
  expect(bench.running.sandbox.network.calls.get(id)?.botUtterances()).toEqual([]);
  const leg = bench.running.sandbox.network.legs.get(operatorCall.line?.legUuid ?? '');
  await bench.until(() => leg?.room?.legs.size === 2);
  operatorCall.hangUp();
  await bench.event('completed', { uuid: leg?.uuid });
});

test('[SB17] no answer webhook: the fallback is asked, told why, and its list runs', async () => {
  bench.answers.set('/answer', () => 500);
  bench.answers.set('/fallback', () => [{ action: 'wait', timeout: 0.1 }]);
  const { legUuid } = await ringIn();
  const asked = await bench.hook((hook) => hook.path === '/fallback');
  expect(asked.body).toMatchObject({
    reason: 'HTTP 500',
    original_request: { url: `${bench.hookUrl}/answer`, type: 'answer' },
  });
  await bench.event('completed', { uuid: legUuid });
  expect(bench.hooks.filter((hook) => hook.path === '/answer')).toHaveLength(1);
});

test('[SB17] a busy application is asked once more', async () => {
  let asked = 0;
  bench.answers.set('/answer', () => ((asked += 1) === 1 ? 503 : [{ action: 'wait', timeout: 0.1 }]));
  const { legUuid } = await ringIn();
  await bench.event('answered', { uuid: legUuid });
  expect(asked).toBe(2);
});

test('[SB18] input collects keys until the hash and its answer goes on', async () => {
  bench.answers.set('/answer', () => [
    {
      action: 'input',
      type: ['dtmf'],
      dtmf: { maxDigits: 6, submitOnHash: true, timeOut: 8 },
      eventUrl: [`${bench.hookUrl}/keys`],
    },
  ]);
  bench.answers.set('/keys', () => [{ action: 'talk', text: 'Thank you.' }]);
  const { id } = await ringIn();
  await bench.event('answered');
  await bench.control('POST', `/calls/${id}/press`, { digits: '42#' });
  const input = await bench.hook((hook) => hook.path === '/keys');
  expect(input.body['dtmf']).toEqual({ digits: '42', timed_out: false });
  await bench.until(() => bench.running.sandbox.network.calls.get(id)?.botTextSince(-1) === 'Thank you.');
});

test('[SB18] a recording is kept and told, and can be fetched with the application’s token', async () => {
  bench.answers.set('/answer', () => [
    { action: 'record', split: 'conversation', format: 'wav', eventUrl: [`${bench.hookUrl}/recording`] },
    { action: 'talk', text: 'This call is recorded.' },
  ]);
  await ringIn();
  const told = await bench.hook((hook) => hook.path === '/recording');
  const token = await captureToken(bench);
  const file = await fetch(String(told.body['recording_url']), { headers: { authorization: token } });
  const wav = Buffer.from(await file.arrayBuffer());
  expect(wav.length).toBe(told.body['size']);
  expect(wav.readUInt16LE(22)).toBe(2);
});

test('[SB19] on request webhooks come twice, and a creation is taken but not acknowledged', async () => {
  await bench.control('POST', '/phones', { number: CUSTOMER, script: quick });
  await bench.control('POST', '/faults', { duplicateWebhooks: 1, createWithoutAck: { next: 1, how: 'error' } });
  await expect(
    bench.vonage.voice.createOutboundCall(toPhone({ ncco: [{ action: 'wait', timeout: 0.1 }] })),
  ).rejects.toMatchObject({ response: { status: 500 } });
  await bench.until(() => bench.hooks.filter((hook) => hook.body['status'] === 'completed').length === 2);
  const [first, second] = bench.hooks.filter((hook) => hook.body['status'] === 'answered');
  expect(first?.raw).toBe(second?.raw);
  expect(first?.token).toBe(second?.token);
  expect(((await bench.control('GET', '/rings'))['rings'] as Record<string, number>)[CUSTOMER]).toBe(1);
  await bench.control('DELETE', '/faults');
  expect(((await bench.control('GET', '/faults'))['phone'] as { duplicateWebhooks: number }).duplicateWebhooks).toBe(0);
});

test('[SB20] a scripted customer speaks over the media path, hears words, and says what is missing', async () => {
  bench.answers.set('/answer', () => [
    { action: 'talk', text: 'Welcome to the bank. What is your name?' },
    socketTo(bench),
  ]);
  const { id } = await ringIn({
    ringMs: 0,
    steps: [
      { expects: '/your name/', withinMs: 10_000 },
      { says: 'My name is Anna Petrova.' },
      { expects: '/account number/', withinMs: 300 },
    ],
  });
  const call = bench.running.sandbox.network.calls.get(id);
  await bench.until(() => call?.state === 'over');
  expect(call?.transcript().map(({ who, text }) => `${who}: ${text ?? '?'}`)).toEqual([
    'bot: Welcome to the bank. What is your name?',
    'customer: My name is Anna Petrova.',
  ]);
  expect(call?.errors).toHaveLength(1);
  expect(call?.errors[0]).toContain('account number');
});

test('[SB24] who was loud when, and what was spoken, is told by the machine’s clock, and how punctual the network’s was', async () => {
  await bench.control('POST', '/voices', { who: 'phone', phrases: ['My name is Anna Petrova.'] });
  await bench.control('DELETE', '/load');
  bench.answers.set('/answer', () => [{ action: 'talk', text: 'Welcome to the bank.' }, socketTo(bench)]);
  const beganMs = Date.now();
  const steps = [{ waitsForSilenceMs: 300 }, { says: 'My name is Anna Petrova.' }, { waitsMs: 100 }, { hangsUp: true }];
  const { id } = await ringIn({ ringMs: 0, steps });
  await bench.until(() => bench.running.sandbox.network.calls.get(id)?.state === 'over');
  const { calls } = (await bench.control('GET', '/timelines')) as { calls: Timeline[] };
  const line = calls.find((one) => one.id === id);
  const [botFrom, botUntil] = [line?.bot[0]?.[0] ?? 0, line?.bot.at(-1)?.[1] ?? 0];
  const saidFrom = line?.customer[0]?.[0] ?? 0;
  expect(botFrom).toBeGreaterThan(beganMs);
  expect(saidFrom).toBeGreaterThanOrEqual(botUntil + 280);
  expect(line?.customer.at(-1)?.[1]).toBeLessThan(Date.now());
  expect(line?.spoken).toMatchObject([{ text: 'My name is Anna Petrova.', whole: true }]);
  expect(line?.spoken[0]?.fromMs).toBeLessThanOrEqual(saidFrom);
  expect(line?.dry.length).toBeGreaterThan(0);
  const load = await bench.control('GET', '/load');
  // The welcome was new to espeak, the phrase was not.
  expect(load['rendered']).toEqual([expect.stringContaining('Welcome to the bank.')]);
  expect(load['clockLateMs']).toMatchObject({ p50: expect.any(Number), max: expect.any(Number) });
});

interface Timeline {
  id: string;
  customer: [number, number][];
  bot: [number, number][];
  dry: [number, number][];
  spoken: { text: string; fromMs: number; whole: boolean }[];
}

test('[SB21] SMS: accepted, reported as submitted and delivered; a customer’s own arrives signed', async () => {
  const sent = await bench.vonage.messages.send({
    channel: 'sms',
    messageType: 'text',
    to: CUSTOMER,
    from: NUMBER,
    text: 'Ваш заказ готов',
    clientRef: 'c-17/sms-1',
    webhookUrl: `${bench.hookUrl}/status`,
  });
  const delivered = await bench.event('delivered');
  expect(delivered.body).toMatchObject({
    message_uuid: sent.messageUUID,
    client_ref: 'c-17/sms-1',
    channel: 'sms',
    sms: { count_total: '1' },
  });
  expect(signatureFault(delivered)).toBeUndefined();
  await expect(
    bench.vonage.messages.send({ channel: 'sms', messageType: 'text', to: '+44', from: NUMBER, text: 'x' }),
  ).rejects.toMatchObject({ response: { status: 422 } });
  await bench.control('POST', '/sms', { from: CUSTOMER, text: 'YES please' });
  const inbound = await bench.hook((hook) => hook.path === '/sms');
  expect(inbound.body).toMatchObject({ from: CUSTOMER, to: NUMBER, text: 'YES please', sms: { keyword: 'YES' } });
  expect(await bench.vonage.sms.send({ to: CUSTOMER, from: NUMBER, text: 'Hi' })).toMatchObject({
    messages: [{ status: '0' }],
  });
});

/** The token that the SDK sends, seen at an address of ours. */
async function captureToken(of: PhoneBench): Promise<string> {
  return `Bearer ${await (of.vonage.voice as unknown as { auth: { createBearerHeader?(): Promise<string> } }).auth.createBearerHeader?.()}`.replace(
    'Bearer Bearer',
    'Bearer',
  );
}

test('[SB19] faults of every stand-in are set by field, a wrong name is refused, all are put back', async () => {
  const before = await bench.control('GET', '/faults');
  await bench.control('POST', '/faults', {
    loseWebhooks: ['disconnected'],
    crm: { errorNext: 2 },
    speech: { stt: { finalDelayMs: 900 } },
    model: { perTokenMs: 40 },
  });
  const during = await bench.control('GET', '/faults');
  expect(during).toMatchObject({
    phone: { loseWebhooks: ['disconnected'] },
    crm: { errorNext: 2 },
    speech: { stt: { finalDelayMs: 900 } },
    model: { perTokenMs: 40 },
  });
  await expect(bench.control('POST', '/faults', { crm: { rainNext: 1 } })).rejects.toThrow('rainNext');
  await expect(bench.control('POST', '/faults', { loseWebhook: [] })).rejects.toThrow('loseWebhook');
  expect(await bench.control('DELETE', '/faults')).toEqual(before);
});
