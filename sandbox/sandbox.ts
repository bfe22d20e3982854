/** All stand-ins together: one HTTP door on loopback for phones, messages, model, CRM and self-hosted speech, one gRPC door for Google's. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { LoadMeter } from './control/load.ts';
import { handleControl, type OtherStandIn, type Sandbox } from './control/routes.ts';
import type { CrmState } from './crm/objects.ts';
import { createCrmStandIn } from './crm/server.ts';
import { HttpError, sendJson } from './http.ts';
import { createModelStandIn } from './model/server.ts';
import { createOpenAiSpeechStandIn } from './openai-speech/server.ts';
import { createMessageDoor } from './phone/messages.ts';
import { PhoneNetwork } from './phone/network.ts';
import { PhoneBook, readScenarios } from './phone/phone-book.ts';
import { createRestDoor } from './phone/rest.ts';
import { ScriptedPhone } from './phone/scripted-phone.ts';
import { applicationKey } from './phone/signature.ts';
import { createSmsApiDoor } from './phone/sms-api.ts';
import { createTwilioDoor } from './phone/twilio.ts';
import type { SandboxSettings } from './settings.ts';
import { createSpeechStandIn } from './speech/server.ts';
import { createSoftphoneDoor, type SoftphoneDoor } from './softphone/door.ts';
import { BotSpeechRegister, SpokenRegister } from './voice/spoken.ts';

export interface RunningSandbox {
  httpPort: number;
  grpcPort: number;
  url: string;
  sandbox: Sandbox;
  close(): Promise<void>;
}

interface HttpStandIn {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

interface StandIns {
  model: HttpStandIn;
  crm: HttpStandIn;
  openai: HttpStandIn;
  speech: { port: number; close(): Promise<void> };
}

export async function startSandbox(settings: SandboxSettings, log: Logger): Promise<RunningSandbox> {
  const spoken = new SpokenRegister();
  const bot = new BotSpeechRegister();
  const server = createServer();
  const httpPort = await listen(server, settings.httpPort);
  const url = `http://127.0.0.1:${httpPort}`;
  const sandbox = buildSandbox(settings, { url, spoken, bot, log });
  const standIns = await startStandIns({ spoken, bot, grpcPort: settings.grpcPort, log, sandbox });
  const softphones = createSoftphoneDoor(sandbox, log);
  const door = createDoor({ sandbox, standIns, softphones, settings, log });
  server.on('request', (req, res) => void door(req, res));
  server.on('upgrade', (req, socket, head) => {
    softphones.upgrade(req, socket, head);
  });
  if (settings.privateKey === undefined)
    log.warn('VONAGE_PRIVATE_KEY is not set: requests are let in by the form of their token alone');
  if (settings.signatureSecret === undefined) log.warn('VONAGE_SIGNATURE_SECRET is not set: webhooks go out unsigned');
  return {
    httpPort,
    grpcPort: standIns.speech.port,
    url,
    sandbox,
    close: async () => {
      sandbox.network.close();
      softphones.close();
      await standIns.speech.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Ground {
  url: string;
  spoken: SpokenRegister;
  bot: SpokenRegister;
  log: Logger;
}

function buildSandbox(settings: SandboxSettings, { url, spoken, bot, log }: Ground): Sandbox {
  const book = new PhoneBook();
  const signer =
    settings.signatureSecret === undefined
      ? undefined
      : { secret: settings.signatureSecret, apiKey: settings.apiKey, applicationId: settings.applicationId };
  const network = new PhoneNetwork(
    {
      answer: settings.answer,
      event: { url: settings.eventUrl, method: 'POST' },
      fallback:
        settings.fallbackUrl === undefined ? undefined : { url: settings.fallbackUrl, method: settings.answer.method },
      signer,
      regionUrl: url,
      spoken,
      bot,
      log,
    },
    (number) => book.find(number),
  );
  const phoneDeps = {
    registers: network.registers,
    faults: network.faults,
    log,
    onCall: (call: { id: string }) => {
      log.debug({ call: call.id }, 'a phone is on the line');
    },
  };
  const scenarios = readScenarios(join(import.meta.dirname, 'scenarios'));
  for (const script of scenarios.values()) book.define(script.numbers, new ScriptedPhone(script, phoneDeps));
  const messages = createMessageDoor(network, {
    key: keyOf(settings),
    apiKey: settings.apiKey,
    apiSecret: settings.apiSecret,
    statusUrl: settings.smsStatusUrl,
    inboundUrl: settings.smsInboundUrl,
    ...otherWays(settings),
  });
  const load = new LoadMeter(network.lateness);
  return { network, book, messages, load, scenarios, phoneDeps, ownNumber: settings.number, others: new Map() };
}

function otherWays({ apiKey, apiSecret, signatureSecret, smsApiInboundUrl, twilio }: SandboxSettings) {
  return { smsApi: { apiKey, apiSecret, signatureSecret, inboundUrl: smsApiInboundUrl }, twilio };
}

function keyOf(settings: SandboxSettings): ReturnType<typeof applicationKey> | undefined {
  return settings.privateKey === undefined ? undefined : applicationKey(settings.applicationId, settings.privateKey);
}

const TWILIO_MESSAGES = /^\/2010-04-01\/Accounts\/[^/]+\/Messages\.json$/u;

interface DoorParts {
  sandbox: Sandbox;
  standIns: StandIns;
  softphones: SoftphoneDoor;
  settings: SandboxSettings;
  log: Logger;
}

function createDoor({
  sandbox,
  standIns,
  softphones,
  settings,
  log,
}: DoorParts): (req: IncomingMessage, res: ServerResponse) => Promise<void> {
  const rest = createRestDoor(sandbox.network, keyOf(settings), settings.number);
  const ways = otherWays(settings);
  const smsApi = createSmsApiDoor(sandbox.network, sandbox.messages, ways.smsApi);
  const twilio = createTwilioDoor(sandbox.network, sandbox.messages, ways.twilio);
  const route = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    const url = new URL(req.url ?? '/', 'http://sandbox');
    const { pathname } = url;
    if (pathname.startsWith('/v1/calls') || pathname.startsWith('/v1/files/')) await rest.handle(req, res, url);
    else if (pathname === '/v1/messages' && req.method === 'POST') await sandbox.messages.messages(req, res);
    else if (pathname === '/sms/json' && req.method === 'POST') await smsApi.take(req, res);
    else if (TWILIO_MESSAGES.test(pathname) && req.method === 'POST') await twilio.take(req, res);
    else if (pathname.startsWith('/control/')) await handleControl(sandbox, req, res);
    else if (pathname === '/phone' || pathname.startsWith('/phone/')) await softphones.page(req, res);
    else if (pathname.startsWith('/anthropic/')) await mounted(standIns.model, '/anthropic', { req, res });
    else if (pathname.startsWith('/openai/')) await mounted(standIns.openai, '/openai', { req, res });
    else if (pathname.startsWith('/hubspot/')) await mounted(standIns.crm, '/hubspot', { req, res });
    else if (pathname === '/health') sendJson(res, 200, { status: 'ok' });
    else throw new HttpError(404, { type: 'NOT_FOUND', error_title: 'Not Found' });
  };
  return async (req, res) => {
    try {
      await route(req, res);
    } catch (error) {
      if (!(error instanceof HttpError)) log.error({ err: error, url: req.url }, 'request failed');
      if (res.headersSent) res.destroy();
      else if (error instanceof HttpError) sendJson(res, error.status, error.body);
      else sendJson(res, 500, { type: 'INTERNAL_ERROR', error_title: 'Internal Server Error' });
    }
  };
}

/** A stand-in sees its vendor's own paths. */
async function mounted(
  standIn: HttpStandIn,
  prefix: string,
  exchange: { req: IncomingMessage; res: ServerResponse },
): Promise<void> {
  exchange.req.url = (exchange.req.url ?? '').slice(prefix.length);
  await standIn.handle(exchange.req, exchange.res);
}

