/**
 * Turns sound into the words it was made from: follows a stream of 16 kHz audio through a register of spoken phrases.
 * Any onset, phrases back to back, a phrase cut short by barge-in, a pause in the middle and light noise are all met on a line.
 */
import { BANDS, shapeInto, stepToMs, WINDOW_SAMPLES } from './spectrum.ts';
import { wordsBetween, type SpokenEntry, type SpokenRegister } from './spoken.ts';
import { advance, extent, fractionOf, HOP_MS, isBetter, likeness, reachBack, STEPS_A_HOP, traceOver } from './trace.ts';
import type { Hop, Placing, Trace } from './trace.ts';

export type Heard = HeardWords | HeardSound;

interface HeardSpan {
  /** Place in the stream, from its beginning. */
  atMs: number;
  untilMs: number;
  /** The sound is over, nothing more will be added to this part. */
  over: boolean;
}

export interface HeardWords extends HeardSpan {
  kind: 'words';
  entry: SpokenEntry;
  /** The words contained, whole words only. */
  text: string;
  /** Which part of the entry's sound. */
  fromMs: number;
  toMs: number;
  /** Share of the entry's voiced extent, 0 to 1. */
  fraction: number;
  /** Mean likeness, 0 to 1. */
  score: number;
}

/** A sound was there, but nobody was given these words to say. */
export interface HeardSound extends HeardSpan {
  kind: 'sound';
}

interface Candidate extends Placing {
  score: number;
}

const HOP_SAMPLES = 320;
const SEARCH_HOPS = 16; // 320 ms of voice decide which phrase it is
const FIRST_SEARCH_HOPS = 8;
const SHORTEST_WORD_HOPS = 4; // "да" has about ten
const UNKNOWN_AFTER_HOPS = 40;
const SILENCE_ENDS_WORD_HOPS = 10;
const KEPT_HOPS = 150;
const CERTAIN = 0.92;
const CERTAIN_WHEN_SHORT = 0.88;
/** How far, in steps, noise and rounding may move the first voiced window of a word. */
const ONSETS = [-4, -3, -2, -1, 0, 1, 2, 3, 4];
const RIVALS_WITHIN = 0.05;
const VERIFIED_CANDIDATES = 60;
/** A code found in more places than this says nothing about where we are. */
const TOO_COMMON = 2_000;

export class SpeechTracker {
  readonly #register: SpokenRegister;
  readonly #done: Heard[] = [];
  readonly #hops: Hop[] = [];
  #traces: Trace[] = [];
  /** The phrase closed last: what comes now may show that it was only the beginning of a longer one. */
  #closed: Trace | undefined;
  #pendingFrom = 0;
  #samples: Int16Array = new Int16Array();
  #nextHop = 0;

  constructor(register: SpokenRegister) {
    this.#register = register;
  }

