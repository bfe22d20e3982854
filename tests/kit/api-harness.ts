/** The api on a real port, with Temporal, the store and the media hosts in memory and Vonage's own webhook format. */
import { createHash, createHmac, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { createApiApp, WEBHOOK_MAX_AGE_MS } from '../../api/app.ts';
import type { CustomerWorkflows } from '../../api/history-door.ts';
import type { ApiSettings } from '../../api/ports.ts';
import { claimSchema } from '../../domain/claim.ts';
import { asE164, asHostId, asNumberKey } from '../../domain/ids.ts';
import { createFlagReader } from '../../providers/flag-reader.ts';
import type { MediaDirectory, MediaHost } from '../../providers/media-directory.ts';
import { mintMediaToken } from '../../providers/media-token.ts';
import { createTwilioDoor } from '../../providers/twilio/door.ts';
import { createVonageDoor } from '../../providers/vonage/door.ts';
import { createVonageMessagesDoor } from '../../providers/vonage/sms-door.ts';
import { createVonageSmsApiDoor } from '../../providers/vonage/sms-api-door.ts';
import { createFakeCampaigns, type FakeCampaigns } from './fake-campaigns.ts';
import { createFakeTemporal, type FakeTemporal } from './fake-temporal.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';

export const BOT = asE164('+447700900001');
export const FRENCH_BOT = asE164('+447700900002');
export const CUSTOMER = asE164('+447700900123');

export interface ApiHarness extends AsyncDisposable {
  url: string;
  temporal: FakeTemporal;
  campaigns: FakeCampaigns;
  /** Whose histories it was asked to erase. */
  histories: CustomerWorkflows[];
  store: MemoryStore;
  hosts: MediaHost[];
  settings: ApiSettings;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** `POST /call` and the like, with a JSON body. */
  send(request: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** As the network posts it; signed when the harness has a signature secret. */
  webhook(path: string, body: Record<string, unknown>, token?: TokenChoice): Promise<Answer>;
}

export interface Answer {
  status: number;
  headers: Headers;
  // Whatever shape the route under test answers with.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read the JSON that they assert
  body: any;
  text: string;
}

export interface TokenChoice {
  secret?: string;
  jti?: string;
  iatS?: number;
  payloadHash?: string;
  alg?: string;
}

const settingsFor = (changes: Partial<ApiSettings>): ApiSettings => {
  const defaults: ApiSettings['defaults'] = {
    botCompany: 'Contoso',
    botName: 'Amelie',
    task: 'Help the customer.',
    operatorNumber: null,
    claim: claimSchema([]),
    language: 'en-US',
    speechSpeed: 1,
    scenario: null,
  };
  return {
    publicUrl: 'http://127.0.0.1:8080',
    apiKeys: [],
    webhooksSigned: false,
    reportLinkSecret: 'report-secret',
    allowedPrefixes: ['+44', '+33'],
    defaultCountry: 'GB',
    creationsPerSecond: 3,
    hoursByCountry: {},
    zone: 'Europe/London',
    botNumber: BOT,
    defaults,
    numbers: [{ number: FRENCH_BOT, initiate: { ...defaults, botCompany: 'Contoso France', language: 'fr-FR' } }],
    languages: ['en-US', 'fr-FR'],
    links: { temporalUi: 'http://127.0.0.1:8233', softphone: 'http://127.0.0.1:9000/phone' },
    vendors: [{ name: 'vonage', is: 'stand-in', needed: true }],
    ...changes,
  };
};

export const aHost = (name: string, liveCalls = 0): MediaHost => ({
  hostId: asHostId(name),
  publicUrl: `ws://127.0.0.1:8090/media/${name}`,
  internalUrl: 'http://127.0.0.1:8090',
  liveCalls,
  draining: false,
});

export async function startApi(
  options: { settings?: Partial<ApiSettings>; signatureSecret?: string; twilioToken?: string } = {},
): Promise<ApiHarness> {
  const temporal = createFakeTemporal();
  const campaigns = createFakeCampaigns();
  const histories: CustomerWorkflows[] = [];
  const store = createMemoryStore();
  const hosts = [aHost('one'), aHost('two', 5)];
  const settings = settingsFor({ webhooksSigned: options.signatureSecret !== undefined, ...options.settings });
  const flags = createFlagReader(store, () => undefined);
  const media: MediaDirectory = {
    all: () => Promise.resolve(hosts),
    choose: () => Promise.reject(new Error('the api looks around once, with all()')),
  };
  const signed = { signatureSecret: options.signatureSecret ?? null, maxAgeMs: WEBHOOK_MAX_AGE_MS };
  const app = createApiApp({
    calls: temporal,
    campaigns,
    histories: {
      erase: (customer) => {
        histories.push(customer);
        return Promise.resolve(customer.callIds.length + customer.callbackIds.length);
      },
    },
    creations: { note: () => Promise.resolve() },
    store,
    phone: createVonageDoor(signed),
    texts: [
      { path: '/vonage/sms', door: createVonageMessagesDoor(signed) },
      { path: '/vonage/sms-api', door: createVonageSmsApiDoor(signed) },
      { path: '/twilio/sms', door: createTwilioDoor({ authToken: options.twilioToken ?? 'twilio-token' }) },
    ],
    media,
    flags,
    nowMs: Date.now,
    log: pino({ level: 'silent' }),
    mintMediaToken: (callId, usableForMs) => mintMediaToken('media-secret', { callId, usableForMs }, Date.now()),
    numberKey: (number) => asNumberKey(number),
    settings,
  });
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started));
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const reply = await fetch(url + path, init);
    const text = await reply.text();
    const isJson = /json/.test(reply.headers.get('content-type') ?? '');
    return { status: reply.status, headers: reply.headers, text, body: isJson ? JSON.parse(text) : text };
  };
  return {
    url,
    temporal,
    campaigns,
    histories,
    store,
    hosts,
    settings,
    get: (path, headers = {}) => ask(path, { headers }),
    send: (request, body, headers = {}) => {
      const [method = '', path = ''] = request.split(' ');
      return ask(path, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    },
    webhook: (path, body, token = {}) => {
      const raw = JSON.stringify(body);
      const secret = token.secret ?? options.signatureSecret;
      const headers = {
        'content-type': 'application/json',
        ...(secret === undefined ? {} : { authorization: `Bearer ${webhookToken(raw, { ...token, secret })}` }),
      };
      return ask(path, { method: 'POST', headers, body: raw });
    },
    async [Symbol.asyncDispose]() {
      app.stop();
      flags.stop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As Vonage signs: HS256, `payload_hash` over the raw body. */
export function webhookToken(rawBody: string, choice: TokenChoice & { secret: string }): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = part({ typ: 'JWT', alg: choice.alg ?? 'HS256' });
  const payload = part({
    iss: 'Vonage',
    iat: choice.iatS ?? Math.floor(Date.now() / 1000),
    jti: choice.jti ?? randomUUID(),
    api_key: 'abcd1234',
    ...(rawBody === ''
      ? {}
      : { payload_hash: choice.payloadHash ?? createHash('sha256').update(rawBody).digest('hex') }),
  });
  return `${head}.${payload}.${createHmac('sha256', choice.secret).update(`${head}.${payload}`).digest('base64url')}`;
}
