/** The sandbox's own door: rings in, talks, hangs up, looks and breaks things, for tests, the demo and the curious. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { HttpError, readJson, sendJson } from '../http.ts';
import { faultSchema } from '../phone/faults.ts';
import type { MessageDoor } from '../phone/sms-records.ts';
import { MediaSocket } from '../phone/media-socket.ts';
import type { PhoneNetwork } from '../phone/network.ts';
import type { PhoneBook } from '../phone/phone-book.ts';
import type { PhoneCall } from '../phone/phone-call.ts';
import { scriptSchema, type Script } from '../phone/script.ts';
import { ScriptedPhone, type ScriptedPhoneDeps } from '../phone/scripted-phone.ts';
import { encodeWav } from '../phone/sound.ts';
import { PHONE_VOICE, synthesizeWithWords } from '../voice/espeak.ts';
import type { LoadMeter } from './load.ts';

export interface OtherStandIn {
  faults(): object;
  /** Throws when there is no such fault. */
  changeFaults(change: object): void;
  resetFaults(): void;
  /** What it has been told and keeps, where it keeps anything. */
  state?: () => object;
}

export interface Sandbox {
  network: PhoneNetwork;
  book: PhoneBook;
  messages: MessageDoor;
  load: LoadMeter;
  scenarios: Map<string, Script>;
  phoneDeps: ScriptedPhoneDeps;
  ownNumber: string;
  /** The other stand-ins, by their name. */
  others: Map<string, OtherStandIn>;
}

const number = z
  .string()
  .regex(/^\+?[1-9]\d{4,14}$/u)
  .transform((text) => text.replace('+', ''));
const callSchema = z
  .strictObject({
    from: number,
    to: number.optional(),
    scenario: z.string().optional(),
    script: scriptSchema.optional(),
    language: z.string().optional(),
  })
  .refine((call) => call.scenario === undefined || call.script === undefined, 'either scenario or script');
