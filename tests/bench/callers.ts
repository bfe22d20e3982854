/** The bench's customers as scripts of the sandbox's phones: each one's words, pauses and interruptions follow from its seed. */
import { seeded } from './statistics.ts';
import { BACKCHANNELS, INTERJECTIONS, UTTERANCES } from './words.ts';

export type Scenario = 'talk' | 'barge-in' | 'claim';
export const SCENARIOS: readonly Scenario[] = ['talk', 'barge-in', 'claim'];

/** espeak's variants; two men, two women. */
export const VOICES = ['f2', 'm3', 'f4', 'm1'] as const;

const PAUSE_MS = { least: 600, most: 2_000 };
const INTERRUPT_AFTER_MS = { least: 1_000, most: 2_000 };
const BACKCHANNEL_SHARE = 0.08;
/** More turns than anybody has in a round: a step takes some seconds. */
const TURNS = 300;

/** Answers what a claim asks for, so that the model uses its tools. */
const CLAIMANT = [
  { when: '/correct|is that right|everything\\?|confirm/i', says: 'Yes, that is correct' },
  { when: '/e-?mail/i', says: 'It is anna dot petrova at example dot com' },
  { when: '/phone number|telephone|reach you/i', says: 'My number is two zero two five five five zero one two three' },
  { when: '/\\bname\\b/i', says: 'My name is Anna Petrova' },
  { when: '/happened|incident|describe|damage|tell me/i', says: 'A pipe burst in my kitchen.' },
] as const;

export const CLAIM_WORDS: readonly string[] = [...CLAIMANT.map(({ says }) => says), 'The ceiling is wet as well.'];

export function callerScript(scenario: Scenario, seed: number, voices: readonly string[] = VOICES): object {
  const chance = seeded(seed);
  const voice = voices[seed % voices.length];
  const about = { voice, ringMs: 200 + Math.round(chance() * 400), patienceMs: 60_000 };
  if (scenario === 'claim')
    return { ...about, answersAfterMs: 700, answersWith: [...CLAIMANT], otherwise: 'The ceiling is wet as well.' };
  const turn = scenario === 'talk' ? talkTurn : bargeInTurn;
  return { ...about, steps: Array.from({ length: TURNS }, () => turn(chance)).flat() };
}

function talkTurn(chance: () => number): object[] {
  const listens = chance() < BACKCHANNEL_SHARE;
  return [
    ...(listens ? [{ interrupts: oneOf(BACKCHANNELS, chance), afterMs: between(INTERRUPT_AFTER_MS, chance) }] : []),
    { waitsForSilenceMs: between(PAUSE_MS, chance) },
    { says: oneOf(UTTERANCES, chance) },
  ];
}

/** Every second reply is interrupted; the others are heard out, or nobody would ever be answered. */
function bargeInTurn(chance: () => number): object[] {
  return [
    { waitsForSilenceMs: between(PAUSE_MS, chance) },
    { says: oneOf(UTTERANCES, chance) },
    { interrupts: oneOf(INTERJECTIONS, chance), afterMs: between(INTERRUPT_AFTER_MS, chance) },
    { interrupts: oneOf(INTERJECTIONS, chance), afterMs: between(INTERRUPT_AFTER_MS, chance) },
  ];
}

const oneOf = (list: readonly string[], chance: () => number): string => list[Math.floor(chance() * list.length)] ?? '';

const between = ({ least, most }: { least: number; most: number }, chance: () => number): number =>
  Math.round(least + chance() * (most - least));
