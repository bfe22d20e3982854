/** The two tokens of the wire: ours on webhooks (HS256 with the body's hash) and the application's on requests (RS256). */
import {
  createHash,
  createHmac,
  createPublicKey,
  randomUUID,
  timingSafeEqual,
  verify,
  type KeyObject,
} from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface WebhookSigner {
  secret: string;
  apiKey: string;
  applicationId: string;
}

/** The token of a webhook or of a media handshake; `payload_hash` covers the raw body, where there is one. */
export function webhookToken(signer: WebhookSigner, body: string | undefined, nowMs: number): string {
  const claims = {
    iss: 'Vonage',
    iat: Math.floor(nowMs / 1000),
    jti: randomUUID(),
    api_key: signer.apiKey,
    application_id: signer.applicationId,
    ...(body === undefined ? {} : { payload_hash: createHash('sha256').update(body).digest('hex') }),
  };
  const signed = `${encode({ typ: 'JWT', alg: 'HS256' })}.${encode(claims)}`;
  return `${signed}.${createHmac('sha256', signer.secret).update(signed).digest('base64url')}`;
}

export interface ApplicationKey {
  applicationId: string;
  publicKey: KeyObject;
}

/** `pemOrPath`: the application's private key as it stands in the environment; only its public half is kept. */
export function applicationKey(applicationId: string, pemOrPath: string): ApplicationKey {
  const pem = pemOrPath.includes('-----BEGIN') ? pemOrPath.replaceAll('\\n', '\n') : readFileSync(pemOrPath, 'utf8');
  return { applicationId, publicKey: createPublicKey(pem) };
}

/** Why a request's token is refused, or nothing when it is good. Without a key its form and claims are all that can be checked. */
export function refuseToken(
  header: string | undefined,
  key: ApplicationKey | undefined,
  nowMs: number,
): string | undefined {
  const token = /^Bearer (\S+)$/u.exec(header ?? '')?.[1];
  const [head, body, signature] = token?.split('.') ?? [];
  if (head === undefined || body === undefined || signature === undefined) return 'no bearer token';
  const algorithm = decode(head)?.['alg'];
  const claims = decode(body);
  if (algorithm !== 'RS256' || claims === undefined) return 'not an RS256 token';
  const expiresAtS = claims['exp'];
  if (typeof expiresAtS === 'number' && expiresAtS * 1000 < nowMs) return 'token expired';
  if (typeof claims['iat'] !== 'number' || claims['iat'] * 1000 > nowMs + 60_000) return 'token not yet valid';
  if (typeof claims['jti'] !== 'string') return 'token without jti';
  if (key === undefined) return undefined;
  if (claims['application_id'] !== key.applicationId) return 'token of another application';
  const good = verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key.publicKey, Buffer.from(signature, 'base64url'));
  return good ? undefined : 'bad signature';
}

/** Basic credentials, as the SMS API and, without an application, the Messages API take them. */
export function basicMatches(header: string | undefined, apiKey: string, secret: string): boolean {
  const given = /^Basic (\S+)$/u.exec(header ?? '')?.[1];
  if (given === undefined) return false;
  const expected = createHash('sha256').update(`${apiKey}:${secret}`).digest();
  const actual = createHash('sha256').update(Buffer.from(given, 'base64')).digest();
  return timingSafeEqual(expected, actual);
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function decode(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
