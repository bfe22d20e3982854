/** Which vendors are real and which are stood in for; what must not be combined. Pure: the environment comes in. */
import { Refusal } from './refusal.ts';

export type Vendor = 'vonage' | 'speech' | 'synthesis' | 'model' | 'crm';

export interface VendorChoice {
  kind: 'real' | 'stand-in';
  /** What made it so, in words for the table. */
  because: string;
}

export type VendorChoices = Readonly<Record<Vendor, VendorChoice>>;
type Env = Readonly<Record<string, string | undefined>>;

const STAND_IN: VendorChoice = { kind: 'stand-in', because: 'no credentials' };

/** Where a server of one's own hears or speaks before Google does: its address, null where none is given. */
export interface SelfHosted {
  speech?: string | null;
  synthesis?: string | null;
}

export function chooseVendors(env: Env, selfHosted: SelfHosted = {}): VendorChoices {
  const google = env['GOOGLE_APPLICATION_CREDENTIALS'];
  return {
    vonage: chooseVonage(env),
    speech:
      selfHosted.speech === undefined
        ? choose(env['GOOGLE_SPEECH_API_URL'], google && 'GOOGLE_APPLICATION_CREDENTIALS')
        : choose(selfHosted.speech ?? undefined, undefined),
    synthesis:
      selfHosted.synthesis === undefined
        ? choose(env['GOOGLE_TTS_API_URL'], google && 'GOOGLE_APPLICATION_CREDENTIALS')
        : choose(selfHosted.synthesis ?? undefined, undefined),
    model: choose(env['ANTHROPIC_BASE_URL'], env['ANTHROPIC_API_KEY'] && 'ANTHROPIC_API_KEY'),
    crm: choose(env['HUBSPOT_BASE_URL'], env['HUBSPOT_TOKEN'] && 'HUBSPOT_TOKEN'),
  };
}

/** An address wins in the telling, because it says where the calls really go. */
function choose(address: string | undefined, credential: string | undefined): VendorChoice {
  if (address) return { kind: 'real', because: `at ${address}` };
  return credential ? { kind: 'real', because: `by ${credential}` } : STAND_IN;
}

function chooseVonage(env: Env): VendorChoice {
  const address = env['VONAGE_API_URL'];
  if (address) return choose(address, undefined);
  const wanted = ['VONAGE_APPLICATION_ID', 'VONAGE_PRIVATE_KEY'];
  const missing = wanted.filter((name) => !env[name]);
  if (missing.length === 0) return { kind: 'real', because: 'by VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY' };
  const given = [...wanted, 'VONAGE_API_KEY', 'VONAGE_API_SECRET'].filter((name) => env[name]);
  if (given.length === 0) return STAND_IN;
  throw new Refusal(
    `Vonage is half configured: ${given.join(', ')} set, ${missing.join(' and ')} missing; set them all for real calls, or none for the stand-in.`,
  );
}

export function isLoopback(address: string): boolean {
  let host: string;
  try {
    host = new URL(address).hostname.replace(/^\[|\]$/g, '');
  } catch {
    return false;
  }
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127(\.\d+){3}$/.test(host);
}

/** Throws a Refusal when nothing may start; returns what must be said loudly otherwise. */
export function checkCombination(env: Env, choices: VendorChoices): string[] {
  const warnings: string[] = [];
  refuseOpenDoors(env);
  if (choices.vonage.kind === 'real') {
    const deaf = (['speech', 'synthesis'] as const).filter((vendor) => choices[vendor].kind === 'stand-in');
    const address = env['VONAGE_API_URL'];
    if (deaf.length > 0 && !(address && isLoopback(address))) {
      throw new Refusal(
        "Vonage is real but speech is a stand-in, which understands only the sandbox's own phones and would leave real callers unheard: set GOOGLE_APPLICATION_CREDENTIALS (or GOOGLE_SPEECH_API_URL and GOOGLE_TTS_API_URL, or stt.url and tts.url for a server of your own), or unset the Vonage variables.",
      );
    }
    if (deaf.length > 0) {
      warnings.push(
        `The phone network at ${address ?? ''} is not the sandbox's, but ${deaf.join(' and ')} is: the stand-in recogniser understands only what the sandbox's own phones say. Set GOOGLE_SPEECH_API_URL and GOOGLE_TTS_API_URL too.`,
      );
    }
    refuseHalfReachable(env);
    if (!env['VONAGE_SIGNATURE_SECRET']) {
      warnings.push('VONAGE_SIGNATURE_SECRET is not set: webhooks are believed unverified, whoever sends them.');
    }
  }
  return warnings;
}

