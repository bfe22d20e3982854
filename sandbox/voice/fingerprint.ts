/**
 * Turns sound into the words it was made from: follows a stream of 16 kHz audio through a register of spoken phrases.
 * Any onset, phrases back to back, a phrase cut short by barge-in, a pause in the middle and light noise are all met on a line.
 */
import { HOP_SAMPLES, HopStream, type Hop } from './hops.ts';
import { phrasesWith, phrasesWithSame, shortWordsLike } from './search.ts';
import { stepToMs, WINDOW_SAMPLES } from './spectrum.ts';
import { wordsBetween, type SpokenEntry, type SpokenRegister } from './spoken.ts';
import { advance, extent, fractionOf, HOP_MS, isBetter, reachBack, STEPS_A_HOP, traceOver } from './trace.ts';
import type { Trace } from './trace.ts';

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

const SEARCH_HOPS = 16; // 320 ms of voice decide which phrase it is
const FIRST_SEARCH_HOPS = 8;
const SEARCH_EVERY_HOPS = 2;
/** Less of a longer phrase than this is not taken for its words. */
const FEWEST_HOPS_OF_A_PART = 12;
const SHORTEST_WORD_HOPS = 4; // "да" has about ten
const UNKNOWN_AFTER_HOPS = 40;
const SILENCE_ENDS_WORD_HOPS = 10;
const KEPT_HOPS = 150;
/** Of a phrase so much is not another, shorter one. */
const MORE_THAN_A_BEGINNING = 0.6;

export class SpeechTracker {
  readonly #register: SpokenRegister;
  readonly #done: Heard[] = [];
  readonly #hops: Hop[] = [];
  #traces: Trace[] = [];
  /** The phrase closed last: what comes now may show that it was only the beginning of a longer one. */
  #closed: Trace | undefined;
  #pendingFrom = 0;
  readonly #stream = new HopStream();
  #lastVoiced = -1;

  constructor(register: SpokenRegister) {
    this.#register = register;
  }

