/** Vonage: does the key load, is it believed, does the clock agree, do the webhooks point here? */
import { createPrivateKey, createSign, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isLoopback } from '../local/vendors.ts';
import { ask, type Answer } from './doctor-http.ts';
import { fail, ok, warn, type Finding } from './doctor-findings.ts';

const SUBJECT = 'Vonage';
const VENDOR_API = 'https://api.nexmo.com';
const TOKEN_LIFE_S = 60;
/** Vonage refuses a token from the future; its own webhooks are refused here when they seem too old. */
const SKEW_WARN_MS = 5_000;
const SKEW_FAIL_MS = 60_000;

type Env = NodeJS.ProcessEnv;

export async function lookAtVonage(env: Env, publicUrl: string): Promise<Finding[]> {
  const api = (env['VONAGE_API_URL'] ?? VENDOR_API).replace(/\/$/, '');
  const findings = [...lookAtIdentity(env), ...lookAtSignature(env)];
  const token = tokenFrom(env);
  if (token === undefined) return findings;
  const asked = await ask(`${api}/v1/calls?page_size=1`, { authorization: `Bearer ${token}` });
  if (!asked.answered) {
    return [
      ...findings,
      fail(SUBJECT, `${api} does not answer: ${asked.why}`, 'Look at VONAGE_API_URL, the network and any proxy.'),
    ];
  }
  findings.push(believed(api, asked.answer), ...clock(asked.answer));
  if (api === VENDOR_API) findings.push(...(await lookAtApplication(env, publicUrl)));
  return findings;
}

function privateKeyText(env: Env): string {
  const value = env['VONAGE_PRIVATE_KEY'] ?? '';
  if (value.includes('-----BEGIN')) return value.replaceAll('\\n', '\n');
  return existsSync(value) ? readFileSync(value, 'utf8') : value;
}

export function lookAtIdentity(env: Env): Finding[] {
  const findings: Finding[] = [];
  if (env['VONAGE_PRIVATE_KEY']) findings.push(lookAtKey(env));
  const id = env['VONAGE_APPLICATION_ID'];
  if (id && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) {
    findings.push(
      warn(SUBJECT, `VONAGE_APPLICATION_ID=${id} does not look like one`, 'Copy the id from Dashboard → Applications.'),
    );
  }
  const number = env['VONAGE_NUMBER'];
  if (!number)
    findings.push(fail(SUBJECT, 'VONAGE_NUMBER is not set', 'Set it to a number of the account, like 447700900001.'));
  else if (!/^\+?[1-9]\d{6,14}$/.test(number)) {
    findings.push(
      fail(SUBJECT, `VONAGE_NUMBER=${number} is not a number in E.164 form`, 'Write it like 447700900001.'),
    );
  }
  if (!env['VONAGE_API_KEY'] || !env['VONAGE_API_SECRET']) {
    findings.push(
      warn(
        SUBJECT,
        'VONAGE_API_KEY or VONAGE_API_SECRET is not set',
        'Needed for text messages: Dashboard → API settings.',
      ),
    );
  }
  return findings;
}

function lookAtKey(env: Env): Finding {
  try {
    const key = createPrivateKey(privateKeyText(env));
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType !== 'rsa' || bits < 2048) {
      return fail(
        SUBJECT,
        'VONAGE_PRIVATE_KEY is not an RSA key of 2048 bits',
        'Generate one in Dashboard → Applications → Edit.',
      );
    }
    return ok(SUBJECT, `private key loads (RSA ${String(bits)})`);
  } catch {
    return fail(
      SUBJECT,
      'VONAGE_PRIVATE_KEY is neither PEM text nor a readable file',
      'Give the path of the private.key file that Vonage let you download.',
    );
  }
}

function lookAtSignature(env: Env): Finding[] {
  if (env['VONAGE_SIGNATURE_SECRET']) return [ok(SUBJECT, 'webhooks are verified (VONAGE_SIGNATURE_SECRET)')];
  return [
    warn(
      SUBJECT,
      'VONAGE_SIGNATURE_SECRET is not set: webhooks are believed unverified',
      'Copy it from Dashboard → API settings → Signed webhooks.',
    ),
  ];
}

function tokenFrom(env: Env): string | undefined {
  const applicationId = env['VONAGE_APPLICATION_ID'];
  if (!applicationId) return undefined;
  const issuedAt = Math.floor(Date.now() / 1000);
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const claims = { application_id: applicationId, iat: issuedAt, exp: issuedAt + TOKEN_LIFE_S, jti: randomUUID() };
  const text = `${encode({ typ: 'JWT', alg: 'RS256' })}.${encode(claims)}`;
  try {
    return `${text}.${createSign('RSA-SHA256')
      .update(text)
      .sign(createPrivateKey(privateKeyText(env)), 'base64url')}`;
  } catch {
    // Told already, by lookAtKey.
    return undefined;
  }
}