function refuseOpenDoors(env: Env): void {
  const address = env['PUBLIC_URL'];
  if (!address) return;
  if (!URL.canParse(address))
    throw new Refusal(`PUBLIC_URL=${address} is not an address: write it as https://calls.example.com.`);
  if (isLoopback(address)) return;
  const missing = ['API_KEYS', 'VONAGE_SIGNATURE_SECRET'].filter((name) => !env[name]);
  if (missing.length === 0) return;
  throw new Refusal(
    `PUBLIC_URL=${address} opens this system to the world, so ${missing.join(' and ')} must be set: without them anyone could place calls, read reports or forge webhooks.`,
  );
}

/** The identity that a real account needs; a stand-in on this machine takes any, so there one is made up. */
function refuseHalfReachable(env: Env): void {
  const address = env['VONAGE_API_URL'];
  if (!address || isLoopback(address)) return;
  const missing = ['VONAGE_APPLICATION_ID', 'VONAGE_PRIVATE_KEY'].filter((name) => !env[name]);
  if (missing.length === 0) return;
  throw new Refusal(
    `VONAGE_API_URL=${address} needs ${missing.join(' and ')} as well: nothing there answers without them.`,
  );
}

export interface StandInPlace {
  httpPort: number;
  grpcPort: number;
  apiPort: number;
  spokenFolder: string;
}

export interface VonageIdentity {
  applicationId: string;
  privateKey: string;
  signatureSecret: string;
}

const SANDBOX_NUMBER = '442079460000';
const SANDBOX_API_KEY = 'sandbox0';

/** The variables that lead the application to the stand-ins; a vendor that is real keeps its own. */
export function standInVariables(
  choices: VendorChoices,
  place: StandInPlace,
  identity: VonageIdentity,
): Record<string, string> {
  const http = `http://127.0.0.1:${String(place.httpPort)}`;
  const grpc = `http://127.0.0.1:${String(place.grpcPort)}`;
  const variables: Record<string, string> = {};
  if (choices.vonage.kind === 'stand-in') {
    Object.assign(variables, {
      VONAGE_API_URL: http,
      VONAGE_API_KEY: SANDBOX_API_KEY,
      VONAGE_API_SECRET: 'sandbox',
      VONAGE_APPLICATION_ID: identity.applicationId,
      VONAGE_PRIVATE_KEY: identity.privateKey,
      VONAGE_SIGNATURE_SECRET: identity.signatureSecret,
      VONAGE_NUMBER: SANDBOX_NUMBER,
    });
  }
  if (choices.speech.kind === 'stand-in') variables['GOOGLE_SPEECH_API_URL'] = grpc;
  if (choices.synthesis.kind === 'stand-in') variables['GOOGLE_TTS_API_URL'] = grpc;
  // Real callers are never heard by it: their own server's address must be given.
  if (choices.vonage.kind === 'stand-in') variables['OPENAI_SPEECH_BASE_URL'] = `${http}/openai`;
  if (choices.model.kind === 'stand-in') {
    Object.assign(variables, { ANTHROPIC_BASE_URL: `${http}/anthropic`, ANTHROPIC_API_KEY: 'sandbox' });
  }
  if (choices.crm.kind === 'stand-in') {
    Object.assign(variables, { HUBSPOT_BASE_URL: `${http}/hubspot`, HUBSPOT_TOKEN: 'sandbox' });
  }
  return variables;
}

/** What a vendor at an address of someone's own still needs to be spoken to: clients refuse to begin without. */
export function fillers(env: Env, identity: VonageIdentity): Record<string, string> {
  const variables: Record<string, string> = {};
  const address = env['VONAGE_API_URL'];
  if (address && isLoopback(address)) {
    variables['VONAGE_APPLICATION_ID'] = identity.applicationId;
    variables['VONAGE_PRIVATE_KEY'] = identity.privateKey;
    variables['VONAGE_NUMBER'] = SANDBOX_NUMBER;
    variables['VONAGE_API_KEY'] = SANDBOX_API_KEY;
    variables['VONAGE_API_SECRET'] = 'sandbox';
  }
  if (env['ANTHROPIC_BASE_URL']) variables['ANTHROPIC_API_KEY'] = 'none';
  if (env['HUBSPOT_BASE_URL']) variables['HUBSPOT_TOKEN'] = 'none';
  return variables;
}

/** What the sandbox itself is told. */
export function sandboxVariables(place: StandInPlace): Record<string, string> {
  const api = `http://127.0.0.1:${String(place.apiPort)}/vonage`;
  return {
    SANDBOX_HTTP_PORT: String(place.httpPort),
    SANDBOX_GRPC_PORT: String(place.grpcPort),
    SANDBOX_ANSWER_URL: `${api}/answer`,
    SANDBOX_EVENT_URL: `${api}/event`,
    SANDBOX_FALLBACK_URL: `${api}/fallback`,
    SANDBOX_SPOKEN_DIR: place.spokenFolder,
  };
}