  hear(pcm: Int16Array): void {
    for (const hop of this.#stream.push(pcm)) {
      this.#hops.push(hop);
      if (this.#hops.length > KEPT_HOPS) this.#hops.shift();
      if (hop.voiced) this.#lastVoiced = hop.index;
      this.#take(hop);
    }
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

  #take(hop: Hop): void {
    if (this.#traces.length === 0) {
      this.#seek(hop);
      return;
    }
    for (const trace of this.#traces) if (trace.state === 'following') advance(trace, hop);
    // Sound that came through untouched tells what it is not, too.
    if (this.#traces.length > 1 && hop.voiced && this.#traces.some(({ isSame }) => isSame))
      this.#traces = this.#traces.filter(({ isSame, state }) => isSame || state === 'complete');
    if (this.#traces.every((trace) => trace.state !== 'following')) this.#conclude();
  }

  /** All suppositions have ended. Another phrase, seen only now, may explain the sound from further back than where the best was lost. */
  #conclude(): void {
    const followed = bestOf(this.#traces);
    if (followed === undefined) return;
    const from = Math.min(...this.#traces.map((trace) => trace.firstHop));
    const since = this.#hops.filter((hop) => hop.index >= from);
    const best = this.#saidWhole(followed, since) ?? followed;
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

  /** "Yes, please" broken off sounds as "Yes." does, and in noise its first moments may be all that was found: a short phrase that is whole here was said. */
  #saidWhole(best: Trace, since: readonly Hop[]): Trace | undefined {
    if (best.state === 'complete' || best.same > 0 || fractionOf(best) > MORE_THAN_A_BEGINNING) return undefined;
    const voiced = since.filter((hop) => hop.voiced && hop.index <= best.lastGoodHop);
    if (voiced.length < SHORTEST_WORD_HOPS) return undefined;
    const whole = bestOf(shortWordsLike(voiced, this.#register).map((candidate) => traceOver(candidate, since)));
    return whole !== undefined && isBetter(whole, best) ? whole : undefined;
  }

  #nextPhrase(since: readonly Hop[], best: Trace): Trace[] {
    const voiced = since.filter((hop) => hop.voiced).slice(-SEARCH_HOPS);
    if (voiced.length < FIRST_SEARCH_HOPS) return [];
    return this.#tracesFrom(voiced, since).filter(
      (trace) =>
        trace.state === 'following' && (trace.entry !== best.entry || Math.abs(trace.lag - best.lag) > STEPS_A_HOP),
    );
  }

  #finished(trace: Trace): void {
    const part = describe(trace, true);
    if (part.text === '' || (trace.good < FEWEST_HOPS_OF_A_PART && part.fraction < 0.5)) {
      // Any voice agrees with some phrase for a syllable.
      this.#noteSound(trace.firstHop, trace.lastGoodHop);
      this.#closed = undefined;
      return;
    }
    this.#done.push(part);
    this.#closed = trace;
  }

  #close(best: Trace): void {
    this.#finished(best);
    this.#traces = [];
    this.#pendingFrom = best.lastGoodHop + 1;
    for (const hop of this.#hops.filter((one) => one.index >= this.#pendingFrom)) this.#take(hop);
  }

  #seek(latest: Hop): void {
    if (this.#lastVoiced < this.#pendingFrom) return;
    const voiced = this.#pendingVoiced(latest.index);
    if (voiced.length === 0) return;
    if (!latest.voiced) {
      const silentHops = latest.index - (voiced.at(-1)?.index ?? latest.index);
      if (silentHops >= SILENCE_ENDS_WORD_HOPS) this.#decideShortWord();
      return;
    }
    const isKnown = phrasesWithSame(latest, this.#register).length > 0;
    if (!isKnown && (voiced.length < FIRST_SEARCH_HOPS || voiced.length % SEARCH_EVERY_HOPS !== 0)) return;
    this.#begin(voiced.slice(-SEARCH_HOPS), latest);
    if (this.#traces.length === 0 && voiced.length >= UNKNOWN_AFTER_HOPS) this.#giveUp(voiced.slice(0, -SEARCH_HOPS));
  }

  #begin(voiced: readonly Hop[], latest: Hop): void {
    const closed = this.#closed;
    if (closed !== undefined) {
      const since = this.#hops.filter((hop) => hop.index >= closed.firstHop && hop.index <= latest.index);
      const longer = this.#tracesFrom(voiced, since).filter(
        (trace) =>
          trace.firstHop <= closed.firstHop + 2 &&
          trace.good > closed.good &&
          trace.same >= closed.same &&
          trace.state === 'following',
      );
      if (longer.length > 0) {
        this.#done.pop();
        this.#closed = undefined;
        this.#traces = longer;
        return;
      }
    }
    const pending = this.#hops.filter((hop) => hop.index >= this.#pendingFrom && hop.index <= latest.index);
    this.#traces = this.#tracesFrom(voiced, pending);
  }

  #decideShortWord(): void {
    const voiced = this.#pendingVoiced(this.#stream.count - 1);
    if (voiced.length === 0) return;
    const words = voiced.length < SHORTEST_WORD_HOPS ? [] : shortWordsLike(voiced, this.#register);
    const word = words.sort((a, b) => b.score - a.score)[0];
    if (word === undefined) this.#giveUp(voiced);
    else this.#close(traceOver(word, voiced));
  }

  #pendingVoiced(untilHop: number): Hop[] {
    return this.#hops.filter((hop) => hop.index >= this.#pendingFrom && hop.index <= untilHop && hop.voiced);
  }

  #giveUp(hops: Hop[]): void {
    const first = hops[0];
    const last = hops.at(-1);
    if (first === undefined || last === undefined) return;
    this.#pendingFrom = last.index + 1;
    // Less than a word is the edge of a sound, not a sound.
    if (hops.length < SHORTEST_WORD_HOPS) return;
    this.#closed = undefined;
    this.#noteSound(first.index, last.index);
  }

  #noteSound(firstHop: number, lastHop: number): void {
    const untilMs = (lastHop + 1) * HOP_MS;
    const before = this.#done.at(-1);
    if (before?.kind === 'sound' && firstHop * HOP_MS - before.untilMs < 500) before.untilMs = untilMs;
    else this.#done.push({ kind: 'sound', atMs: firstHop * HOP_MS, untilMs, over: true });
  }

  /** The phrases that the newest sound may belong to, each followed from where it began. */
  #tracesFrom(voiced: readonly Hop[], hops: readonly Hop[]): Trace[] {
    const same = phrasesWithSame(voiced.at(-1), this.#register);
    const candidates = same.length > 0 ? same : phrasesWith(voiced, this.#register);
    return candidates.map((candidate) => {
      const firstHop = reachBack(candidate, hops, voiced[0]?.index ?? 0);
      return traceOver(
        candidate,
        hops.filter((hop) => hop.index >= firstHop),
      );
    });
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
