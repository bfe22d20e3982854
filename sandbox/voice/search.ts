/** Where in the register a piece of sound may stand: candidates by the codes of its steps, judged by likeness. */
import type { SpokenRegister } from './spoken.ts';
import type { Hop } from './hops.ts';
import { hasSamplesAt, likeness, STEPS_A_HOP, type Placing } from './trace.ts';
import { stepToSample } from './spectrum.ts';

export interface Candidate extends Placing {
  score: number;
}

const CERTAIN = 0.92;
const CERTAIN_WHEN_SHORT = 0.88;
/** How far, in steps, noise and rounding may move the first voiced window of a word. */
const ONSETS = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
const RIVALS_WITHIN = 0.05;
const VERIFIED_CANDIDATES = 60;
/** More than the steps of a day, so that entry and lag make one number. */
const LAGS = 2 ** 24;
/** A code found in more places than this says nothing about where we are. */
const TOO_COMMON = 1_000;

/** Where this very sound, untouched on its way, was given out: one frame is enough to know. */
export function phrasesWithSame(hop: Hop | undefined, register: SpokenRegister): Placing[] {
  if (hop?.voiced !== true) return [];
  return register
    .framesLike(hop.window)
    .filter(({ entry, step }) => hasSamplesAt(entry.pcm, stepToSample(step), hop.window))
    .map(({ entry, step }) => ({ entry, lag: step - hop.index * STEPS_A_HOP }));
}

/** The phrases that this sound, a third of a second of voice, may belong to: the likeliest and its near rivals. */
export function phrasesWith(voiced: readonly Hop[], register: SpokenRegister): Candidate[] {
  const candidates = likeliest(voiced, register).filter((candidate) => candidate.score >= CERTAIN);
  const topScore = Math.max(0, ...candidates.map((candidate) => candidate.score));
  return candidates.filter((candidate) => candidate.score >= topScore - RIVALS_WITHIN);
}

/** So little sound is a word only if it is most of what was given out, so it is laid on each short entry's own beginning. */
export function shortWordsLike(voiced: readonly Hop[], register: SpokenRegister): Candidate[] {
  const onset = (voiced[0]?.index ?? 0) * STEPS_A_HOP;
  return register
    .all()
    .filter(({ print }) => (print.lastVoiced - print.firstVoiced) / STEPS_A_HOP <= voiced.length * 1.5)
    .flatMap((entry) => ONSETS.map((shift) => scored({ entry, lag: entry.print.firstVoiced + shift - onset }, voiced)))
    .filter((candidate) => candidate.score >= CERTAIN_WHEN_SHORT);
}

/** The best placing of each entry. */
function likeliest(voiced: readonly Hop[], register: SpokenRegister): Candidate[] {
  const best = new Map<number, Candidate>();
  for (const placing of mostVoted(voiced, register)) {
    const candidate = scored(placing, voiced);
    if (candidate.score > (best.get(placing.entry.id)?.score ?? 0)) best.set(placing.entry.id, candidate);
  }
  return [...best.values()];
}

function mostVoted(voiced: readonly Hop[], register: SpokenRegister): Placing[] {
  const votes = new Map<number, Placing & { votes: number }>();
  for (const hop of voiced) {
    const places = register.occurrences(hop.code);
    if (places.length > TOO_COMMON) continue;
    for (const { entry, step } of places) {
      const lag = step - hop.index * STEPS_A_HOP;
      const key = entry.id * LAGS + lag;
      const known = votes.get(key);
      if (known === undefined) votes.set(key, { entry, lag, votes: 1 });
      else known.votes += 1;
    }
  }
  return [...votes.values()]
    .filter((placing) => placing.votes > 1)
    .sort((a, b) => b.votes - a.votes)
    .slice(0, VERIFIED_CANDIDATES);
}

function scored({ entry, lag }: Placing, voiced: readonly Hop[]): Candidate {
  return { entry, lag, score: voiced.reduce((sum, hop) => sum + likeness({ entry, lag }, hop), 0) / voiced.length };
}
