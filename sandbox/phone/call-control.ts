/** What can be done to a call that is on: PUT and DELETE below /v1/calls/{uuid}. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { HttpError, readJson, sendJson } from '../http.ts';
import { soundAt, speechFor } from './actions.ts';
import { CallFlow } from './call-flow.ts';
import type { Leg } from './leg.ts';
import { parseNcco, type Ncco } from './ncco.ts';
import type { PhoneNetwork } from './network.ts';
import { atLevel } from './sound.ts';

interface Subject {
  network: PhoneNetwork;
  leg: Leg;
}

interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  part: string;
}

const actionSchema = z.discriminatedUnion('action', [
  z.object({ action: z.enum(['hangup', 'mute', 'unmute', 'earmuff', 'unearmuff']) }),
  z.object({
    action: z.literal('transfer'),
    destination: z.object({
      type: z.literal('ncco'),
      ncco: z.array(z.unknown()).optional(),
      url: z.tuple([z.url()]).optional(),
    }),
  }),
]);
const talkSchema = z.object({
  text: z.string().min(1).max(1500),
  language: z.string().default('en-US'),
  loop: z.coerce.number().int().min(0).default(1),
  level: z.coerce.number().min(-1).max(1).default(0),
});
const streamSchema = z.object({
  stream_url: z.tuple([z.url()]),
  loop: z.coerce.number().int().min(0).default(1),
  level: z.coerce.number().min(-1).max(1).default(0),
});
const digitsSchema = z.object({ digits: z.string().regex(/^[\d*#p]+$/u) });
const inputSchema = z.object({ event_url: z.tuple([z.url()]) });

export async function callControl(subject: Subject, exchange: Exchange): Promise<void> {
  const { network, leg } = subject;
  const { faults } = network;
  if (faults.putErrorNext > 0) {
    faults.putErrorNext -= 1;
    throw new HttpError(500, { type: 'INTERNAL_ERROR', error_title: 'Internal Server Error' });
  }
  if (Date.now() - leg.createdAtMs < faults.youngPut400Ms) throw refused(400, 'BAD_REQUEST', 'the call is too young');
  if (leg.over) throw refused(404, 'NOT_FOUND', 'the call is over');
  switch (`${exchange.req.method ?? ''} ${exchange.part}`) {
    case 'PUT ':
      await act(subject, exchange);
      return;
    case 'PUT talk':
      await talk(subject, exchange);
      return;
    case 'PUT stream':
      await stream(subject, exchange);
      return;
    case 'DELETE talk':
    case 'DELETE stream':
      leg.player.stop();
      sendJson(exchange.res, 200, {
        message: `${exchange.part === 'talk' ? 'Talk' : 'Stream'} stopped`,
        uuid: leg.uuid,
      });
      return;
    case 'PUT dtmf':
      await sendDigits(subject, exchange);
      return;
    case 'PUT input/dtmf':
      await listenForKeys(subject, exchange);
      return;
    case 'DELETE input/dtmf':
      leg.onDigit = undefined;
      sendJson(exchange.res, 204);
      return;
    default:
      throw refused(404, 'NOT_FOUND', 'no such endpoint');
  }
}

async function act(subject: Subject, { req, res }: Exchange): Promise<void> {
  const { leg } = subject;
  const wish = parse(actionSchema, await readJson(req));
  if (wish.action === 'transfer') await transfer(subject, wish.destination);
  else if (wish.action === 'hangup') hangUp(leg);
  else if (wish.action === 'mute' || wish.action === 'unmute') leg.muted = wish.action === 'mute';
  else leg.earmuffed = wish.action === 'earmuff';
  sendJson(res, 204);
}

function hangUp(leg: Leg): void {
  const unanswered = leg.answeredAtMs === undefined && leg.about.direction === 'outbound';
  void leg.end({ by: 'platform', sipCode: '200' }, unanswered ? 'cancelled' : 'completed');
}

/** The leg leaves its conversation for a new one and runs another list there. */
async function transfer(
  { network, leg }: Subject,
  destination: { ncco?: unknown[] | undefined; url?: [string] | undefined },
): Promise<void> {
  if ((destination.ncco === undefined) === (destination.url === undefined))
    throw refused(400, 'BAD_REQUEST', 'either ncco or url');
  const ncco =
    destination.url === undefined ? nccoFrom(destination.ncco) : await nccoAt(network, leg, destination.url[0]);
  const from = leg.conversationUuid;
  leg.conversationUuid = `CON-${randomUUID()}`;
  network.newRoom().enter(leg);
  void leg.tell({
    conversation_uuid_from: from,
    conversation_uuid_to: leg.conversationUuid,
    uuid: leg.uuid,
    type: 'transfer',
    timestamp: new Date().toISOString(),
  });
  const flow = network.flows.get(leg.uuid);
  if (flow !== undefined) {
    flow.replace(ncco);
    return;
  }
  // A leg that a connect has made has no list of its own until it is transferred.
  leg.becomeIndependent();
  const own = new CallFlow(network, leg);
  network.flows.set(leg.uuid, own);
  void own.runList(ncco);
}