function believed(api: string, answer: Answer): Finding {
  if (answer.status === 200) return ok(SUBJECT, `${api} takes our token`);
  if (answer.status === 401 || answer.status === 403) {
    return fail(
      SUBJECT,
      `${api} refuses our token (${String(answer.status)})`,
      'The private key must be the one generated for VONAGE_APPLICATION_ID, and the clock must be right.',
    );
  }
  return warn(
    SUBJECT,
    `${api} answered ${String(answer.status)} to a list of calls`,
    'Look at VONAGE_API_URL; a stand-in may not know this request.',
  );
}

/** The header has whole seconds, and the answer took its time: only what is beyond both counts. */
export function clock(answer: Answer): Finding[] {
  if (answer.atMs === null) return [];
  const early = answer.askedAtMs - 1_000 - answer.atMs;
  const late = answer.atMs - answer.answeredAtMs;
  const skewMs = Math.max(early, late, 0);
  const says = `this clock differs from theirs by ${(skewMs / 1000).toFixed(0)} s or more`;
  const remedy = 'Switch on time synchronisation (timedatectl set-ntp true).';
  if (skewMs >= SKEW_FAIL_MS) return [fail('clock', says, remedy)];
  if (skewMs >= SKEW_WARN_MS) return [warn('clock', says, remedy)];
  return [ok('clock', 'agrees with the vendor')];
}

interface Webhook {
  address?: string;
  http_method?: string;
}

/** The applications API wants the account's key and secret. */
async function lookAtApplication(env: Env, publicUrl: string): Promise<Finding[]> {
  const [key, secret, id] = [env['VONAGE_API_KEY'], env['VONAGE_API_SECRET'], env['VONAGE_APPLICATION_ID']];
  if (!key || !secret || !id) return [];
  const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
  const asked = await ask(`${VENDOR_API}/v2/applications/${id}`, { authorization });
  if (!asked.answered || asked.answer.status !== 200) {
    const why = asked.answered ? `answered ${String(asked.answer.status)}` : asked.why;
    return [
      warn(
        SUBJECT,
        `the application's settings cannot be read (${why})`,
        'Look at VONAGE_API_KEY and VONAGE_API_SECRET.',
      ),
    ];
  }
  const body = asked.answer.body as {
    capabilities?: { voice?: { webhooks?: Record<string, Webhook>; signed_callbacks?: boolean } };
  };
  return compareWebhooks(body.capabilities?.voice?.webhooks ?? {}, publicUrl);
}

export function compareWebhooks(webhooks: Record<string, Webhook>, publicUrl: string): Finding[] {
  const wanted = { answer_url: 'answer', event_url: 'event', fallback_answer_url: 'fallback' };
  return Object.entries(wanted).map(([name, path]) => {
    const address = `${publicUrl}/vonage/${path}`;
    const set = webhooks[name];
    if (set?.address !== address) {
      return fail(
        SUBJECT,
        `${name} is ${set?.address ?? 'not set'}`,
        `Dashboard → Applications → Edit → Voice: set it to ${address}, method POST.`,
      );
    }
    if (set.http_method !== 'POST') {
      return warn(
        SUBJECT,
        `${name} uses ${set.http_method ?? 'GET'}`,
        'Choose POST: only a body is covered by the signature.',
      );
    }
    return ok(SUBJECT, `${name} → ${address}`);
  });
}

/** Can the vendor reach us? */
export function lookAtAddresses(env: Env, publicUrl: string): Finding[] {
  const findings: Finding[] = [];
  const standInNetwork = env['VONAGE_API_URL'] !== undefined && isLoopback(env['VONAGE_API_URL']);
  if (!standInNetwork && isLoopback(publicUrl)) {
    findings.push(
      fail(
        'PUBLIC_URL',
        `${publicUrl} cannot be reached by Vonage`,
        'Set it to the https address of your tunnel or reverse proxy.',
      ),
    );
  }
  const media = env['MEDIA_PUBLIC_URL'];
  if (!standInNetwork && !media) {
    findings.push(
      fail(
        'MEDIA_PUBLIC_URL',
        'is not set: Vonage cannot open the audio websocket',
        'Set it to the wss address that leads to the media workers.',
      ),
    );
  } else if (media && !standInNetwork && !media.startsWith('wss://')) {
    findings.push(
      warn('MEDIA_PUBLIC_URL', `${media} is not encrypted`, 'Use wss://: what customers say goes over it.'),
    );
  }
  const workers = Number(env['MEDIA_WORKERS'] ?? '2');
  if (media && !/\{(worker|hostId)\}/.test(media) && workers > 1) {
    findings.push(
      warn(
        'MEDIA_PUBLIC_URL',
        `one address for ${String(workers)} media workers`,
        'Put {worker} into it and route by that (docs/go-live.md), or set MEDIA_WORKERS=1.',
      ),
    );
  }
  return findings;
}
