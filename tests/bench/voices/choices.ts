/** Voices, lines, manners of speaking, vendors and networks that a caller may have: each by its name, the first of each as in the bench. */
import { BROKEN_OFF, UTTERANCES } from '../words.ts';
import type { LineSettings } from './line-sound.ts';
import type { VendorDelays } from './vendors.ts';

export interface Voice {
  /** espeak's variants. */
  variants: readonly string[];
  /** 1 is 165 words a minute. */
  rate?: number;
}

export const VOICES = {
  usual: { variants: ['f2', 'm3', 'f4', 'm1'] },
  women: { variants: ['f1', 'f3', 'f5', 'belinda', 'linda', 'steph'] },
  men: { variants: ['m2', 'm4', 'm5', 'm6', 'm7', 'm8', 'klatt', 'klatt4'] },
  croak: { variants: ['croak'] },
  whisper: { variants: ['whisper', 'whisperf'] },
  fast: { variants: ['f2', 'm3'], rate: 1.5 },
  slow: { variants: ['f2', 'm3'], rate: 0.65 },
} as const satisfies Record<string, Voice>;

export const LINES = {
  clean: {},
  telephone: { telephone: true, noiseDb: -40 },
  'quiet -20': { gainDb: -20, noiseDb: -45 },
  'quiet -30': { gainDb: -30, noiseDb: -50 },
  clipping: { gainDb: 18 },
  'noise 20': { noiseDb: -20 },
  'noise 10': { noiseDb: -10 },
  hum: { humDb: -20 },
  babble: { babbleDb: -20 },
  'babble -12': { babbleDb: -12 },
  offset: { offset: 0.03 },
  knocks: { knocksEveryMs: 1_700, noiseDb: -40 },
  'telephone, noise 10': { telephone: true, noiseDb: -10 },
} as const satisfies Record<string, LineSettings>;

/** Words, and before each further part a pause. */
export type Phrase = readonly (string | number)[];

const whole = (texts: readonly string[]): Phrase[] => texts.map((text) => [text]);

export const MANNERS = {
  usual: whole(UTTERANCES.filter((text) => !BROKEN_OFF.includes(text))),
  short: whole([
    'Yes.',
    'No.',
    'Okay.',
    'Anna.',
    'Three.',
    'Correct.',
    'Yes, please.',
    'Nineteen fifty eight.',
    'Tomorrow.',
  ]),
  'breaks 300': [
    ['I', 300, 'want to report a burst pipe.'],
    ['There is water', 300, 'in the kitchen', 300, 'and in the hall.'],
    ['My neighbour called', 300, 'and said that the ceiling is wet.'],
    ['No,', 300, 'that was on Monday.'],
  ],
  'breaks 450': [
    ['I', 450, 'want to report a burst pipe.'],
    ['There is water in the', 450, 'kitchen and in the hall.'],
    ['My neighbour called and', 450, 'said that the ceiling is wet.'],
    ['It was on', 450, 'Monday.'],
  ],
  'breaks 900': [
    ['I', 900, 'want to report a burst pipe.'],
    ['There is water in the', 900, 'kitchen and in the hall.'],
    ['My name is', 900, 'Anna Petrova.'],
    ['The number is two zero two', 900, 'five five five', 900, 'zero one two three.'],
  ],
  fillers: [
    ['Uh', 350, 'a pipe burst in my kitchen.'],
    ['Well, um', 400, 'I think it was on Tuesday.'],
    ['It is the, uh', 400, 'the bathroom.'],
    ['Um', 700, 'yes.'],
  ],
} as const satisfies Record<string, readonly Phrase[]>;

const usual: VendorDelays = {
  interimEveryMs: 200,
  interimLagMs: 0,
  settledAfterMs: 100,
  finalAfterQuietMs: 400,
  finalDelayMs: 150,
  bareInterims: false,
  firstTokenMs: 300,
  perWordMs: 15,
  wordsAtOnce: 1,
  stallMs: 0,
  firstSoundMs: 120,
  jitter: 0,
};

export const VENDORS = {
  usual,
  'final 800': { ...usual, finalAfterQuietMs: 800 },
  'interims 500': { ...usual, interimEveryMs: 500 },
  'no settled interim': { ...usual, settledAfterMs: null },
  'interims late 250': { ...usual, interimLagMs: 250 },
  'bare interims late 150': { ...usual, interimLagMs: 150, bareInterims: true },
  'bare interims, none settled': { ...usual, interimLagMs: 100, bareInterims: true, settledAfterMs: null },
  'no interims': { ...usual, interimEveryMs: 0 },
  'no interims, final 800': { ...usual, interimEveryMs: 0, finalAfterQuietMs: 800, finalDelayMs: 300 },
  'model 150': { ...usual, firstTokenMs: 150 },
  'model 800': { ...usual, firstTokenMs: 800 },
  'model 1500': { ...usual, firstTokenMs: 1_500 },
  'word 40': { ...usual, perWordMs: 40 },
  lots: { ...usual, wordsAtOnce: 12 },
  stall: { ...usual, stallMs: 1_500 },
  'sound 50': { ...usual, firstSoundMs: 50 },
  'sound 400': { ...usual, firstSoundMs: 400 },
  jitter: { ...usual, interimLagMs: 100, jitter: 0.6 },
} as const satisfies Record<string, VendorDelays>;

/** How frames come: after a gap of that many frames they come together. */
export const NETWORKS = { even: 1, 'lots of 3': 3, 'lots of 5': 5 } as const;

export type VoiceName = keyof typeof VOICES;
export type LineName = keyof typeof LINES;
export type MannerName = keyof typeof MANNERS;
export type VendorName = keyof typeof VENDORS;
export type NetworkName = keyof typeof NETWORKS;
