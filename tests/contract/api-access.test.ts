import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { openedDocument } from '../../api/documents.ts';
import { exposureProblem } from '../../api/access.ts';
import { asCallId } from '../../domain/ids.ts';
import { BOT, CUSTOMER, startApi, webhookToken, type ApiHarness, type TokenChoice } from '../kit/api-harness.ts';

const SECRET = 'signature-secret';
const CALL = '11111111-1111-8111-8111-111111111111';
const ANSWER = { from: '447700900123', to: '447700900001', uuid: 'leg-1', conversation_uuid: 'CON-1' };

/** fetch does not let a test set Host. */
function statusWith(api: ApiHarness, path: string, headers: Record<string, string>): Promise<number> {
  const { port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, headers }, (reply) => {
      reply.resume();
      resolve(reply.statusCode ?? 0);
    });
    asked.on('error', reject).end();
  });
}

async function aCall(api: ApiHarness): Promise<void> {
  await api.store.saveCall({
    ...openedDocument({
      callId: asCallId(CALL),
      direction: 'outbound',
      customerNumber: CUSTOMER,
      botNumber: BOT,
      initiate: api.settings.defaults,
      atMs: Date.now(),
    }),
    version: 1,
  });
}

test.each([
  ['127.0.0.1:8080', {}, 200],
  ['localhost', {}, 200],
  ['[::1]:8080', {}, 200],
  ['evil.example', {}, 403],
  ['127.0.0.1.evil.example', {}, 403],
  ['localhost', { origin: 'http://localhost:5173' }, 200],
  ['localhost', { origin: 'https://evil.example' }, 403],
  ['localhost', { origin: 'null' }, 403],
  ['localhost', { 'x-forwarded-for': '203.0.113.7' }, 403],
  ['localhost', { forwarded: 'for=203.0.113.7' }, 403],
  ['localhost', { 'sec-fetch-site': 'same-origin' }, 200],
  ['localhost', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 200],
  ['localhost', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
])('[AP8] without keys: Host %s with %o is answered %i', async (host, headers, status) => {
  await using api = await startApi();
  expect(await statusWith(api, '/call', { host, ...headers })).toBe(status);
  expect(await statusWith(api, '/', { host, ...headers })).toBe(status);
});

test('[AP8] without keys unsigned webhooks are taken from this machine only, signed ones from anywhere, health always', async () => {
  await using unsigned = await startApi();
  expect(await statusWith(unsigned, '/vonage/answer?uuid=1&from=1&to=2', { host: 'tunnel.example' })).toBe(403);
  const followed = { host: 'localhost', 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' };
  expect(await statusWith(unsigned, '/vonage/answer?uuid=1&from=1&to=2', followed)).toBe(403);
  expect(await statusWith(unsigned, '/health/liveness', { host: '10.0.0.7:8080' })).toBe(200);
  await using signed = await startApi({ signatureSecret: SECRET });
  const headers = {
    host: 'tunnel.example',
    'x-forwarded-for': '203.0.113.7',
    authorization: `Bearer ${webhookToken('', { secret: SECRET })}`,
  };
  expect(await statusWith(signed, '/vonage/answer?uuid=1&from=1&to=2', headers)).toBe(200);
});

test('[AP9] with keys a key is needed, and nothing else is', async () => {
  await using api = await startApi({ settings: { apiKeys: ['first-key', 'second-key'] }, signatureSecret: SECRET });
  const foreign = { host: 'calls.example', 'x-forwarded-for': '203.0.113.7' };
  expect(await statusWith(api, '/call', foreign)).toBe(401);
  expect(await statusWith(api, '/call', { ...foreign, authorization: 'Bearer wrong' })).toBe(401);
  expect(await statusWith(api, '/call', { ...foreign, authorization: 'Bearer second-key' })).toBe(200);
  expect(await statusWith(api, '/', foreign)).toBe(401);
  const basic = `Basic ${Buffer.from('me:first-key').toString('base64')}`;
  expect(await statusWith(api, '/', { ...foreign, authorization: basic })).toBe(200);
  expect(await statusWith(api, '/call', { ...foreign, authorization: basic })).toBe(401);
  expect(await statusWith(api, '/metrics', foreign)).toBe(401);
  expect(await statusWith(api, '/openapi.json', foreign)).toBe(200);
});

test('[RP1] a report opens by key or by its signed link, until the link expires, and no other report with it', async () => {
  await using api = await startApi({ settings: { apiKeys: ['the-key'] }, signatureSecret: SECRET });
  await aCall(api);
  const { body } = await api.get(`/call/${CALL}`, { authorization: 'Bearer the-key' });
  const link = new URL(String(body.report_url));
  const open = (path: string) => statusWith(api, path, { host: 'calls.example' });
  expect(await open(link.pathname)).toBe(401);
  expect(await open(link.pathname + link.search)).toBe(200);
  expect(await open(`/report/${encodeURIComponent(CUSTOMER)}${link.search}`)).toBe(401);
  expect(await open(link.pathname + link.search.replace(/expires=\d+/, 'expires=99999999999'))).toBe(401);
  expect(await open(`${link.pathname}?expires=1000&signature=${link.searchParams.get('signature')}`)).toBe(401);
});

test.each<[string, (TokenChoice & { secret: string }) | null]>([
  ['no token', null],
  ['another secret', { secret: 'forged' }],
  ['another algorithm', { secret: SECRET, alg: 'none' }],
  ['a token of an hour ago', { secret: SECRET, iatS: Math.floor(Date.now() / 1000) - 3_600 }],
  ['a token from the future', { secret: SECRET, iatS: Math.floor(Date.now() / 1000) + 3_600 }],
  ['the hash of another body', { secret: SECRET, payloadHash: createHash('sha256').update('{}').digest('hex') }],
  ['no hash at all', { secret: SECRET, payloadHash: '' }],
])('[WH11] a webhook with %s gets 401 and does nothing', async (_what, token) => {
  await using api = await startApi({ signatureSecret: SECRET });
  const raw = JSON.stringify(ANSWER);
  const headers = {
    'content-type': 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${webhookToken(raw, token)}` }),
  };
  const reply = await fetch(`${api.url}/vonage/answer`, { method: 'POST', headers, body: raw });
  expect(reply.status).toBe(401);
  expect(api.temporal.opened).toEqual([]);
});

test('[WH12] a repeated token with the same body gets the earlier answer, with another body 401', async () => {
  await using api = await startApi({ signatureSecret: SECRET });
  const first = await api.webhook('/vonage/answer', ANSWER, { jti: 'token-1' });
  const again = await api.webhook('/vonage/answer', ANSWER, { jti: 'token-1' });
  const other = await api.webhook('/vonage/answer', { ...ANSWER, uuid: 'leg-2' }, { jti: 'token-1' });
  expect([first.status, again.status, other.status]).toEqual([200, 200, 401]);
  expect(again.body).toEqual(first.body);
  expect(api.temporal.opened).toHaveLength(1);
});

test('[WH12] a token of a GET webhook, which has no body, serves its own address only', async () => {
  await using api = await startApi({ signatureSecret: SECRET });
  const authorization = `Bearer ${webhookToken('', { secret: SECRET, jti: 'token-2' })}`;
  const at = async (uuid: string) =>
    (await api.get(`/vonage/answer?${new URLSearchParams({ ...ANSWER, uuid }).toString()}`, { authorization })).status;
  expect([await at('leg-1'), await at('leg-1'), await at('leg-2')]).toEqual([200, 200, 401]);
});

test('[BT5] a public address without keys and signature is not served', () => {
  const local = { publicUrl: 'http://127.0.0.1:8080', apiKeys: [], signatureSecret: null };
  expect(exposureProblem(local)).toBeNull();
  expect(exposureProblem({ ...local, publicUrl: 'https://calls.example' })).toMatch(
    /API_KEYS and VONAGE_SIGNATURE_SECRET/,
  );
  expect(exposureProblem({ ...local, publicUrl: 'https://calls.example', apiKeys: ['k'] })).toMatch(
    /set VONAGE_SIGNATURE_SECRET/,
  );
  expect(exposureProblem({ publicUrl: 'https://calls.example', apiKeys: ['k'], signatureSecret: 's' })).toBeNull();
});
