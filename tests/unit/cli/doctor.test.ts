import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findingLines, looked, type Finding } from '../../../cli/doctor-findings.ts';
import { clock, compareWebhooks, lookAtAddresses, lookAtIdentity, lookAtVonage } from '../../../cli/doctor-vonage.ts';
import { lookAtCredentials, lookAtOwnSpeech } from '../../../cli/doctor-vendors.ts';
import { loadConfig } from '../../../config/load.ts';

const levels = (findings: Finding[]): string[] => findings.map((finding) => finding.level);

function rsaKey(bits: number): string {
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
  return generateKeyPairSync('rsa', { modulusLength: bits, publicKeyEncoding, privateKeyEncoding }).privateKey;
}

const ACCOUNT = {
  VONAGE_APPLICATION_ID: '5a2c1f5e-0000-4000-8000-000000000000',
  VONAGE_PRIVATE_KEY: rsaKey(2048),
  VONAGE_NUMBER: '447700900001',
  VONAGE_API_KEY: 'k',
  VONAGE_API_SECRET: 's',
  VONAGE_SIGNATURE_SECRET: 'x',
};

describe('Vonage credentials', () => {
  test('[BT19] a good key loads, also with its line ends written out', () => {
    expect(levels(lookAtIdentity(ACCOUNT))).toEqual(['OK']);
    const oneLine = ACCOUNT.VONAGE_PRIVATE_KEY.replaceAll('\n', '\\n');
    expect(levels(lookAtIdentity({ ...ACCOUNT, VONAGE_PRIVATE_KEY: oneLine }))).toEqual(['OK']);
  });

  test.each([
    ['no PEM and no file', { VONAGE_PRIVATE_KEY: '/nowhere/private.key' }],
    ['a key too short', { VONAGE_PRIVATE_KEY: rsaKey(1024) }],
    ['a number that is none', { VONAGE_NUMBER: '0044 7700' }],
  ])('[BT19] %s fails', (_case, wrong) => {
    expect(levels(lookAtIdentity({ ...ACCOUNT, ...wrong }))).toContain('FAIL');
  });

  /** A phone network that gives one answer to everything. */
  async function network(status: number, date: Date): Promise<string> {
    const server = createServer((request, response) => {
      const isSigned = /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(request.headers.authorization ?? '');
      response.writeHead(isSigned ? status : 500, { date: date.toUTCString() }).end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  test('[BT19] a token that is believed, and a clock that agrees', async () => {
    const api = await network(200, new Date());
    expect(levels(await lookAtVonage({ ...ACCOUNT, VONAGE_API_URL: api }, 'https://calls.example.com'))).toEqual([
      'OK',
      'OK',
      'OK',
      'OK',
    ]);
  });

  test('[BT19] a refused token and a wrong clock fail', async () => {
    const api = await network(401, new Date(Date.now() - 300_000));
    const findings = await lookAtVonage({ ...ACCOUNT, VONAGE_API_URL: api }, 'https://calls.example.com');
    const failed = findings.filter((finding) => finding.level === 'FAIL').map((finding) => finding.subject);
    expect(failed).toEqual(['Vonage', 'clock']);
  });

  test('[BT19] nobody at the address', async () => {
    const findings = await lookAtVonage(
      { ...ACCOUNT, VONAGE_API_URL: 'http://127.0.0.1:9' },
      'https://calls.example.com',
    );
    expect(findings.at(-1)).toMatchObject({ level: 'FAIL' });
  });
});

describe('the clock', () => {
  const at = (atMs: number | null) => clock({ status: 200, body: '', atMs, askedAtMs: 100_000, answeredAtMs: 100_400 });

  test.each([
    [100_000, ['OK']],
    [99_500, ['OK']],
    [110_000, ['WARN']],
    [90_000, ['WARN']],
    [200_000, ['FAIL']],
    [null, []],
  ])('[BT19] theirs at %s', (atMs, expected) => {
    expect(levels(at(atMs))).toEqual(expected);
  });
});

describe('addresses', () => {
  const PUBLIC = 'https://calls.example.com';

  test('[BT20] webhooks that point elsewhere are named with what they should be', () => {
    const findings = compareWebhooks(
      {
        answer_url: { address: `${PUBLIC}/vonage/answer`, http_method: 'POST' },
        event_url: { address: `${PUBLIC}/vonage/event`, http_method: 'GET' },
        fallback_answer_url: { address: 'https://old.example.com' },
      },
      PUBLIC,
    );
    expect(levels(findings)).toEqual(['OK', 'WARN', 'FAIL']);
    expect(findings[2]?.remedy).toContain(`${PUBLIC}/vonage/fallback`);
  });

  test('[BT20] a real network cannot reach loopback, a local one can', () => {
    expect(levels(lookAtAddresses({}, 'http://127.0.0.1:8080'))).toEqual(['FAIL', 'FAIL']);
    expect(lookAtAddresses({ VONAGE_API_URL: 'http://127.0.0.1:9' }, 'http://127.0.0.1:8080')).toEqual([]);
    expect(levels(lookAtAddresses({ MEDIA_PUBLIC_URL: 'wss://m.example.com', MEDIA_WORKERS: '2' }, PUBLIC))).toEqual([
      'WARN',
    ]);
    expect(
      lookAtAddresses({ MEDIA_PUBLIC_URL: 'wss://m.example.com/{worker}/media', MEDIA_WORKERS: '2' }, PUBLIC),
    ).toEqual([]);
  });
});

test('[BT19] Google credentials: missing, broken, incomplete, good', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'evercall-doctor-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const file = (content: string): string => {
    const name = path.join(folder, 'key.json');
    writeFileSync(name, content);
    return name;
  };
  expect(lookAtCredentials(path.join(folder, 'none.json')).level).toBe('FAIL');
  expect(lookAtCredentials(file('{')).level).toBe('FAIL');
  expect(lookAtCredentials(file('{"type":"service_account"}')).level).toBe('FAIL');
  expect(lookAtCredentials(file('{"type":"service_account","client_email":"a@b","private_key":"k"}')).level).toBe('OK');
});

test('[BT19] a look that goes wrong is told and hides no other; a remedy stands below its finding', async () => {
  const [finding] = await looked('disk', () => Promise.reject(new Error('no such device')));
  expect(finding).toMatchObject({ level: 'FAIL', says: 'no such device' });
  expect(finding && findingLines(finding)).toHaveLength(2);
});

describe('a speech server of one’s own', () => {
  async function server(status: number, models: string[]): Promise<string> {
    const listening = createServer((request, response) => {
      const allowed = request.headers.authorization === 'Bearer k' && request.url === '/v1/models';
      response.writeHead(allowed ? status : 401).end(JSON.stringify({ data: models.map((id) => ({ id })) }));
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      listening.close();
      listening.closeAllConnections();
    });
    return `http://127.0.0.1:${String((listening.address() as AddressInfo).port)}`;
  }

  const look = async (url: string, env: Record<string, string> = {}): Promise<string[]> => {
    const speech = { SPEECH__RECOGNIZER: 'openai', STT__URL: url, STT__MODEL: 'small', OPENAI_SPEECH_API_KEY: 'k' };
    const own = { CONFIG_FILE: '/nowhere', MEDIA_TOKEN_SECRET: 's', ...speech, ...env };
    return levels(await lookAtOwnSpeech(loadConfig(own)));
  };

  test('[BT26] one that answers with the model is well, with or without /v1 in its address', async () => {
    expect(await look(await server(200, ['tiny', 'small']))).toEqual(['OK']);
    expect(await look(`${await server(200, [])}/v1`)).toEqual(['OK']);
    expect(await look(await server(404, []))).toEqual(['WARN']);
  });

  test('[BT26] a missing model, a wrong key and nobody there are named', async () => {
    expect(await look(await server(200, ['tiny']))).toEqual(['WARN']);
    expect(await look(await server(200, ['small']), { OPENAI_SPEECH_API_KEY: 'wrong' })).toEqual(['FAIL']);
    expect(await look('http://127.0.0.1:9')).toEqual(['FAIL']);
  });

  test('[BT25] named without an address anywhere, the configuration is refused with the key that is missing', () => {
    const own = { CONFIG_FILE: '/nowhere', MEDIA_TOKEN_SECRET: 's', SPEECH__SYNTHESIZER: '[google, openai]' };
    expect(() => loadConfig(own)).toThrow(/tts\.url is not set/);
    expect(loadConfig({ ...own, OPENAI_SPEECH_BASE_URL: 'http://gpu-1' }).speech).toMatchObject({
      recognizers: ['google'],
      synthesizers: ['google', 'openai'],
      openaiStt: null,
      openaiTts: { url: 'http://gpu-1', responseFormat: 'wav' },
    });
  });
});
