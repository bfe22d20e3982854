/** [ST101, ST102, ST108] Cuts a stream of sound into utterances by its loudness: what a server that only knows whole files must be given. No clock: time is sound heard. */

export interface SegmentRules {
  /** Quiet that ends an utterance. */
  endAfterMs: number;
  /** Quiet after which its words are worth asking for: a final that needs no second question, if nothing follows. */
  settledAfterMs: number;
}

export type SegmentEvent =
  | { type: 'began' }
  /** A frame of speech or of the quiet in it; `settled` once in each pause. */
  | { type: 'grew'; settled: boolean }
  | { type: 'ended' };

export const FRAME_MS = 20;
/** A consonant is 50 ms; a click is less. */
const ONSET_FRAMES = 3;
/** Soft consonants lie before the first loud frame. */
const LEAD_FRAMES = 12;
/** Quiet left on at the end: Whisper loses a last word that is cut hard. */
const TAIL_FRAMES = 10;
/** Root mean square. Line noise of a telephone lies below 150, soft speech above 300. */
const LEAST_LEVEL = 220;
/** Speech above steady noise, and how fast that noise is believed: at once downwards, over 20 s upwards. */
const ABOVE_NOISE = 2.5;
const NOISE_FALLS = 0.2;
const NOISE_RISES = 0.001;
/** Whisper's window is 30 s; from the first figure on the next short pause is taken, at the second it is cut anyhow. */
const LONG_FRAMES = 20_000 / FRAME_MS;
const LONGEST_FRAMES = 28_000 / FRAME_MS;
const SHORT_PAUSE_FRAMES = 5;
/** Less voice than this was no word. */
const LEAST_VOICED_FRAMES = 6;

export class Utterance {
  readonly #frames: Buffer[];
  #lastVoiced: number;
  #voiced = ONSET_FRAMES;
  quietFrames = 0;

  constructor(lead: Buffer[]) {
    this.#frames = lead;
    this.#lastVoiced = lead.length;
  }

  push(frame: Buffer, voiced: boolean): void {
    this.#frames.push(frame);
    this.quietFrames = voiced ? 0 : this.quietFrames + 1;
    if (!voiced) return;
    this.#voiced += 1;
    this.#lastVoiced = this.#frames.length;
  }

  get frames(): number {
    return this.#frames.length;
  }

  /** Up to its last frame of voice: a transcript that covers so much covers all. */
  get voicedUntil(): number {
    return this.#lastVoiced;
  }

  get isWord(): boolean {
    return this.#voiced >= LEAST_VOICED_FRAMES;
  }

  sound(): Buffer {
    return Buffer.concat(this.#frames.slice(0, this.#lastVoiced + TAIL_FRAMES));
  }
}

export class Segmenter {
  readonly #rules: SegmentRules;
  readonly #lead: Buffer[] = [];
  #onset = 0;
  #noise = 0;
  current: Utterance | null = null;

  constructor(rules: SegmentRules) {
    this.#rules = rules;
  }

  /** 20 ms; null = quiet. An utterance that has ended is `current` no more; `last` has it. */
  push(frame: Buffer): SegmentEvent | null {
    const voiced = this.#isVoiced(frame);
    const utterance = this.current;
    if (utterance === null) return this.#waits(frame, voiced);
    utterance.push(frame, voiced);
    const quietMs = utterance.quietFrames * FRAME_MS;
    const long =
      utterance.frames >= LONGEST_FRAMES ||
      (utterance.frames >= LONG_FRAMES && utterance.quietFrames >= SHORT_PAUSE_FRAMES);
    if (quietMs >= this.#rules.endAfterMs || long) {
      this.current = null;
      return { type: 'ended' };
    }
    const settledFrames = Math.ceil(this.#rules.settledAfterMs / FRAME_MS);
    return { type: 'grew', settled: utterance.quietFrames === settledFrames };
  }

  #waits(frame: Buffer, voiced: boolean): SegmentEvent | null {
    this.#lead.push(frame);
    if (this.#lead.length > LEAD_FRAMES + ONSET_FRAMES) this.#lead.shift();
    this.#onset = voiced ? this.#onset + 1 : 0;
    if (this.#onset < ONSET_FRAMES) return null;
    this.#onset = 0;
    this.current = new Utterance(this.#lead.splice(0));
    return { type: 'began' };
  }

  #isVoiced(frame: Buffer): boolean {
    const level = levelOf(frame);
    this.#noise += (level - this.#noise) * (level < this.#noise ? NOISE_FALLS : NOISE_RISES);
    return level > Math.max(LEAST_LEVEL, this.#noise * ABOVE_NOISE);
  }
}

function levelOf(frame: Buffer): number {
  let power = 0;
  for (let at = 0; at + 1 < frame.length; at += 2) power += frame.readInt16LE(at) ** 2;
  return Math.sqrt(power / Math.max(1, frame.length >> 1));
}
