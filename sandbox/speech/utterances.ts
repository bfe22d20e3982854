/** What a recogniser would say about a stream of sound, and after which sample. No clock: time is audio heard. */
import { SpeechTracker, type HeardWords } from '../voice/fingerprint.ts';
import type { SpokenRegister } from '../voice/spoken.ts';

export type Recognised =
  | { type: 'began'; atMs: number }
  | { type: 'ended'; atMs: number }
  | { type: 'interim'; text: string; stability: number; language: string; atMs: number }
  | { type: 'final'; text: string; confidence: number; language: string; atMs: number };

interface Wording {
  text: string;
  language: string;
  score: number;
}

interface Utterance {
  voicedMs: number;
  sinceInterimMs: number;
  /** The interim told last, with its stability: the same words are told once more when they have settled. */
  lastInterim: { text: string; stability: number };
  ended: boolean;
}

const FRAME_MS = 20;
/** Root mean square of a frame with voice: espeak lies above 1,000, the noise of a telephone leg below 200. */
const VOICE_LEVEL = 250;
const ONSET_FRAMES = 3;
const SETTLED_AFTER_MS = 100;
const ENDED_AFTER_MS = 400;
const GROWING_STABILITY = 0.4;
const SETTLED_STABILITY = 0.9;
/** Google answers a longer sound without words by an empty final, a click by nothing. */
const EMPTY_FINAL_FROM_MS = 300;
const SAME_ONSET_MS = 60;

export class UtteranceRecogniser {
  readonly #tracker: SpeechTracker;
  readonly #interimEveryMs: number;
  readonly #finalAfterQuietMs: number;
  #nowMs = 0;
  #voicedFrames = 0;
  #quietMs = 0;
  #utterance: Utterance | null = null;
  /** Up to here finals have told everything; of the phrase that may go on beyond it, so many words. */
  #toldUntilMs = 0;
  #told: { atMs: number; words: number } | null = null;

  constructor(spoken: SpokenRegister, pace: { interimEveryMs: number; finalAfterQuietMs: number }) {
    this.#tracker = new SpeechTracker(spoken);
    this.#interimEveryMs = pace.interimEveryMs;
    this.#finalAfterQuietMs = pace.finalAfterQuietMs;
  }

  /** 20 ms at 16 kHz. */
  hear(frame: Int16Array): Recognised[] {
    this.#tracker.hear(frame);
    this.#nowMs += FRAME_MS;
    const voiced = levelOf(frame) >= VOICE_LEVEL;
    this.#voicedFrames = voiced ? this.#voicedFrames + 1 : 0;
    this.#quietMs = voiced ? 0 : this.#quietMs + FRAME_MS;
    const begins = this.#voicedFrames === ONSET_FRAMES;
    if (this.#utterance === null) return begins ? this.#begin() : [];
    // Speech between the end of speech and the final: what was said before is one utterance, this the next.
    if (this.#utterance.ended && begins) return [...this.#final(this.#utterance), ...this.#begin()];
    return voiced ? this.#voiced(this.#utterance) : this.#quiet(this.#utterance);
  }

  /** No more sound will come. */
  finish(): Recognised[] {
    this.#tracker.finish();
    return this.#utterance === null ? [] : this.#final(this.#utterance);
  }

  #begin(): Recognised[] {
    const voicedMs = ONSET_FRAMES * FRAME_MS;
    this.#utterance = { voicedMs, sinceInterimMs: voicedMs, lastInterim: { text: '', stability: 0 }, ended: false };
    return [{ type: 'began', atMs: this.#nowMs - voicedMs }];
  }

  #voiced(utterance: Utterance): Recognised[] {
    utterance.voicedMs += FRAME_MS;
    utterance.sinceInterimMs += FRAME_MS;
    if (utterance.sinceInterimMs < this.#interimEveryMs) return [];
    utterance.sinceInterimMs = 0;
    return this.#interim(utterance, GROWING_STABILITY);
  }

  #quiet(utterance: Utterance): Recognised[] {
    if (this.#quietMs === this.#finalAfterQuietMs) return this.#final(utterance);
    if (this.#quietMs === ENDED_AFTER_MS) {
      utterance.ended = true;
      return [{ type: 'ended', atMs: this.#nowMs }];
    }
    // A short word is decided only by the silence after it: so not once, but at every further 100 ms.
    return this.#quietMs % SETTLED_AFTER_MS === 0 ? this.#interim(utterance, SETTLED_STABILITY) : [];
  }

  #interim(utterance: Utterance, stability: number): Recognised[] {
    const wording = this.#wording();
    const last = utterance.lastInterim;
    if (wording === null || (wording.text === last.text && stability <= last.stability)) return [];
    utterance.lastInterim = { text: wording.text, stability };
    return [{ type: 'interim', text: wording.text, stability, language: wording.language, atMs: this.#nowMs }];
  }

  #final(utterance: Utterance): Recognised[] {
    const told: Recognised[] = utterance.ended ? [] : [{ type: 'ended', atMs: this.#nowMs }];
    const wording = this.#wording();
    const last = this.#tracker.heard().findLast((part) => part.kind === 'words');
    this.#told = last === undefined ? null : { atMs: last.atMs, words: wordsOf(last.text).length };
    this.#toldUntilMs = this.#nowMs;
    this.#utterance = null;
    if (wording !== null)
      told.push({
        type: 'final',
        text: wording.text,
        confidence: wording.score,
        language: wording.language,
        atMs: this.#nowMs,
      });
    else if (utterance.voicedMs >= EMPTY_FINAL_FROM_MS)
      told.push({ type: 'final', text: '', confidence: 0, language: '', atMs: this.#nowMs });
    return told;
  }

  /** What has been heard and not been told by a final. */
  #wording(): Wording | null {
    const parts = this.#tracker
      .heard()
      .filter((part) => part.kind === 'words')
      .filter((part) => part.untilMs > this.#toldUntilMs)
      .map((part) => ({ words: this.#untoldWords(part), language: part.entry.language, score: part.score }))
      .filter((part) => part.words.length > 0);
    const last = parts.at(-1);
    if (last === undefined) return null;
    const score = parts.reduce((sum, part) => sum + part.score, 0) / parts.length;
    return {
      text: parts.flatMap((part) => part.words).join(' '),
      language: last.language,
      score: Math.min(0.99, score),
    };
  }

  /** A phrase with a long pause in it goes on after its first final; what seemed a short phrase may prove to be the beginning of this one. */
  #untoldWords(part: HeardWords): string[] {
    const words = wordsOf(part.text);
    const begunAtMs = this.#told?.atMs ?? -Infinity;
    return part.atMs < this.#toldUntilMs && Math.abs(part.atMs - begunAtMs) <= SAME_ONSET_MS
      ? words.slice(this.#told?.words)
      : words;
  }
}

function wordsOf(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function levelOf(frame: Int16Array): number {
  let power = 0;
  for (const sample of frame) power += sample * sample;
  return Math.sqrt(power / frame.length);
}
