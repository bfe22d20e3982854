/** Call control and webhooks together: the adapter and the api on one side, the phone network on its own wire on the other. */
import { generateKeyPairSync } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { asAttemptId, asCallId, asE164, asLegId, asNumberKey } from '../../domain/ids.ts';
import type { LegEvent } from '../../domain/leg.ts';
import { createVonageSms } from '../../providers/vonage/sms.ts';
import { createVonageTelephony } from '../../providers/vonage/telephony.ts';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import { settingsFrom } from '../../sandbox/settings.ts';
import { aHost, CUSTOMER, startApi, type ApiHarness } from '../kit/api-harness.ts';

const SECRET = 'signature-secret-for-tests';
const OPERATOR = asE164('+447700900777');
const CALL = asCallId('11111111-1111-8111-8111-111111111111');
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const account = {
  apiKey: 'abcd1234',
  apiSecret: 'secret',
  applicationId: '6f1c0d4e-0000-4000-8000-00000000c0de',
  privateKey,
};
const LONG = { timeout: 60_000 };

interface Connected {
  socket: WebSocket;
  host: string;
  callId: string;
}

let api: ApiHarness;
let sandbox: RunningSandbox;
let media: WebSocketServer;
let connected: Connected[];

beforeEach(async () => {
  connected = [];
  media = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  media.on('connection', (socket, request) => {
    socket.once('message', (data) => {
      const { callId = '' } = JSON.parse((data as Buffer).toString('utf8')) as { callId?: string };
      connected.push({ socket, host: new URL(request.url ?? '', 'ws://x').pathname.split('/').pop() ?? '', callId });
    });
  });
  api = await startApi({ signatureSecret: SECRET });
  api.settings.publicUrl = api.url;
  const { port } = media.address() as AddressInfo;
  const at = (name: string) => ({ ...aHost(name), publicUrl: `ws://127.0.0.1:${port}/media/${name}` });
  api.hosts.splice(0, 2, at('one'), { ...at('two'), liveCalls: 5 });
  sandbox = await startSandbox(
    settingsFrom({
      SANDBOX_HTTP_PORT: '0',
      SANDBOX_GRPC_PORT: '0',
      SANDBOX_ANSWER_URL: `${api.url}/vonage/answer`,
      SANDBOX_EVENT_URL: `${api.url}/vonage/event`,
      SANDBOX_FALLBACK_URL: `${api.url}/vonage/fallback`,
      VONAGE_SIGNATURE_SECRET: SECRET,
      VONAGE_API_KEY: account.apiKey,
      VONAGE_API_SECRET: account.apiSecret,
      VONAGE_APPLICATION_ID: account.applicationId,
      VONAGE_PRIVATE_KEY: privateKey,
      VONAGE_NUMBER: api.settings.botNumber.slice(1),
    }),
    pino({ level: 'silent' }),
  );
});
afterEach(async () => {
  await sandbox.close();
  for (const client of media.clients) client.terminate();
  media.close();
  await api[Symbol.asyncDispose]();
});

const telephony = () => createVonageTelephony({ ...account, apiUrl: sandbox.url });
const control = async (path: string, body: unknown): Promise<void> => {
  const reply = await fetch(`${sandbox.url}/control${path}`, { method: 'POST', body: JSON.stringify(body) });
  expect(reply.ok, await reply.clone().text()).toBe(true);
};
const aPhone = (number: string, script: object) => control('/phones', { number: number.slice(1), script });
const talks = { ringMs: 0, steps: [{ converses: true }] };
const statuses = (events: { event: LegEvent }[], role: string) =>
  events.filter(({ event }) => event.role === role).map(({ event }) => event.status);
const dialRequest = () => ({
  attemptId: asAttemptId('attempt-1'),
  to: CUSTOMER,
  from: api.settings.botNumber,
  answerUrl: `${api.url}/vonage/answer/${CALL}/attempt-1`,
  eventUrl: `${api.url}/vonage/event/${CALL}/attempt-1`,
  ringTimeoutS: 20,
});

test('[RC6] an inbound call meets the bot; its socket lost, the same call meets it on another host, until it is hung up', async () => {
  await control('/calls', { from: CUSTOMER.slice(1), script: talks });
  await expect.poll(() => connected.length, LONG).toBe(1);
  const [opened] = api.temporal.opened;
  expect(connected[0]).toMatchObject({ host: 'one', callId: opened?.request.proposedCallId });
  connected[0]?.socket.terminate();
  await expect.poll(() => connected.length, LONG).toBe(2);
  expect(connected[1]).toMatchObject({ host: 'two', callId: opened?.request.proposedCallId });
  const leg = { legId: asLegId(String(opened?.request.leg?.legId)), regionUrl: opened?.request.leg?.regionUrl ?? null };
  expect(await telephony().legStatus(leg)).toBe('answered');
  await telephony().hangUp(leg);
  await expect.poll(() => statuses(api.temporal.toldLine, 'customer'), LONG).toContain('completed');
  expect(statuses(api.temporal.told, 'media')).toContain('disconnected');
  expect(api.temporal.toldLine.every(({ numberKey }) => numberKey === asNumberKey(CUSTOMER))).toBe(true);
});

