/** What has been given to someone to say, with its sound: the stand-in ears find words by looking the sound up here. */
import { soundPrint, type SoundPrint } from './spectrum.ts';

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
  #lastId = 0;

  /** The same sound said again only moves its time forward. */
  register(phrase: SpokenPhrase): SpokenEntry {
    const key = soundKey(phrase);
    const known = this.#bySound.get(key);
    if (known !== undefined) {
      known.saidAtMs = Math.max(known.saidAtMs, phrase.saidAtMs);
      this.#entries.delete(known.id);
      this.#entries.set(known.id, known);
      return known;
    }
    const entry: SpokenEntry = { ...phrase, id: (this.#lastId += 1), print: soundPrint(phrase.pcm) };
    this.#entries.set(entry.id, entry);
    this.#bySound.set(key, entry);
    entry.print.codes.forEach((code, step) => {
      if (code >= 0) this.#occurrencesOf(code).push({ entry, step });
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

  #occurrencesOf(code: number): Occurrence[] {
    let list = this.#index.get(code);
    if (list === undefined) {
      list = [];
      this.#index.set(code, list);
    }
    return list;
  }

  #forgetOldest(): void {
    const oldest = this.#entries.values().next().value;
    if (oldest === undefined) return;
    this.#entries.delete(oldest.id);
    this.#bySound.delete(soundKey(oldest));
    for (const code of new Set(oldest.print.codes)) {
      const left = this.#index.get(code)?.filter((occurrence) => occurrence.entry !== oldest) ?? [];
      if (left.length === 0) this.#index.delete(code);
      else this.#index.set(code, left);
    }
  }
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

/** FNV-1a over the samples, with text and length: two phrases that agree in all three are one. */
function soundKey(phrase: SpokenPhrase): string {
  let hash = 0x811c9dc5;
  for (const sample of phrase.pcm) hash = Math.imul(hash ^ (sample & 0xffff), 0x01000193);
  return `${phrase.pcm.length}:${hash >>> 0}:${phrase.language}:${phrase.text}`;
}
