/** Sentences as frames. Greetings and stock phrases are kept as sound: said again, they wait for nobody. */
import type { Synthesizer, Utterable } from '../providers/tts.ts';
import { FrameCutter, SAMPLE_RATE_HZ } from './frames.ts';

export interface Sentence {
  text: string;
  language: string;
  speed: number;
}

export interface Voice {
  /** `keep`: this will be said again. Throws what the synthesiser throws. */
  speak(sentence: Sentence, options: { keep: boolean; signal: AbortSignal }): AsyncIterable<Buffer[]>;
  /** Synthesised ahead and kept. */
  prepare(sentence: Sentence): Promise<void>;
  isReady(sentence: Sentence): boolean;
}

/** About 17 minutes of sound: every stock phrase in a dozen languages and the greetings of a few hundred calls. */
const MOST_KEPT_BYTES = 32 * 1024 * 1024;

export function createVoice(synthesizer: Synthesizer, voiceNames: ReadonlyMap<string, string>): Voice {
  const kept = new KeptSound();
  const utterable = (sentence: Sentence): Utterable => ({
    ...sentence,
    voice: voiceNames.get(sentence.language) ?? null,
    sampleRateHz: SAMPLE_RATE_HZ,
  });
  const keyOf = (asked: Utterable): string => JSON.stringify([asked.text, asked.voice, asked.language, asked.speed]);

  async function* synthesized(
    asked: Utterable,
    options: { keep: boolean; signal: AbortSignal },
  ): AsyncGenerator<Buffer[]> {
    const cutter = new FrameCutter();
    const all: Buffer[] = [];
    for await (const pcm of synthesizer.synthesize(asked, options.signal)) {
      const frames = cutter.push(pcm);
      if (options.keep) all.push(...frames);
      if (frames.length > 0) yield frames;
    }
    const last = cutter.rest();
    if (last !== null) {
      all.push(last);
      yield [last];
    }
    if (options.keep && all.length > 0 && !options.signal.aborted) kept.put(keyOf(asked), all);
  }

  return {
    async *speak(sentence, options) {
      const asked = utterable(sentence);
      const ready = kept.get(keyOf(asked));
      if (ready === null) yield* synthesized(asked, options);
      else yield ready;
    },
    async prepare(sentence) {
      const asked = utterable(sentence);
      if (kept.get(keyOf(asked)) !== null) return;
      const sound = synthesized(asked, { keep: true, signal: new AbortController().signal });
      let next = await sound.next();
      while (next.done !== true) next = await sound.next();
    },
    isReady: (sentence) => kept.get(keyOf(utterable(sentence))) !== null,
  };
}

/** Least lately used goes first. */
class KeptSound {
  readonly #sounds = new Map<string, Buffer[]>();
  #bytes = 0;

  get(key: string): Buffer[] | null {
    const frames = this.#sounds.get(key);
    if (frames === undefined) return null;
    this.#sounds.delete(key);
    this.#sounds.set(key, frames);
    return frames;
  }

  put(key: string, frames: Buffer[]): void {
    this.#drop(key);
    // A copy in one piece, so that the vendor's larger buffers can go.
    const whole = Buffer.concat(frames);
    this.#sounds.set(key, new FrameCutter().push(whole));
    this.#bytes += whole.length;
    for (const oldest of this.#sounds.keys()) {
      if (this.#bytes <= MOST_KEPT_BYTES) break;
      this.#drop(oldest);
    }
  }

  #drop(key: string): void {
    this.#bytes -= (this.#sounds.get(key) ?? []).reduce((sum, frame) => sum + frame.length, 0);
    this.#sounds.delete(key);
  }
}
