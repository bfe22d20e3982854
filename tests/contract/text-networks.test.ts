/** Text messages by every way, on the networks' own wire: sent, reported, written by a customer, forged. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asCallId, asE164 } from '../../domain/ids.ts';
import type { Sms } from '../../providers/sms.ts';
import { withFallback } from '../../providers/sms-fallback.ts';
import { twilioSignature } from '../../providers/twilio/door.ts';
import { createTwilioSms } from '../../providers/twilio/sms.ts';
import { createVonageSms } from '../../providers/vonage/sms.ts';
import { createVonageSmsApi } from '../../providers/vonage/sms-api.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import { settingsFrom } from '../../sandbox/settings.ts';
import type { CallView } from '../../workflows/call/messages.ts';
import { aCall, aCallback, spoken } from './store-documents.ts';
import { CUSTOMER, startApi, type ApiHarness } from '../kit/api-harness.ts';

const SECRET = 'signature-secret-for-tests';
const TOKEN = 'twilio-token';
const TWILIO_NUMBER = asE164('+12025550143');
const UNDELIVERABLE = asE164('+447700000000');
const newKey = (): string =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
const account = { apiKey: 'abcd1234', apiSecret: 'secret', applicationId: 'app-1', privateKey: newKey() };
const log = pino({ level: 'silent' });
const LONG = { timeout: 60_000 };

let api: ApiHarness;
let sandbox: RunningSandbox;

beforeEach(async () => {
  api = await startApi({ signatureSecret: SECRET, twilioToken: TOKEN });
  api.settings.publicUrl = api.url;
  sandbox = await startSandbox(
    settingsFrom({
      SANDBOX_HTTP_PORT: '0',
      SANDBOX_GRPC_PORT: '0',
      SANDBOX_ANSWER_URL: `${api.url}/vonage/answer`,
      SANDBOX_EVENT_URL: `${api.url}/vonage/event`,
      VONAGE_SIGNATURE_SECRET: SECRET,
      VONAGE_API_KEY: account.apiKey,
      VONAGE_API_SECRET: account.apiSecret,
      VONAGE_APPLICATION_ID: account.applicationId,
      VONAGE_PRIVATE_KEY: account.privateKey,
      VONAGE_NUMBER: api.settings.botNumber.slice(1),
      TWILIO_AUTH_TOKEN: TOKEN,
    }),
    log,
  );
});
afterEach(async () => {
  await sandbox.close();
  await api[Symbol.asyncDispose]();
});

const control = async (path: string, body: object): Promise<unknown> => {
  const reply = await fetch(`${sandbox.url}/control${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(reply.ok, await reply.clone().text()).toBe(true);
  return await reply.json();
};
const message = (text: string, to = CUSTOMER) => ({
  from: api.settings.botNumber,
  to,
  text,
  idempotencyKey: 'call-1/turn-1/send_sms',
});

interface Way {
  way: 'messages' | 'sms' | 'twilio';
  path: string;
  sms: (broken?: { secret?: true; apiUrl?: string }) => Sms;
}
const ways: Way[] = [
  {
    way: 'messages',
    path: '/vonage/sms',
    sms: ({ secret, apiUrl = sandbox.url } = {}) =>
      createVonageSms(
        { ...account, ...(secret === true ? { privateKey: newKey() } : {}), apiUrl },
        { statusUrl: `${api.url}/vonage/sms/status`, timeoutMs: 1_000 },
      ),
  },
  {
    way: 'sms',
    path: '/vonage/sms-api',
    sms: ({ secret, apiUrl = sandbox.url } = {}) =>
      createVonageSmsApi(
        { ...account, ...(secret === true ? { apiSecret: 'wrong' } : {}), apiUrl },
        { statusUrl: `${api.url}/vonage/sms-api/status`, timeoutMs: 1_000 },
      ),
  },
  {
    way: 'twilio',
    path: '/twilio/sms',
    sms: ({ secret, apiUrl = sandbox.url } = {}) =>
      createTwilioSms(
        { accountSid: 'ACsandbox', authToken: secret === true ? 'wrong' : TOKEN, phoneNumber: TWILIO_NUMBER, apiUrl },
        { statusUrl: `${api.url}/twilio/sms/status`, timeoutMs: 1_000 },
      ),
  },
];

describe.each(ways)('by $way', ({ way, path, sms }) => {
  test('[SM1] [SM2] a text goes out as it is, and its reports say what became of it', async () => {
    const { messageId } = await sms().send(message('Готово & «так» = да'));
    await expect
      .poll(() => api.store.reports.map(({ status }) => status), LONG)
      .toEqual(['submitted', 'delivered'].slice(way === 'sms' ? 1 : 0));
    for (const report of api.store.reports)
      expect(report).toMatchObject({ messageId, ref: 'call-1/turn-1/send_sms', detail: null });
    const [taken] = sandbox.sandbox.messages.all;
    expect(taken).toMatchObject({ text: 'Готово & «так» = да', to: CUSTOMER.slice(1), segments: 1 });
    expect(taken?.from).toBe((way === 'twilio' ? TWILIO_NUMBER : api.settings.botNumber).slice(1));
  });

  test('[SM2] what cannot be delivered is told with the network’s reason', async () => {
    const { messageId } = await sms().send(message('Hello', UNDELIVERABLE));
    await expect.poll(() => api.store.reports.at(-1)?.status, LONG).toBe('failed');
    expect(api.store.reports.at(-1)).toMatchObject({ messageId, detail: expect.stringMatching(/\d/) });
  });

  test('[SM8] the call that sent it hears that it failed, with the network’s reason', async () => {
    api.temporal.views.set(asCallId('call-1'), {} as CallView);
    const { messageId } = await sms().send(message('Hello', UNDELIVERABLE));
    await expect.poll(() => api.temporal.asked, LONG).toHaveLength(1);
    expect(api.temporal.asked).toMatchObject([
      {
        what: 'textReported',
        callId: 'call-1',
        detail: { messageId, became: 'failed', reason: expect.stringMatching(/\d/) },
      },
    ]);
  });

  test('[SM9] of a call that is over a colleague gets a task, taken back when the text arrives', async () => {
    const ref = 'call-1/turn-1/send_sms';
    api.store.calls.set(
      'call-1',
      aCall({
        ...{ call_id: 'call-1', phone_number: UNDELIVERABLE, bot_phone_number: api.settings.botNumber, lang: 'fr-FR' },
        messages: [
          {
            ...{ ...spoken('assistant', 'Hello'), action: 'sms' as const },
            sms: { message_id: null, ref, status: 'submitted', detail: null },
          },
        ],
      }),
    );
    await sms().send(message('Hello', UNDELIVERABLE));
    await expect.poll(() => api.temporal.promised, LONG).toHaveLength(1);
    const [task] = api.temporal.promised;
    expect(task).toMatchObject({ owner: 'human', fromCallId: 'call-1', customerNumber: UNDELIVERABLE });
    expect(task?.description).toContain('Hello');
    expect(task?.initiate.language).toBe('fr-FR');
    // The customer is not written to again.
    expect(sandbox.sandbox.messages.all).toHaveLength(1);

    api.store.texts.noteReport = () => Promise.resolve('arrived');
    await sms().send(message('Hello'));
    await expect.poll(() => api.temporal.asked.some(({ what }) => what === 'cancel'), LONG).toBe(true);
  });

  test('[SM9] a reminder that was to come by text alone becomes a colleague’s task', async () => {
    const reminder = {
      ...aCallback({ callback_id: 'promise-1', phone_number: UNDELIVERABLE }),
      description: 'Fetch it',
    };
    api.store.callbacks.set('promise-1', { ...reminder, channel: 'sms' });
    api.store.callbacks.set('promise-2', { ...reminder, callback_id: 'promise-2', channel: 'both' });
    await sms().send({ ...message('Fetch it', UNDELIVERABLE), idempotencyKey: 'promise-2/1' });
    await sms().send({ ...message('Fetch it', UNDELIVERABLE), idempotencyKey: 'promise-1/1' });
    await expect.poll(() => api.temporal.promised, LONG).toHaveLength(1);
    await expect.poll(() => api.store.reports.filter(({ status }) => status === 'failed'), LONG).toHaveLength(2);
    // Of the other they hear when they are rung.
    expect(api.temporal.promised).toMatchObject([{ owner: 'human', description: expect.stringContaining('Fetch it') }]);
  });

  test('[SM1] refused, out of reach and in doubt are told apart', async () => {
    const kindOf = (sending: Promise<unknown>) =>
      sending.then(
        () => 'sent',
        (error: unknown) => (error as { kind: string }).kind,
      );
    expect(await kindOf(sms({ secret: true }).send(message('Hello')))).toBe('credentials');
    expect(await kindOf(sms({ apiUrl: 'http://127.0.0.1:65531' }).send(message('Hello')))).toBe('unreachable');
    expect(await kindOf(sms().send(message('Hello', asE164('+0'))))).toBe('bad_request');
    for (const how of ['error', 'silence']) {
      await control('/faults', { messageWithoutAck: { next: 1, how } });
      expect(await kindOf(sms().send(message('Hello')))).toBe('in_doubt');
    }
  });

  test('[WH10] [TM1] what a customer writes is told to their line, once', async () => {
    const to = way === 'twilio' ? { to: TWILIO_NUMBER.slice(1) } : {};
    await control('/sms', { from: CUSTOMER.slice(1), text: 'anna@example.com & = ü', way, ...to });
    await expect.poll(() => api.temporal.opened.length, LONG).toBe(1);
    const [opened] = api.temporal.opened;
    expect(opened).toMatchObject({
      customerNumber: CUSTOMER,
      request: { direction: 'inbound', botNumber: api.settings.botNumber, leg: null },
    });
    expect(opened?.request.text?.text).toBe('anna@example.com & = ü');
    expect(opened?.updateId).toBe(`sms:${opened?.request.text?.messageId ?? ''}`);
    // To a number that takes messages alone.
    expect(opened?.request.text?.anyNumber).toBe(way === 'twilio' ? true : undefined);
  });

  test('[WH11] [SM5] [SM6] a forged text or report gets 401 and does nothing', async () => {
    const forged = { message_uuid: 'm', messageId: 'm', MessageSid: 'm', status: 'delivered', channel: 'sms' };
    for (const at of [path, `${path}/status`])
      for (const headers of [{}, { authorization: 'Bearer a.b.c', 'x-twilio-signature': 'AAAA' }]) {
        const body = JSON.stringify({ ...forged, sig: 'A'.repeat(64), timestamp: '1' });
        const answer = await fetch(api.url + at, { method: 'POST', headers, body });
        expect(answer.status).toBe(401);
      }
    expect(api.temporal.opened).toEqual([]);
    expect(api.store.reports).toEqual([]);
  });
});

test('[SM5] every hash that an account may have is known by its signature; one that is old is refused', async () => {
  const post = async (age: number, sign: (text: string) => string): Promise<number> => {
    const fields: Record<string, string> = {
      msisdn: CUSTOMER.slice(1),
      to: api.settings.botNumber.slice(1),
      messageId: `m-${String(Math.random())}`,
      text: 'a=b&c',
      timestamp: String(Math.floor(Date.now() / 1_000) - age),
    };
    const text = Object.keys(fields)
      .sort()
      .map((name) => `&${name}=${(fields[name] ?? '').replace(/[&=]/g, '_')}`)
      .join('');
    const body = new URLSearchParams({ ...fields, sig: sign(text) });
    return (await fetch(`${api.url}/vonage/sms-api`, { method: 'POST', body })).status;
  };
  for (const hash of ['md5', 'sha1', 'sha256', 'sha512'])
    expect(await post(0, (text) => createHmac(hash, SECRET).update(text).digest('hex').toUpperCase())).toBe(200);
  expect(await post(3_600, (text) => createHmac('sha256', SECRET).update(text).digest('hex'))).toBe(401);
  expect(await post(0, (text) => createHmac('sha256', 'another').update(text).digest('hex'))).toBe(401);
});

test('[SM6] the signature covers the address as the network was given it', async () => {
  // Twilio's own example: https://www.twilio.com/docs/usage/security
  const fields = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+12349013030',
    Digits: '1234',
    From: '+12349013030',
    To: '+18005551212',
  };
  const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
  expect(twilioSignature(url, fields, '12345')).toBe('0/KCTR6DLpKmkAf8muzZqo1nDgQ=');
});

test('[SM3] out of reach or not let in, a text goes the other way; in doubt it goes no way', async () => {
  const [messages, older] = ways as [Way, Way, Way];
  const sent = () => sandbox.sandbox.messages.all.length;
  const both = (broken: Parameters<Way['sms']>[0]) => withFallback(messages.sms(broken), older.sms(), log);
  await both({ secret: true }).send(message('One'));
  await both({ apiUrl: 'http://127.0.0.1:65531' }).send(message('Two'));
  expect(sent()).toBe(2);
  await control('/faults', { messageWithoutAck: { next: 1, how: 'error' } });
  await expect(both({}).send(message('Three'))).rejects.toMatchObject({ kind: 'in_doubt' });
  expect(sent()).toBe(3);
  await expect(both({}).send(message('', CUSTOMER))).rejects.toMatchObject({ kind: 'bad_request' });
  expect(sent()).toBe(3);
});
