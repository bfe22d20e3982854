import { expect, test } from 'vitest';
import { controlHost } from '../../../providers/vonage/account.ts';

test.each([
  [null, null, null],
  [null, 'https://api-us-3.vonage.com', 'https://api-us-3.vonage.com'],
  [null, 'https://api-us-3.nexmo.com/', 'https://api-us-3.nexmo.com'],
  [null, 'http://api-us-3.vonage.com', null],
  [null, 'https://evil.example', null],
  [null, 'https://vonage.com.evil.example', null],
  [null, 'not a url', null],
  ['https://api-eu.vonage.com', 'https://api-us-3.vonage.com', 'https://api-us-3.vonage.com'],
  ['http://127.0.0.1:9000', 'https://api-us-3.vonage.com', 'http://127.0.0.1:9000'],
  ['http://127.0.0.1:9000', 'http://127.0.0.1:9000', 'http://127.0.0.1:9000'],
  ['http://127.0.0.1:9000', 'http://127.0.0.1:9001', 'http://127.0.0.1:9000'],
])(
  '[CL14] our token goes to Vonage or the configured address only: address %s, region %s → %s',
  (apiUrl, regionUrl, host) => {
    expect(controlHost({ apiUrl }, regionUrl)).toBe(host);
  },
);
