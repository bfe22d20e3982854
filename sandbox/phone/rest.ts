/** Vonage's REST door: /v1/calls and /v1/files, with its shapes, its errors and its limits. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { HttpError, readJson, sendJson } from '../http.ts';
import { callControl } from './call-control.ts';
import type { Leg } from './leg.ts';
import { detectionAsked } from './machine-detection.ts';
import { endpointSchema, parseNcco, type Endpoint, type Ncco } from './ncco.ts';
import type { OutboundOrder, PhoneNetwork } from './network.ts';
import { RateLimit } from './rate-limit.ts';
import { refuseToken, type ApplicationKey } from './signature.ts';
import type { WebhookTarget } from './webhooks.ts';

const method = z.enum(['GET', 'POST']);
const createSchema = z.object({
  to: z.tuple([endpointSchema]),
  from: z
    .object({
      type: z.string().default('phone'),
      number: z.string().optional(),
      user: z.string().optional(),
      uri: z.string().optional(),
    })
    .optional(),
  random_from_number: z.boolean().default(false),
  ncco: z.array(z.unknown()).optional(),
  answer_url: z.tuple([z.url()]).optional(),
  answer_method: method.default('GET'),
  event_url: z.tuple([z.url()]).optional(),
  event_method: method.default('POST'),
  length_timer: z.coerce.number().min(1).max(86_400).default(7_200),
  ringing_timer: z.coerce.number().min(1).max(120).default(60),
  machine_detection: z.enum(['continue', 'hangup']).optional(),
  advanced_machine_detection: z.record(z.string(), z.unknown()).optional(),
});

/** GET, PUT and DELETE together. */
const CONTROLS_A_SECOND = 15;
const SILENCE_MS = 60_000;

export interface RestDoor {
  handle(req: IncomingMessage, res: ServerResponse, url: URL): Promise<void>;
}

export function createRestDoor(network: PhoneNetwork, key: ApplicationKey | undefined, ownNumber: string): RestDoor {
  const controls = new RateLimit(CONTROLS_A_SECOND, Date.now);
  return {
    handle: async (req, res, url) => {
      const refused = refuseToken(req.headers.authorization, key, Date.now());
      if (refused !== undefined)
        throw new HttpError(401, { type: 'UNAUTHORIZED', error_title: 'Unauthorized', detail: refused });
      const [, , kind, id, ...rest] = url.pathname.split('/');
      if (kind === 'files') {
        sendFile(network, res, id ?? '');
        return;
      }
      if (req.method === 'POST' && id === undefined) {
        await create({ network, ownNumber }, req, res);
        return;
      }
      if (network.faults.rateLimit && !controls.take()) throw tooMany();
      if (id === undefined) sendJson(res, 200, list(network, url));
      else if (req.method === 'GET' && rest.length === 0) sendJson(res, 200, linked(findLeg(network, id)));
      else await callControl({ network, leg: findLeg(network, id) }, { req, res, part: rest.join('/') });
    },
  };
}

async function create(
  door: { network: PhoneNetwork; ownNumber: string },
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const { network } = door;
  const body = await readJson(req);
  if (network.faults.tooManyNext > 0) {
    network.faults.tooManyNext -= 1;
    throw tooMany();
  }
  if (!network.creations.take()) throw tooMany();
  const order = orderFrom(body, door.ownNumber);
  const leg = network.callOut({
    ...order,
    about: { ...order.about, events: order.about.events ?? network.options.event },
  });
  const { createWithoutAck: fault } = network.faults;
  if (fault.next > 0) {
    fault.next -= 1;
    await withoutAck(fault.how, res);
    return;
  }
  sendJson(res, 201, {
    uuid: leg.uuid,
    status: 'started',
    direction: 'outbound',
    conversation_uuid: leg.conversationUuid,
  });
}

/** The order was taken, but whoever gave it will not know. */
export async function withoutAck(how: 'error' | 'silence', res: ServerResponse): Promise<void> {
  if (how === 'error') {
    sendJson(res, 500, { type: 'INTERNAL_ERROR', error_title: 'Internal Server Error' });
    return;
  }
  await Promise.race([
    pause(SILENCE_MS, undefined, { ref: false }),
    new Promise((resolve) => res.once('close', resolve)),
  ]);
  res.destroy();
}