test('[DI7] a dialled customer answers, is admitted to the attempt, meets the bot, and is found in the network’s list', async () => {
  await aPhone(CUSTOMER, talks);
  const sinceMs = Date.now();
  const dialled = await telephony().dial(dialRequest());
  await expect.poll(() => connected.length, LONG).toBe(1);
  expect(connected[0]?.callId).toBe(CALL);
  expect(api.temporal.admissions).toMatchObject([
    { callId: CALL, request: { attemptId: 'attempt-1', leg: { legId: dialled.legId } } },
  ]);
  const found = await telephony().findDialled({ to: CUSTOMER, sinceMs });
  expect(found.map(({ legId, status }) => [legId, status])).toEqual([[dialled.legId, 'answered']]);
  expect(await telephony().findDialled({ to: OPERATOR, sinceMs })).toEqual([]);
  await expect.poll(() => statuses(api.temporal.told, 'customer'), LONG).toContain('answered');
  await telephony().hangUp({ legId: dialled.legId, regionUrl: null });
  await expect.poll(() => statuses(api.temporal.told, 'customer'), LONG).toContain('completed');
});

test('[MC6] the network’s list tells of a call that came in: who, to which number, when, and that it is over', async () => {
  const sinceMs = Date.now() - 1_000;
  await control('/calls', { from: CUSTOMER.slice(1), script: talks });
  await expect.poll(() => connected.length, LONG).toBe(1);
  const [opened] = api.temporal.opened;
  const legId = asLegId(String(opened?.request.leg?.legId));
  const mine = async () => (await telephony().listInbound({ sinceMs })).filter((leg) => leg.legId === legId);
  expect(await mine()).toMatchObject([{ from: CUSTOMER, to: opened?.request.botNumber, over: false }]);
  await telephony().hangUp({ legId, regionUrl: null });
  await expect.poll(async () => (await mine())[0]?.over, LONG).toBe(true);
  expect((await mine())[0]?.startedAtMs).toBeGreaterThan(sinceMs - 2_000);
  const dialled = await telephony().findDialled({ to: CUSTOMER, sinceMs });
  expect(dialled).toEqual([]);
});

test('[DI8] a creation taken and not acknowledged is in doubt, and the network’s list tells that it rang', async () => {
  await aPhone(CUSTOMER, talks);
  await control('/faults', { createWithoutAck: { next: 1, how: 'error' } });
  const sinceMs = Date.now();
  await expect(telephony().dial(dialRequest())).rejects.toMatchObject({ kind: 'in_doubt' });
  await expect.poll(async () => (await telephony().findDialled({ to: CUSTOMER, sinceMs })).length, LONG).toBe(1);
});

test('[TR9] an operator who is busy: the customer is back at the bot without anybody’s doing', async () => {
  await aPhone(OPERATOR, { pickup: 'busy' });
  await control('/calls', { from: CUSTOMER.slice(1), script: talks });
  await expect.poll(() => connected.length, LONG).toBe(1);
  const [opened] = api.temporal.opened;
  const callId = opened?.request.proposedCallId ?? CALL;
  const leg = { legId: asLegId(String(opened?.request.leg?.legId)), regionUrl: opened?.request.leg?.regionUrl ?? null };
  await telephony().transfer(leg, [
    {
      do: 'operator',
      number: OPERATOR,
      from: api.settings.botNumber,
      briefingUrl: `${api.url}/vonage/briefing/${callId}`,
      eventUrl: `${api.url}/vonage/event/${callId}/operator`,
      ringTimeoutS: 10,
    },
  ]);
  await expect.poll(() => connected.length, LONG).toBe(2);
  expect(connected[1]?.callId).toBe(callId);
  expect(statuses(api.temporal.told, 'operator')).toContain('busy');
});

test('[SM1] an SMS is taken by the network', async () => {
  const sms = createVonageSms({ ...account, apiUrl: sandbox.url });
  const sent = await sms.send({
    from: api.settings.botNumber,
    to: CUSTOMER,
    text: 'Готово',
    idempotencyKey: 'call/turn/send_sms',
  });
  expect(sent.messageId).toMatch(/^[0-9a-f-]{36}$/);
});
