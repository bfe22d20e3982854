import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseNcco } from '../../../sandbox/phone/ncco.ts';
import { RateLimit } from '../../../sandbox/phone/rate-limit.ts';
import { scriptSchema } from '../../../sandbox/phone/script.ts';
import { applicationKey, basicMatches, refuseToken, webhookToken } from '../../../sandbox/phone/signature.ts';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const socket = { type: 'websocket', uri: 'wss://media.test/media', headers: { callId: 'c-1' } };

test.each([
  ['an unknown action', [{ action: 'dance' }]],
  ['an eventUrl that is no list', [{ action: 'connect', endpoint: [socket], eventUrl: 'https://app.test/event' }]],
  ['two endpoints', [{ action: 'connect', endpoint: [socket, socket] }]],
  ['a number with a plus', [{ action: 'connect', endpoint: [{ type: 'phone', number: '+447700900123' }] }]],
  ['a text above 1500 characters', [{ action: 'talk', text: 'x'.repeat(1501) }]],
  ['headers above 512 bytes', [{ action: 'connect', endpoint: [{ ...socket, headers: { a: 'x'.repeat(600) } }] }]],
  ['bargeIn without input', [{ action: 'talk', text: 'Hello', bargeIn: true }, { action: 'wait' }]],
  ['mute together with canSpeak', [{ action: 'conversation', name: 'room', mute: true, canSpeak: [] }]],
  ['something that is no list', { action: 'talk', text: 'Hello' }],
])('[SB10] %s is no NCCO', (_, ncco) => {
  expect(parseNcco(ncco)).toHaveProperty('reason');
});

test('[SB10] a misspelt contentType is ignored and the socket falls to 16 kHz', () => {
  const parsed = parseNcco([{ action: 'connect', endpoint: [{ ...socket, contentType: 'audio/l16;rate=8000' }] }]);
  expect(parsed).toMatchObject({
    ncco: [{ endpoint: [{ 'content-type': 'audio/l16;rate=16000' }], timeout: 60, limit: 7200 }],
  });
});

test('[SB10] an utterance may be cut short where an input follows', () => {
  expect(
    parseNcco([
      { action: 'talk', text: 'Hello', bargeIn: true },
      { action: 'input', type: ['dtmf'] },
    ]),
  ).toHaveProperty('ncco');
});

test('[SB12] three in any second, counted from each one’s own moment', () => {
  let now = 0;
  let enforced = true;
  const limit = new RateLimit(
    3,
    () => now,
    () => enforced,
  );
  const at = (ms: number): boolean => {
    now = ms;
    return limit.take();
  };
  expect([at(0), at(400), at(900), at(999)]).toEqual([true, true, true, false]);
  expect([at(1_000), at(1_001)]).toEqual([true, false]);
  expect(at(1_400)).toBe(true);
  enforced = false;
  expect([at(1_401), at(1_402)]).toEqual([true, true]);
});

test('[SB10] a webhook token covers the body and names the account', () => {
  const token = webhookToken({ secret: 's', apiKey: 'k', applicationId: 'a' }, '{"x":1}', nowMs);
  const [head = '', body = '', signature] = token.split('.');
  expect(createHmac('sha256', 's').update(`${head}.${body}`).digest('base64url')).toBe(signature);
  expect(JSON.parse(Buffer.from(body, 'base64url').toString())).toMatchObject({
    iss: 'Vonage',
    iat: nowMs / 1000,
    api_key: 'k',
    application_id: 'a',
    payload_hash: '5041bf1f713df204784353e82f6a4a535931cb64f1f4b4a5aeaffcb720918b22',
  });
});

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = applicationKey('app-1', privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);

function token(claims: object, algorithm = 'RS256'): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ typ: 'JWT', alg: algorithm })}.${part(claims)}`;
  return `Bearer ${signed}.${sign('RSA-SHA256', Buffer.from(signed), privateKey).toString('base64url')}`;
}

const good = { application_id: 'app-1', iat: nowMs / 1000, exp: nowMs / 1000 + 900, jti: 'j-1' };

test('[SB13] our application’s token is let in', () => {
  expect(refuseToken(token(good), key, nowMs)).toBeUndefined();
});

test.each([
  ['no token', undefined],
  ['another application', token({ ...good, application_id: 'app-2' })],
  ['an expired token', token({ ...good, exp: nowMs / 1000 - 1 })],
  ['a token from the future', token({ ...good, iat: nowMs / 1000 + 600 })],
  ['another algorithm', token(good, 'none')],
  [
    'changed claims',
    token(good).replace(
      /\.[^.]+\./u,
      `.${Buffer.from(JSON.stringify({ ...good, jti: 'j-2' })).toString('base64url')}.`,
    ),
  ],
])('[SB13] %s is refused', (_, header) => {
  expect(refuseToken(header, key, nowMs)).toEqual(expect.any(String));
});

test('[SB13] basic credentials are compared as a whole', () => {
  const header = `Basic ${Buffer.from('key:secret').toString('base64')}`;
  expect(basicMatches(header, 'key', 'secret')).toBe(true);
  expect(basicMatches(header, 'key', 'other')).toBe(false);
  expect(basicMatches(undefined, 'key', 'secret')).toBe(false);
});

test('[SB20] a pattern is a regular expression or plain words, found anywhere in either case', () => {
  const { steps } = scriptSchema.parse({ steps: [{ expects: 'E-Mail?' }, { expects: '/^hello,? (bob|anna)/i' }] });
  const [plain, regular] = steps.map((step) => ('expects' in step ? step.expects : /never/u));
  expect(plain?.test('May I have your e-mail?')).toBe(true);
  expect(plain?.test('May I have your e-mai')).toBe(false);
  expect(regular?.test('Hello Anna')).toBe(true);
});

test.each([
  ['a step that nobody knows', { steps: [{ shouts: 'Hey' }] }],
  ['two things in one step', { steps: [{ says: 'Hi', hangsUp: true }] }],
  ['a regular expression that does not end', { answersWith: [{ when: '/(/', says: 'x' }] }],
  ['a pickup that nobody knows', { pickup: 'maybe' }],
])('[SB20] a script with %s is refused', (_, script) => {
  expect(scriptSchema.safeParse(script).success).toBe(false);
});