const phoneSchema = z.strictObject({
  number: z.union([z.literal('*'), number]),
  scenario: z.string().optional(),
  script: scriptSchema.optional(),
});
const saySchema = z.strictObject({ text: z.string().min(1).max(2_000) });
const pressSchema = z.strictObject({ digits: z.string().regex(/^[\d*#]+$/u) });
const rehearsalSchema = z
  .strictObject({
    who: z.enum(['phone', 'bot']),
    phrases: z.array(z.string().min(1).max(2_000)).max(400),
    language: z.string().default('en-US'),
    /** An espeak variant. */
    voice: z.string().optional(),
  })
  .transform((wish) => ({ ...wish, voice: wish.voice ?? (wish.who === 'phone' ? PHONE_VOICE : undefined) }));
const smsSchema = z.strictObject({
  from: number,
  to: number.optional(),
  text: z.string().min(1),
  way: z.enum(['messages', 'sms', 'twilio']).default('messages'),
});

type Handler = (sandbox: Sandbox, exchange: Exchange) => unknown;

interface Exchange {
  id: string;
  body: unknown;
  res: ServerResponse;
}

const routes: Record<string, Handler> = {
  'GET /control/calls': ({ network }) => ({ calls: [...network.calls.values()].map((call) => call.view()) }),
  'POST /control/calls': callIn,
  'GET /control/calls/:id': (sandbox, { id }) => findCall(sandbox, id).view(),
  'GET /control/calls/:id/audio.wav': (sandbox, { id, res }) => {
    const wav = encodeWav(findCall(sandbox, id).sound());
    res.writeHead(200, { 'content-type': 'audio/wav', 'content-length': wav.length }).end(wav);
  },
  'POST /control/calls/:id/say': async (sandbox, { id, body }) => ({
    whole: await liveCall(sandbox, id).speak(parse(saySchema, body).text),
  }),
  'POST /control/calls/:id/heard': (sandbox, { id, body }) => {
    liveCall(sandbox, id).noteHeard(parse(saySchema, body).text);
    return {};
  },
  'POST /control/calls/:id/press': (sandbox, { id, body }) => {
    liveCall(sandbox, id).press(parse(pressSchema, body).digits);
    return {};
  },
  'POST /control/calls/:id/hangup': (sandbox, { id }) => {
    liveCall(sandbox, id).hangUp();
    return {};
  },
  'POST /control/calls/:id/drop': (sandbox, { id }) => {
    liveCall(sandbox, id).drop();
    return {};
  },
  'POST /control/phones': definePhone,
  'GET /control/phones': ({ book }) => ({ numbers: book.numbers() }),
  'GET /control/scenarios': ({ scenarios }) => ({
    scenarios: [...scenarios].map(([id, script]) => ({ id, name: script.name, numbers: script.numbers })),
  }),
  'GET /control/timelines': ({ network }) => ({ calls: [...network.calls.values()].map((call) => call.timeline()) }),
  'GET /control/load': ({ load }) => load.view(),
  'DELETE /control/load': ({ load }) => {
    load.reset();
    return {};
  },
  'POST /control/voices': rehearse,
  'GET /control/legs': ({ network }) => ({ legs: [...network.legs.values()].map(legView) }),
  'POST /control/legs/:id/cut': cutSocket,
  'GET /control/rings': ({ network }) => ({ rings: Object.fromEntries(network.rings) }),
  'GET /control/spoken': ({ network }) => ({
    spoken: network.options.spoken.all().map(({ text, language, saidAtMs }) => ({ text, language, saidAtMs })),
  }),
  'GET /control/sms': ({ messages }) => ({ messages: messages.all }),
  'POST /control/sms': async ({ messages, ownNumber }, { body }) => {
    const { way, from, text, to = ownNumber } = parse(smsSchema, body);
    return await messages.receive({ from, to, text }, way);
  },
  'GET /control/crm': ({ others }) => others.get('crm')?.state?.() ?? {},
  'GET /control/model': ({ others }) => others.get('model')?.state?.() ?? {},
  'GET /control/openai': ({ others }) => others.get('openai')?.state?.() ?? {},
  'GET /control/faults': allFaults,
  'POST /control/faults': setFaults,
  'DELETE /control/faults': (sandbox) => {
    sandbox.network.resetFaults();
    for (const standIn of sandbox.others.values()) standIn.resetFaults();
    return allFaults(sandbox);
  },
};

export async function handleControl(sandbox: Sandbox, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const path = new URL(req.url ?? '/', 'http://sandbox').pathname;
  const [, , kind, id, ...rest] = path.split('/');
  const pattern = id === undefined ? path : ['/control', kind, ':id', ...rest].join('/');
  const handler = routes[`${req.method ?? ''} ${pattern}`];
  if (handler === undefined)
    throw new HttpError(404, {
      title: `no such endpoint: ${req.method ?? ''} ${path}`,
      endpoints: Object.keys(routes),
    });
  const body = req.method === 'POST' ? await readJson(req) : undefined;
  const answer = await handler(sandbox, { id: id ?? '', body, res });
  if (!res.headersSent) sendJson(res, 200, answer ?? {});
}

/** A customer rings in. Without a scenario or a script it is the phone that belongs to the number. */
function callIn(sandbox: Sandbox, { body }: Exchange): object {
  const wish = parse(callSchema, body);
  const script = wish.script ?? scenarioNamed(sandbox, wish.scenario) ?? scriptOf(sandbox, wish.from);
  const spoken = wish.language === undefined ? script : { ...script, language: wish.language };
  const phone = new ScriptedPhone(spoken, sandbox.phoneDeps);
  const call = phone.dial(wish.from, wish.to ?? sandbox.ownNumber);
  const leg = sandbox.network.callIn(call, () => {
    phone.play(call);
  });
  return { id: call.id, legUuid: leg.uuid, conversationUuid: leg.conversationUuid };
}

/** Phrases spoken now, so that espeak has no work when they are needed. */
async function rehearse({ network }: Sandbox, { body }: Exchange): Promise<object> {
  const { phrases, voice, who, language } = parse(rehearsalSchema, body);
  const register = who === 'phone' ? network.registers.spoken : network.registers.bot;
  for (const text of phrases) {
    const speech = await synthesizeWithWords(text, { language, ...(voice === undefined ? {} : { voice }) });
    register.register({ text, language, ...speech, saidAtMs: Date.now() });
  }
  return { rehearsed: phrases.length };
}

function definePhone(sandbox: Sandbox, { body }: Exchange): object {
  const wish = parse(phoneSchema, body);
  const script = wish.script ?? scenarioNamed(sandbox, wish.scenario);
  if (script === undefined) throw new HttpError(422, { title: 'a phone needs a scenario or a script' });
  sandbox.book.define([wish.number], new ScriptedPhone(script, sandbox.phoneDeps));
  return { number: wish.number, name: script.name };
}

function cutSocket({ network }: Sandbox, { id }: Exchange): object {
  const leg = network.legs.get(id);
  const room = leg?.room;
  const sockets = [leg, ...(room?.legs ?? [])].flatMap((one) => (one?.party instanceof MediaSocket ? [one.party] : []));
  if (sockets.length === 0) throw new HttpError(404, { title: 'no media socket at this leg' });
  for (const socket of new Set(sockets)) socket.cut();
  return {};
}

function allFaults({ network, others }: Sandbox): object {
  return {
    phone: network.faults,
    ...Object.fromEntries([...others].map(([name, standIn]) => [name, standIn.faults()])),
  };
}

function setFaults(sandbox: Sandbox, { body }: Exchange): object {
  const ofOthers = z.record(z.string(), z.unknown()).optional();
  const { speech, openai, model, crm, ...phone } = parse(
    z.looseObject({ speech: ofOthers, openai: ofOthers, model: ofOthers, crm: ofOthers }),
    body,
  );
  const change = parse(faultSchema, phone);
  for (const [name, theirs] of Object.entries({ speech, openai, model, crm })) {
    if (theirs !== undefined) changeOther(sandbox, name, theirs);
  }
  Object.assign(sandbox.network.faults, change);
  return allFaults(sandbox);
}

function changeOther({ others }: Sandbox, name: string, change: object): void {
  const standIn = others.get(name);
  if (standIn === undefined) throw new HttpError(404, { title: `no stand-in called ${name}` });
  try {
    standIn.changeFaults(change);
  } catch (error) {
    throw new HttpError(422, { title: `${name}: ${error instanceof Error ? error.message : String(error)}` });
  }
}

function legView(leg: { view(): object; party: unknown; createdAtMs: number }): object {
  return {
    ...leg.view(),
    created_at: new Date(leg.createdAtMs).toISOString(),
    ...(leg.party instanceof MediaSocket ? { media: leg.party.stats } : {}),
  };
}

function scriptOf(sandbox: Sandbox, from: string): Script {
  const handset = sandbox.book.find(from);
  if (handset instanceof ScriptedPhone) return handset.script;
  throw new HttpError(422, { title: `no scripted phone has the number ${from}` });
}

function scenarioNamed({ scenarios }: Sandbox, name: string | undefined): Script | undefined {
  if (name === undefined) return undefined;
  const script = scenarios.get(name);
  if (script === undefined)
    throw new HttpError(404, { title: `no scenario ${name}`, scenarios: [...scenarios.keys()] });
  return script;
}

function findCall({ network }: Sandbox, id: string): PhoneCall {
  const call = network.calls.get(id) ?? [...network.calls.values()].find((one) => one.line?.legUuid === id);
  if (call === undefined) throw new HttpError(404, { title: `no call ${id}` });
  return call;
}

function liveCall(sandbox: Sandbox, id: string): PhoneCall {
  const call = findCall(sandbox, id);
  if (call.state !== 'live') throw new HttpError(409, { title: `the call is ${call.state}` });
  return call;
}

function parse<Out>(schema: z.ZodType<Out>, value: unknown): Out {
  const parsed = schema.safeParse(value);
  if (!parsed.success)
    throw new HttpError(422, {
      title: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    });
  return parsed.data;
}
