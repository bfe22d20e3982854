/** What has been given to someone to say, with its sound: the stand-in ears find words by looking the sound up here. */
import { HOP_SAMPLES } from './hops.ts';
import { isVoiced, sampleToStep, soundPrint, type SoundPrint } from './spectrum.ts';

export interface WordTime {
  text: string;
  startMs: number;
  endMs: number;
}

export interface SpokenPhrase {
  text: string;
  language: string;
  /** 16 kHz mono. */
  pcm: Int16Array;
  saidAtMs: number;
  /** Where each word stands in the sound; spread evenly over the characters when absent. */
  words?: WordTime[];
}

export interface SpokenEntry extends SpokenPhrase {
  id: number;
  print: SoundPrint;
}

/** Where a sound occurs: an entry and the 10 ms step within it. */
export interface Occurrence {
  entry: SpokenEntry;
  step: number;
}

const KEPT_ENTRIES = 1_000;

export class SpokenRegister {
  readonly #entries = new Map<number, SpokenEntry>();
  readonly #bySound = new Map<string, SpokenEntry>();
  readonly #index = new Map<number, Occurrence[]>();
  /** Whole frames of 20 ms, counted from a phrase's beginning, by a hash of some of their samples. */
  readonly #frames = new Map<number, Occurrence[]>();
  /** Told by the memory itself: the same rendering is registered at each saying. */
  readonly #byMemory = new WeakMap<Int16Array, SpokenEntry>();
  #lastId = 0;

  /** The same sound said again only moves its time forward. */
  register(phrase: SpokenPhrase): SpokenEntry {
    const seen = this.#byMemory.get(phrase.pcm);
    const isSeen = seen?.text === phrase.text && seen.language === phrase.language && this.#entries.has(seen.id);
    const key = isSeen ? '' : soundKey(phrase);
    const known = isSeen ? seen : this.#bySound.get(key);
    if (known !== undefined) {
      this.#byMemory.set(phrase.pcm, known);
      known.saidAtMs = Math.max(known.saidAtMs, phrase.saidAtMs);
      this.#entries.delete(known.id);
      this.#entries.set(known.id, known);
      return known;
    }
    const entry: SpokenEntry = { ...phrase, id: (this.#lastId += 1), print: soundPrint(phrase.pcm) };
    this.#entries.set(entry.id, entry);
    this.#bySound.set(key, entry);
    this.#byMemory.set(phrase.pcm, entry);
    for (let at = 0; at + HOP_SAMPLES <= entry.pcm.length; at += HOP_SAMPLES) {
      const frame = entry.pcm.subarray(at, at + HOP_SAMPLES);
      if (isVoiced(frame)) listAt(this.#frames, frameHash(frame)).push({ entry, step: sampleToStep(at) });
    }
    entry.print.codes.forEach((code, step) => {
      if (code >= 0) listAt(this.#index, code).push({ entry, step });
    });
    if (this.#entries.size > KEPT_ENTRIES) this.#forgetOldest();
    return entry;
  }

  all(): SpokenEntry[] {
    return [...this.#entries.values()];
  }

  /** Every place where a step with this code was spoken. */
  occurrences(code: number): readonly Occurrence[] {
    return this.#index.get(code) ?? [];
  }

  /** Where a frame with the hash of this one begins; whether it is the same must be seen. */
  framesLike(window: Int16Array): readonly Occurrence[] {
    return this.#frames.get(frameHash(window)) ?? [];
  }

  #forgetOldest(): void {
    const oldest = this.#entries.values().next().value;
    if (oldest === undefined) return;
    this.#entries.delete(oldest.id);
    this.#bySound.delete(soundKey(oldest));
    for (const code of new Set(oldest.print.codes)) forgetAt(this.#index, code, oldest);
    for (let at = 0; at + HOP_SAMPLES <= oldest.pcm.length; at += HOP_SAMPLES)
      forgetAt(this.#frames, frameHash(oldest.pcm.subarray(at, at + HOP_SAMPLES)), oldest);
  }
}

function listAt(index: Map<number, Occurrence[]>, key: number): Occurrence[] {
  let list = index.get(key);
  if (list === undefined) {
    list = [];
    index.set(key, list);
  }
  return list;
}

function forgetAt(index: Map<number, Occurrence[]>, key: number, forgotten: SpokenEntry): void {
  const left = index.get(key)?.filter(({ entry }) => entry !== forgotten) ?? [];
  if (left.length === 0) index.delete(key);
  else index.set(key, left);
}

/** What the bot's synthesiser has been given to say: how a phone knows the words it hears. */
export class BotSpeechRegister extends SpokenRegister {}

/** The words of an entry that lie between two places in its sound, as written. */
export function wordsBetween(entry: SpokenPhrase, fromMs: number, toMs: number): string {
  const words = entry.words ?? evenlySpread(entry);
  return words
    .filter((word) => {
      const middleMs = (word.startMs + word.endMs) / 2;
      return middleMs >= fromMs && middleMs <= toMs;
    })
    .map((word) => word.text)
    .join(' ');
}

function evenlySpread(entry: SpokenPhrase): WordTime[] {
  const totalMs = entry.pcm.length / 16;
  const characters = Math.max(1, entry.text.length);
  return [...entry.text.matchAll(/\S+/gu)].map((word) => ({
    text: word[0],
    startMs: (word.index / characters) * totalMs,
    endMs: ((word.index + word[0].length) / characters) * totalMs,
  }));
}

/** Over every tenth sample of a frame: enough to leave few to compare. */
function frameHash(samples: Int16Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < HOP_SAMPLES; i += 10) hash = Math.imul(hash ^ ((samples[i] ?? 0) & 0xffff), 0x01000193);
  return hash >>> 0;
}

/** FNV-1a over the samples, with text and length: two phrases that agree in all three are one. */
function soundKey(phrase: SpokenPhrase): string {
  let hash = 0x811c9dc5;
  for (const sample of phrase.pcm) hash = Math.imul(hash ^ (sample & 0xffff), 0x01000193);
  return `${phrase.pcm.length}:${hash >>> 0}:${phrase.language}:${phrase.text}`;
}
