import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../local/refusal.ts';
import {
  checkCombination,
  chooseVendors,
  fillers,
  isLoopback,
  standInVariables,
  type Vendor,
} from '../../../local/vendors.ts';

const ALL: Vendor[] = ['vonage', 'speech', 'synthesis', 'model', 'crm'];
const VONAGE = {
  VONAGE_API_KEY: 'k',
  VONAGE_APPLICATION_ID: 'a',
  VONAGE_PRIVATE_KEY: 'p',
  VONAGE_SIGNATURE_SECRET: 's',
};
const GOOGLE = { GOOGLE_APPLICATION_CREDENTIALS: '/key.json' };
const PLACE = { httpPort: 8095, grpcPort: 8096, apiPort: 8080, spokenFolder: '/data/spoken' };
const IDENTITY = { applicationId: 'made-up', privateKey: 'made-up key', signatureSecret: 'made-up secret' };

function realOnes(env: Record<string, string>): Vendor[] {
  const choices = chooseVendors(env);
  return ALL.filter((vendor) => choices[vendor].kind === 'real');
}

describe('which vendors are real', () => {
  test.each<[string, Record<string, string>, Vendor[]]>([
    ['nothing set', {}, []],
    ['a number and a signature secret alone', { VONAGE_NUMBER: '4420', VONAGE_SIGNATURE_SECRET: 's' }, []],
    ['Vonage application and key', VONAGE, ['vonage']],
    ['the address of a phone network', { VONAGE_API_URL: 'http://127.0.0.1:9000' }, ['vonage']],
    ['Google credentials', GOOGLE, ['speech', 'synthesis']],
    ['the address of a recogniser', { GOOGLE_SPEECH_API_URL: 'http://127.0.0.1:1' }, ['speech']],
    ['the address of a synthesiser', { GOOGLE_TTS_API_URL: 'http://127.0.0.1:1' }, ['synthesis']],
    ['an Anthropic key', { ANTHROPIC_API_KEY: 'k' }, ['model']],
    ['the address of a model', { ANTHROPIC_BASE_URL: 'http://127.0.0.1:1' }, ['model']],
    ['a HubSpot token', { HUBSPOT_TOKEN: 't' }, ['crm']],
    ['the address of a HubSpot', { HUBSPOT_BASE_URL: 'http://127.0.0.1:1' }, ['crm']],
  ])('[BT1] %s', (_case, env, expected) => {
    expect(realOnes(env)).toEqual(expected);
  });

  test('[BT2] half of a Vonage account is refused by the names of what is missing', () => {
    expect(() => chooseVendors({ VONAGE_API_KEY: 'k', VONAGE_APPLICATION_ID: 'a' })).toThrow(
      /VONAGE_PRIVATE_KEY missing/,
    );
  });
});

describe('what must not be combined', () => {
  const check = (env: Record<string, string>): string[] => checkCombination(env, chooseVendors(env));

  test('[BT3] real calls with stand-in speech are refused', () => {
    expect(() => check(VONAGE)).toThrow(Refusal);
    expect(() => check({ ...VONAGE, GOOGLE_SPEECH_API_URL: 'http://127.0.0.1:1' })).toThrow(/speech is a stand-in/);
    expect(check({ ...VONAGE, ...GOOGLE })).toEqual([]);
  });

  test('[BT3] a phone network elsewhere counts as real calls', () => {
    expect(() => check({ ...VONAGE, VONAGE_API_URL: 'https://api.nexmo.com' })).toThrow(Refusal);
  });

  test('[BT4] a phone network on this machine with stand-in speech is warned of', () => {
    const warnings = check({ VONAGE_API_URL: 'http://localhost:9000' });
    expect(warnings.join()).toMatch(/GOOGLE_SPEECH_API_URL/);
    expect(warnings.join()).toMatch(/VONAGE_SIGNATURE_SECRET is not set/);
  });

  test('[BT5] a public address without keys and a signature secret is refused', () => {
    const open = { PUBLIC_URL: 'https://calls.example.com' };
    expect(() => check(open)).toThrow(/API_KEYS and VONAGE_SIGNATURE_SECRET/);
    expect(() => check({ ...open, API_KEYS: 'k' })).toThrow(/so VONAGE_SIGNATURE_SECRET must/);
    expect(check({ ...open, API_KEYS: 'k', VONAGE_SIGNATURE_SECRET: 's' })).toEqual([]);
    expect(check({ PUBLIC_URL: 'http://127.0.0.1:8080' })).toEqual([]);
    expect(() => check({ PUBLIC_URL: 'calls.example.com' })).toThrow(/not an address/);
  });

  test.each([
    ['http://127.0.0.1:1', true],
    ['http://127.8.8.8', true],
    ['http://[::1]:1', true],
    ['https://localhost', true],
    ['https://127.0.0.1.example.com', false],
    ['https://localhost.example.com', false],
    ['http://10.0.0.1', false],
    ['http://0.0.0.0:1', false],
  ])('[BT5] loopback: %s is %s', (address, expected) => {
    expect(isLoopback(address)).toBe(expected);
  });
});

describe('speech from a server of one’s own', () => {
  const OWN = { speech: 'http://gpu-1:8000', synthesis: 'http://gpu-1:8880' };

  test('[BT25] its address makes it real, whatever is known of Google', () => {
    expect(chooseVendors({}, OWN)).toMatchObject({
      speech: { kind: 'real', because: 'at http://gpu-1:8000' },
      synthesis: { kind: 'real', because: 'at http://gpu-1:8880' },
    });
    expect(checkCombination(VONAGE, chooseVendors(VONAGE, OWN))).toEqual([]);
  });

  test('[BT25] without an address it is the sandbox’s, which hears no real caller', () => {
    const nowhere = { speech: null, synthesis: null };
    const choices = chooseVendors(GOOGLE, nowhere);
    expect([choices.speech.kind, choices.synthesis.kind]).toEqual(['stand-in', 'stand-in']);
    expect(() => checkCombination(VONAGE, chooseVendors({ ...VONAGE, ...GOOGLE }, nowhere))).toThrow('stt.url');
    expect(standInVariables(chooseVendors({}), PLACE, IDENTITY)).toMatchObject({
      OPENAI_SPEECH_BASE_URL: 'http://127.0.0.1:8095/openai',
    });
    expect(standInVariables(chooseVendors(VONAGE), PLACE, IDENTITY)).not.toHaveProperty('OPENAI_SPEECH_BASE_URL');
  });
});

describe('variables that lead to the stand-ins', () => {
  test('[BT6] a vendor that is real gets none, the others get theirs', () => {
    const env = { ...GOOGLE, ANTHROPIC_API_KEY: 'k' };
    const variables = standInVariables(chooseVendors(env), PLACE, IDENTITY);
    expect(Object.keys(variables).filter((name) => /GOOGLE|ANTHROPIC/.test(name))).toEqual([]);
    expect(variables).toMatchObject({
      VONAGE_API_URL: 'http://127.0.0.1:8095',
      HUBSPOT_BASE_URL: 'http://127.0.0.1:8095/hubspot',
    });
  });

  test('[BT6] a phone network at a local address gets an identity, but no signature secret that it does not know', () => {
    const made = fillers({ VONAGE_API_URL: 'http://127.0.0.1:9000' }, IDENTITY);
    expect(made['VONAGE_PRIVATE_KEY']).toBe('made-up key');
    expect(made).not.toHaveProperty('VONAGE_SIGNATURE_SECRET');
    expect(fillers({ VONAGE_API_URL: 'https://api.nexmo.com' }, IDENTITY)).toEqual({});
  });
});