  hear(pcm: Int16Array): void {
    const all = new Int16Array(this.#samples.length + pcm.length);
    all.set(this.#samples);
    all.set(pcm, this.#samples.length);
    let at = 0;
    for (; at + WINDOW_SAMPLES <= all.length; at += HOP_SAMPLES) this.#hop(all.subarray(at, at + WINDOW_SAMPLES));
    this.#samples = all.slice(at);
  }

  /** Everything so far, oldest first; the last part may still be growing, and may yet turn out to be another phrase. */
  heard(): Heard[] {
    const growing = bestOf(this.#traces);
    return growing === undefined ? [...this.#done] : [...this.#done, describe(growing, false)];
  }

  /** The stream ends here: what is undecided is decided. */
  finish(): Heard[] {
    this.hear(new Int16Array(WINDOW_SAMPLES - HOP_SAMPLES));
    while (this.#traces.length > 0) this.#conclude();
    this.#decideShortWord();
    return this.heard();
  }

  #hop(window: Int16Array): void {
    const shape = new Float32Array(BANDS);
    const hop: Hop = { index: this.#nextHop, code: shapeInto(window, shape), shape };
    this.#nextHop += 1;
    this.#hops.push(hop);
    if (this.#hops.length > KEPT_HOPS) this.#hops.shift();
    this.#take(hop);
  }

  #take(hop: Hop): void {
    if (this.#traces.length === 0) {
      this.#seek(hop);
      return;
    }
    for (const trace of this.#traces) if (trace.state === 'following') advance(trace, hop);
    if (this.#traces.every((trace) => trace.state !== 'following')) this.#conclude();
  }

  /** All suppositions have ended. Another phrase, seen only now, may explain the sound from further back than where the best was lost. */
  #conclude(): void {
    const best = bestOf(this.#traces);
    if (best === undefined) return;
    const from = Math.min(...this.#traces.map((trace) => trace.firstHop));
    const since = this.#hops.filter((hop) => hop.index >= from);
    const next = best.state === 'lost' ? this.#nextPhrase(since, best) : [];
    const successor = bestOf(next);
    if (successor === undefined || successor.firstHop > best.lastGoodHop) {
      this.#close(best);
      return;
    }
    const before = since.filter((hop) => hop.index < successor.firstHop);
    const truer = bestOf(
      this.#traces.map((trace) => traceOver(trace, before)).filter((trace) => trace.good >= SHORTEST_WORD_HOPS),
    );
    this.#traces = next;
    if (truer !== undefined) this.#finished(truer);
  }

  #nextPhrase(since: readonly Hop[], best: Trace): Trace[] {
    const voiced = since.filter((hop) => hop.code >= 0).slice(-SEARCH_HOPS);
    if (voiced.length < FIRST_SEARCH_HOPS) return [];
    return this.#tracesFrom(voiced, since, CERTAIN).filter(
      (trace) =>
        trace.state === 'following' && (trace.entry !== best.entry || Math.abs(trace.lag - best.lag) > STEPS_A_HOP),
    );
  }

  #finished(trace: Trace): void {
    this.#done.push(describe(trace, true));
    this.#closed = trace;
  }

  #close(best: Trace): void {
    this.#finished(best);
    this.#traces = [];
    this.#pendingFrom = best.lastGoodHop + 1;
    for (const hop of this.#hops.filter((one) => one.index >= this.#pendingFrom)) this.#take(hop);
  }

  #seek(latest: Hop): void {
    const voiced = this.#pendingVoiced(latest.index);
    if (voiced.length === 0) return;
    if (latest.code < 0) {
      const silentHops = latest.index - (voiced.at(-1)?.index ?? latest.index);
      if (silentHops >= SILENCE_ENDS_WORD_HOPS) this.#decideShortWord();
      return;
    }
    if (voiced.length < FIRST_SEARCH_HOPS || voiced.length % 2 !== 0) return;
    this.#begin(voiced.slice(-SEARCH_HOPS), latest);
    if (this.#traces.length === 0 && voiced.length >= UNKNOWN_AFTER_HOPS) this.#giveUp(voiced.slice(0, -SEARCH_HOPS));
  }

  #begin(voiced: readonly Hop[], latest: Hop): void {
    const closed = this.#closed;
    if (closed !== undefined) {
      const since = this.#hops.filter((hop) => hop.index >= closed.firstHop && hop.index <= latest.index);
      const longer = this.#tracesFrom(voiced, since, CERTAIN).filter(
        (trace) => trace.firstHop <= closed.firstHop + 2 && trace.good > closed.good && trace.state === 'following',
      );
      if (longer.length > 0) {
        this.#done.pop();
        this.#closed = undefined;
        this.#traces = longer;
        return;
      }
    }
    const pending = this.#hops.filter((hop) => hop.index >= this.#pendingFrom && hop.index <= latest.index);
    this.#traces = this.#tracesFrom(voiced, pending, CERTAIN);
  }

  #decideShortWord(): void {
    const voiced = this.#pendingVoiced(this.#nextHop - 1);
    if (voiced.length === 0) return;
    const words = voiced.length < SHORTEST_WORD_HOPS ? [] : this.#shortWords(voiced);
    const word = words.sort((a, b) => b.score - a.score)[0];
    if (word === undefined) this.#giveUp(voiced);
    else this.#close(traceOver(word, voiced));
  }

  /** So little sound is a word only if it is most of what was given out, so it is laid on each short entry's own beginning. */
  #shortWords(voiced: readonly Hop[]): Candidate[] {
    const onset = (voiced[0]?.index ?? 0) * STEPS_A_HOP;
    return this.#register
      .all()
      .filter(({ print }) => (print.lastVoiced - print.firstVoiced) / STEPS_A_HOP <= voiced.length * 1.5)
      .flatMap((entry) =>
        ONSETS.map((shift) => scored({ entry, lag: entry.print.firstVoiced + shift - onset }, voiced)),
      )
      .filter((candidate) => candidate.score >= CERTAIN_WHEN_SHORT);
  }

  #pendingVoiced(untilHop: number): Hop[] {
    return this.#hops.filter((hop) => hop.index >= this.#pendingFrom && hop.index <= untilHop && hop.code >= 0);
  }

  #giveUp(hops: Hop[]): void {
    const first = hops[0];
    const last = hops.at(-1);
    if (first === undefined || last === undefined) return;
    this.#pendingFrom = last.index + 1;
    // Less than a word is the edge of a sound, not a sound.
    if (hops.length < SHORTEST_WORD_HOPS) return;
    this.#closed = undefined;
    const untilMs = (last.index + 1) * HOP_MS;
    const before = this.#done.at(-1);
    if (before?.kind === 'sound' && first.index * HOP_MS - before.untilMs < 500) before.untilMs = untilMs;
    else this.#done.push({ kind: 'sound', atMs: first.index * HOP_MS, untilMs, over: true });
  }

