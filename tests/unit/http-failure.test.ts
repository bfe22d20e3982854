import { expect, test } from 'vitest';
import { noAnswer, retryAfter } from '../../providers/http-failure.ts';

const failed = (code: string): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code }) });
const reading = { vendor: 'v', what: 'GET /x', creates: false };
const creating = { vendor: 'v', what: 'POST /x', creates: true };

test('[CR7] a creation is in doubt once the connection stood', () => {
  for (const code of [
    'ECONNREFUSED',
    'ENOTFOUND',
    'UND_ERR_CONNECT_TIMEOUT',
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ]) {
    expect(noAnswer(creating, failed(code)).kind).toBe('unreachable');
  }
  for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'UND_ERR_HEADERS_TIMEOUT', 'EPIPE']) {
    expect(noAnswer(creating, failed(code)).kind).toBe('in_doubt');
    expect(noAnswer(reading, failed(code)).kind).toBe('unreachable');
  }
  const timeout = new DOMException('slow', 'TimeoutError');
  expect(noAnswer(creating, timeout).kind).toBe('in_doubt');
  expect(noAnswer(reading, timeout).kind).toBe('timeout');
});

test('[CR8] Retry-After is read as seconds or as a date, and never as a wait into the past', () => {
  const nowMs = Date.UTC(2026, 10, 21, 10);
  expect(retryAfter(null, nowMs)).toBeNull();
  expect(retryAfter('soon', nowMs)).toBeNull();
  expect(retryAfter('', nowMs)).toBeNull();
  expect(retryAfter('0', nowMs)).toBe(0);
  expect(retryAfter('1.5', nowMs)).toBe(1_500);
  expect(retryAfter('Sat, 21 Nov 2026 10:00:20 GMT', nowMs)).toBe(20_000);
  expect(retryAfter('Sat, 21 Nov 2026 09:00:00 GMT', nowMs)).toBe(0);
});