function orderFrom(body: unknown, ownNumber: string): OutboundOrder {
  const parsed = createSchema.safeParse(body);
  if (!parsed.success)
    throw badRequest(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const order = parsed.data;
  if ((order.ncco === undefined) === (order.answer_url === undefined))
    throw badRequest('exactly one of ncco and answer_url');
  if ((order.from === undefined) === !order.random_from_number)
    throw badRequest('exactly one of from and random_from_number');
  const [to] = order.to;
  return {
    about: {
      endpointType: to.type,
      from: order.from?.number ?? order.from?.user ?? order.from?.uri ?? ownNumber,
      to: addressOf(to),
      events: order.event_url === undefined ? undefined : { url: order.event_url[0], method: order.event_method },
    },
    ringingTimerS: order.ringing_timer,
    lengthTimerS: order.length_timer,
    headers: to.type === 'sip' ? to.headers : {},
    detection: detectionAsked(order.machine_detection, order.advanced_machine_detection),
    ncco: instructions(order.ncco, order.answer_url?.[0], order.answer_method),
  };
}

function instructions(
  ncco: unknown[] | undefined,
  answerUrl: string | undefined,
  answerMethod: 'GET' | 'POST',
): Ncco | WebhookTarget {
  if (answerUrl !== undefined) return { url: answerUrl, method: answerMethod };
  const parsed = parseNcco(ncco);
  if ('reason' in parsed) throw badRequest(parsed.reason);
  return parsed.ncco;
}

function addressOf(endpoint: Endpoint): string {
  if (endpoint.type === 'phone') return endpoint.number;
  if (endpoint.type === 'app') return endpoint.user;
  return endpoint.type === 'vbc' ? endpoint.extension : endpoint.uri;
}

function list(network: PhoneNetwork, url: URL): object {
  const query = url.searchParams;
  const size = Math.min(100, Math.max(1, Number(query.get('page_size') ?? 10)));
  const index = Math.max(0, Number(query.get('record_index') ?? 0));
  const found = [...network.legs.values()].filter((leg) => matches(leg, query));
  found.sort((a, b) => (query.get('order') === 'desc' ? b.createdAtMs - a.createdAtMs : a.createdAtMs - b.createdAtMs));
  const page = found.slice(index, index + size);
  const more = index + size < found.length;
  const self = `${network.options.regionUrl}${url.pathname}${url.search}`;
  const next = new URL(self);
  next.searchParams.set('record_index', String(index + size));
  return {
    count: found.length,
    page_size: size,
    record_index: index,
    _links: { self: { href: self }, ...(more ? { next: { href: next.href } } : {}) },
    _embedded: { calls: page.map(linked) },
  };
}

function matches(leg: Leg, query: URLSearchParams): boolean {
  const from = query.get('date_start');
  const until = query.get('date_end');
  const conversation = query.get('conversation_uuid');
  const status = query.get('status');
  return (
    (from === null || leg.createdAtMs >= Date.parse(from)) &&
    (until === null || leg.createdAtMs <= Date.parse(until)) &&
    (conversation === null || leg.conversationUuid === conversation) &&
    (status === null || leg.status === status)
  );
}

function linked(leg: Leg): object {
  return { _links: { self: { href: `/v1/calls/${leg.uuid}` } }, ...leg.view() };
}

function sendFile(network: PhoneNetwork, res: ServerResponse, id: string): void {
  const file = network.files.get(id);
  if (file === undefined) throw new HttpError(404, { type: 'NOT_FOUND', error_title: 'Not Found' });
  res.writeHead(200, { 'content-type': 'audio/wav', 'content-length': file.length }).end(file);
}

function findLeg(network: PhoneNetwork, uuid: string): Leg {
  const leg = network.legs.get(uuid);
  if (leg === undefined)
    throw new HttpError(404, { type: 'NOT_FOUND', error_title: 'Not Found', detail: 'no such call' });
  return leg;
}

export function badRequest(detail: string): HttpError {
  return new HttpError(400, { type: 'BAD_REQUEST', error_title: 'Bad Request', detail });
}

function tooMany(): HttpError {
  return new HttpError(429, { type: 'RATE_LIMIT', error_title: 'Too Many Requests' });
}