  /** The phrases that the newest sound may belong to, each followed from where it began. */
  #tracesFrom(voiced: readonly Hop[], hops: readonly Hop[], certain: number): Trace[] {
    const candidates = this.#candidates(voiced).filter((candidate) => candidate.score >= certain);
    const topScore = Math.max(0, ...candidates.map((candidate) => candidate.score));
    return candidates
      .filter((candidate) => candidate.score >= topScore - RIVALS_WITHIN)
      .map((candidate) => {
        const firstHop = reachBack(candidate, hops, voiced[0]?.index ?? 0);
        return traceOver(
          candidate,
          hops.filter((hop) => hop.index >= firstHop),
        );
      });
  }

  #candidates(voiced: readonly Hop[]): Candidate[] {
    const votes = new Map<string, Placing & { votes: number }>();
    for (const hop of voiced) {
      const places = this.#register.occurrences(hop.code);
      if (places.length > TOO_COMMON) continue;
      for (const { entry, step } of places) {
        const lag = step - hop.index * STEPS_A_HOP;
        const key = `${entry.id}/${lag}`;
        const known = votes.get(key);
        if (known === undefined) votes.set(key, { entry, lag, votes: 1 });
        else known.votes += 1;
      }
    }
    const best = new Map<number, Candidate>();
    const likely = [...votes.values()].sort((a, b) => b.votes - a.votes).slice(0, VERIFIED_CANDIDATES);
    for (const placing of likely) {
      const candidate = scored(placing, voiced);
      if (candidate.score > (best.get(placing.entry.id)?.score ?? 0)) best.set(placing.entry.id, candidate);
    }
    return [...best.values()];
  }
}

/** All that a finished piece of sound contains. */
export function recognise(pcm: Int16Array, register: SpokenRegister): Heard[] {
  const tracker = new SpeechTracker(register);
  tracker.hear(pcm);
  return tracker.finish();
}

/** The phrase that most of a finished piece of sound belongs to. */
export function bestMatch(pcm: Int16Array, register: SpokenRegister): HeardWords | undefined {
  return recognise(pcm, register)
    .filter((heard) => heard.kind === 'words')
    .sort((a, b) => b.toMs - b.fromMs - (a.toMs - a.fromMs))[0];
}

function scored({ entry, lag }: Placing, voiced: readonly Hop[]): Candidate {
  return { entry, lag, score: voiced.reduce((sum, hop) => sum + likeness({ entry, lag }, hop), 0) / voiced.length };
}

function bestOf(traces: readonly Trace[]): Trace | undefined {
  let best: Trace | undefined;
  for (const trace of traces) if (best === undefined || isBetter(trace, best)) best = trace;
  return best;
}

function describe(trace: Trace, over: boolean): HeardWords {
  const { fromMs, toMs } = extent(trace);
  const { firstVoiced, lastVoiced } = trace.entry.print;
  // The edges of a phrase fade: what reaches to within 60 ms of an edge contains the word that stands there.
  const first = fromMs <= stepToMs(firstVoiced) + 60 ? 0 : fromMs;
  const last = toMs >= stepToMs(lastVoiced) - 60 ? Infinity : toMs;
  return {
    kind: 'words',
    entry: trace.entry,
    text: wordsBetween(trace.entry, first, last),
    fromMs,
    toMs,
    fraction: fractionOf(trace),
    score: trace.good === 0 ? 0 : trace.likeness / trace.good,
    atMs: trace.firstHop * HOP_MS,
    untilMs: trace.lastGoodHop * HOP_MS + HOP_MS,
    over,
  };
}