function nccoFrom(value: unknown): Ncco {
  const parsed = parseNcco(value);
  if ('reason' in parsed) throw refused(400, 'BAD_REQUEST', parsed.reason);
  return parsed.ncco;
}

async function nccoAt(network: PhoneNetwork, leg: Leg, url: string): Promise<Ncco> {
  const answer = await network.webhooks.ask({ url, method: 'GET' }, new CallFlow(network, leg).answerPayload());
  if (!answer.ok) throw refused(400, 'BAD_REQUEST', `the NCCO could not be fetched: ${answer.reason}`);
  return nccoFrom(answer.body);
}

async function talk({ network, leg }: Subject, { req, res }: Exchange): Promise<void> {
  const wish = parse(talkSchema, await readJson(req));
  const pcm = await speechFor(network, wish.text, wish.language);
  void leg.player.play(atLevel(pcm, wish.level), wish.loop);
  sendJson(res, 200, { message: 'Talk started', uuid: leg.uuid });
}

async function stream({ leg }: Subject, { req, res }: Exchange): Promise<void> {
  const wish = parse(streamSchema, await readJson(req));
  const pcm = await soundAt(wish.stream_url[0]);
  void leg.player.play(atLevel(pcm, wish.level), wish.loop);
  sendJson(res, 200, { message: 'Stream started', uuid: leg.uuid });
}

/** Keys sent to the leg's own party, as if the conversation had pressed them. */
async function sendDigits({ leg }: Subject, { req, res }: Exchange): Promise<void> {
  const { digits } = parse(digitsSchema, await readJson(req));
  for (const digit of digits.replaceAll('p', '')) leg.party?.digit?.(digit);
  sendJson(res, 200, { message: 'DTMF sent', uuid: leg.uuid });
}

async function listenForKeys({ network, leg }: Subject, { req, res }: Exchange): Promise<void> {
  const { event_url: target } = parse(inputSchema, await readJson(req));
  leg.onDigit = (digit) => {
    const event = {
      dtmf: { digits: digit, timed_out: false },
      from: leg.about.from,
      to: leg.about.to,
      uuid: leg.uuid,
      conversation_uuid: leg.conversationUuid,
      timestamp: new Date().toISOString(),
    };
    void network.webhooks.tell({ url: target[0], method: 'POST' }, event);
  };
  sendJson(res, 204);
}

function parse<Out>(schema: z.ZodType<Out>, value: unknown): Out {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw refused(
      400,
      'BAD_REQUEST',
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  return parsed.data;
}

function refused(status: number, type: string, detail: string): HttpError {
  return new HttpError(status, { type, error_title: type === 'NOT_FOUND' ? 'Not Found' : 'Bad Request', detail });
}
