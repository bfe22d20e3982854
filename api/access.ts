/**
 * Who may ask. Without keys only this machine: the Host and the Origin must be loopback, and nothing forwarded is taken, since behind a
 * tunnel every request looks local. With keys, a key. Webhooks have their signature, health is open.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { isForwarding, isLoopback } from '../domain/this-machine.ts';
import { problemResponse } from './problems.ts';
import type { ReportLinks } from '../providers/report-links.ts';

export interface AccessRules {
  apiKeys: string[];
  webhooksSigned: boolean;
  links: ReportLinks;
  nowMs: () => number;
}

const OPEN = /^\/health(\/|$)/;
const WEBHOOK = /^\/(vonage|twilio)(\/|$)/;
const REPORT = /^\/report\/./;
const PAGE = /^\/(report(\/.*)?)?$/;
/** The shape of the API is no secret; its data is. */
const OPEN_WITH_KEYS = /^\/(openapi\.json|docs)$/;

export function accessGuard(rules: AccessRules): MiddlewareHandler {
  const keyHashes = rules.apiKeys.map(sha256);
  return async (context, next) => {
    const { path } = context.req;
    const refusal =
      OPEN.test(path) || (WEBHOOK.test(path) && rules.webhooksSigned) ? null : refusalOf(context, rules, keyHashes);
    if (refusal !== null) return refusal;
    await next();
    return undefined;
  };
}

function refusalOf(context: Context, rules: AccessRules, keyHashes: Buffer[]): Response | null {
  const { path } = context.req;
  if (keyHashes.length === 0 || WEBHOOK.test(path)) {
    const problem = foreignness(context);
    return problem === null ? null : problemResponse({ status: 403, title: 'Only from this machine', detail: problem });
  }
  const allowed =
    OPEN_WITH_KEYS.test(path) || hasKey(context, keyHashes) || (REPORT.test(path) && linkIsValid(context, rules));
  return allowed ? null : unauthorised(path);
}

function foreignness(context: Context): string | null {
  const forwarded = [...context.req.raw.headers.keys()].find(isForwarding);
  if (forwarded !== undefined)
    return `${forwarded}: forwarded requests are refused without API_KEYS, since a tunnel makes every request look local`;
  const host = context.req.header('host') ?? new URL(context.req.url).host;
  if (!isLoopback(host)) return `Host ${host} is not this machine; set API_KEYS to serve others`;
  if (isSentByForeignPage(context)) return 'another site’s page sent this; set API_KEYS to serve others';
  const origin = context.req.header('origin');
  if (origin === undefined) return null;
  const originHost = URL.canParse(origin) ? new URL(origin).host : '';
  return isLoopback(originHost) ? null : `Origin ${origin} is not this machine; set API_KEYS to serve others`;
}

/** Pictures and forms of other sites send no Origin with GET, but every browser says so here. A link that a person follows is another thing. */
function isSentByForeignPage(context: Context): boolean {
  if (context.req.header('sec-fetch-site') !== 'cross-site') return false;
  const followed = context.req.method === 'GET' && context.req.header('sec-fetch-mode') === 'navigate';
  return !followed || WEBHOOK.test(context.req.path);
}

/** Digests have one length, so the comparison tells nothing about the key. */
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

function hasKey(context: Context, keyHashes: Buffer[]): boolean {
  const given = keyGiven(context);
  if (given === null) return false;
  const hash = sha256(given);
  return keyHashes.reduce((found, known) => timingSafeEqual(hash, known) || found, false);
}

/** `Authorization: Bearer`; pages also take Basic with the key as the password, which is what a browser can ask a person for. */
export function keyGiven(context: Context): string | null {
  const [scheme, value = ''] = (context.req.header('authorization') ?? '').split(/\s+/, 2);
  if (/^bearer$/i.test(scheme ?? '')) return value;
  const page = context.req.method === 'GET' && PAGE.test(context.req.path);
  if (!page || !/^basic$/i.test(scheme ?? '')) return null;
  return Buffer.from(value, 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '');
}

function linkIsValid(context: Context, rules: AccessRules): boolean {
  if (context.req.method !== 'GET') return false;
  const { expires, signature } = context.req.query();
  return rules.links.verify(new URL(context.req.url).pathname, { expires, signature }, rules.nowMs());
}

function unauthorised(path: string): Response {
  const response = problemResponse({
    status: 401,
    title: 'A key is needed',
    detail: 'send Authorization: Bearer with one of API_KEYS',
  });
  response.headers.set(
    'www-authenticate',
    PAGE.test(path) ? 'Basic realm="Evercall: any name, the key as password"' : 'Bearer',
  );
  return response;
}

/** Why these settings must not be served; null = they may. */
export function exposureProblem(settings: {
  publicUrl: string;
  apiKeys: string[];
  signatureSecret: string | null;
}): string | null {
  if (isLoopback(new URL(settings.publicUrl).host)) return null;
  const missing = [
    settings.apiKeys.length === 0 ? 'API_KEYS' : null,
    settings.signatureSecret === null ? 'VONAGE_SIGNATURE_SECRET' : null,
  ].filter((name) => name !== null);
  return missing.length === 0
    ? null
    : `PUBLIC_URL ${settings.publicUrl} can be reached by others: set ${missing.join(' and ')} first, or leave PUBLIC_URL out`;
}