async function startStandIns(parts: Omit<Ground, 'url'> & { grpcPort: number; sandbox: Sandbox }): Promise<StandIns> {
  const { spoken, bot, grpcPort, log, sandbox } = parts;
  const speech = await createSpeechStandIn({ spoken, botSpeech: bot, port: grpcPort, log });
  const crm = createCrmStandIn();
  const model = createModelStandIn();
  const openai = createOpenAiSpeechStandIn({ spoken, botSpeech: bot });
  sandbox.others.set('speech', {
    faults: () => speech.faults,
    changeFaults: (change) => speech.changeFaults(change),
    resetFaults: () => speech.resetFaults(),
  });
  sandbox.others.set('openai', {
    faults: () => openai.faults,
    changeFaults: (change) => openai.changeFaults(change),
    resetFaults: () => openai.resetFaults(),
    state: () => openai.requests,
  });
  sandbox.others.set('crm', { ...changeable(crm.faults), state: () => crmState(crm.state) });
  sandbox.others.set('model', {
    faults: () => model.faults.current(),
    changeFaults: (change) => {
      refuseUnknown(change, model.faults.current());
      model.faults.set(change);
    },
    resetFaults: () => {
      model.faults.reset();
    },
    state: () => ({ requests: model.faults.requests.map(({ status, body }) => ({ status, body })) }),
  });
  return { model, crm, speech, openai };
}

/** Faults that are a plain object, changed by field and put back as they were. */
function changeable(faults: object): OtherStandIn {
  const asItWas = structuredClone(faults);
  return {
    faults: () => faults,
    changeFaults: (change) => {
      refuseUnknown(change, asItWas);
      Object.assign(faults, change);
    },
    resetFaults: () => {
      Object.assign(faults, structuredClone(asItWas));
    },
  };
}

function refuseUnknown(change: object, known: object): void {
  const unknown = Object.keys(change).find((name) => !(name in known));
  if (unknown !== undefined) throw new Error(`no fault called ${unknown}; there are ${Object.keys(known).join(', ')}`);
}

function crmState(state: CrmState): object {
  return { contacts: [...state.contacts.values()], notes: [...state.notes.values()], requests: state.requests };
}

/** Loopback only: whoever reaches this door can ring, speak and break things. */
async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
