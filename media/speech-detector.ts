/** From frames to "the customer speaks": windows for the model, then hysteresis over its answers. */
import { afterSpeech, isFaint, isOthers, nobodyYet, type Talkers } from '../domain/talkers.ts';
import { BYTES_A_MS } from './frames.ts';
import { rmsOfWindow, WINDOW_MS, WINDOW_SAMPLES, type Vad } from './vad-window.ts';

/** Two windows in a row begin speech: one alone is a click. */
const WINDOWS_TO_BEGIN = 2;
/** Speech goes on down to this much below the threshold that began it. */
const HYSTERESIS = 0.15;
/** What is too quiet to be asked about has probability 0 and ends speech at any threshold. */
const LEAST_THRESHOLD = 0.01;
/** Behind a loud sound what is as faint as others are is the customer's for so long. */
const CONSONANT_MS = 70;
/** No speech for this long between two words is still one stretch. */
const STRETCH_GAP_MS = 200;

export interface Sound {
  /** Wall time, of the utterance. */
  firstAtMs: number;
  /** Of its current or last stretch. */
  beganAtMs: number;
  lastSpeechAtMs: number;
  /** Speech alone, pauses left out, since the last `forget`. */
  voicedMs: number;
}

/** Windows that are speech and others that are not, to stretches of sound. */
class Stretches {
  sound: Sound | null = null;
  inSpeech = false;
  #run = 0;

  note(isSpeech: boolean, endsAtMs: number): void {
    if (!isSpeech) {
      this.#run = 0;
      this.inSpeech = false;
      return;
    }
    this.#run += 1;
    if (this.inSpeech) this.#lengthen(endsAtMs, 1);
    else if (this.#run >= WINDOWS_TO_BEGIN) {
      this.inSpeech = true;
      this.#lengthen(endsAtMs, this.#run);
    }
  }

  #lengthen(endsAtMs: number, windows: number): void {
    const known = this.sound;
    const beganAtMs =
      known !== null && endsAtMs - known.lastSpeechAtMs < STRETCH_GAP_MS
        ? known.beganAtMs
        : endsAtMs - windows * WINDOW_MS;
    this.sound = {
      firstAtMs: known?.firstAtMs ?? beganAtMs,
      beganAtMs,
      lastSpeechAtMs: endsAtMs,
      voicedMs: (known?.voicedMs ?? 0) + windows * WINDOW_MS,
    };
  }
}

export class SpeechDetector {
  readonly #vad: Vad;
  readonly #threshold: () => number;
  readonly #mayEcho: (atMs: number) => boolean;
  readonly #window = new Int16Array(WINDOW_SAMPLES);
  readonly #windowBytes = Buffer.from(this.#window.buffer);
  #filledBytes = 0;
  /** Whoever speaks, and the customer alone. */
  readonly #anybody = new Stretches();
  readonly #customer = new Stretches();
  #talkers: Talkers = nobodyYet();
  /** The customer was last as loud as a talker is. */
  #loudAtMs = 0;
  /** It was last surely the customer's. */
  #ownAtMs = 0;
  #stirredAtMs = 0;
  #judgedUntilMs = 0;

  /** `mayEcho`: the bot's own sound may be on the line at that moment. */
  constructor(vad: Vad, threshold: () => number, mayEcho: (atMs: number) => boolean = () => false) {
    this.#vad = vad;
    this.#threshold = threshold;
    this.#mayEcho = mayEcho;
  }

  /** The customer's; null = no speech since the last `forget`. */
  get sound(): Sound | null {
    return this.#customer.sound;
  }

  /** Of whoever spoke. */
  get anySound(): Sound | null {
    return this.#anybody.sound;
  }

  /** The line was last louder than its own noise: this may be speech, or has just been. */
  get stirredAtMs(): number {
    return this.#stirredAtMs;
  }

  /** What came later has not filled a window, or has not come. */
  get judgedUntilMs(): number {
    return this.#judgedUntilMs;
  }

  /** Sound has ended, be it for a breath or for good: the last window was none. */
  get pausing(): boolean {
    return this.sound !== null && !this.#customer.inSpeech;
  }

  speaksAt(nowMs: number): boolean {
    return this.sound !== null && nowMs - this.sound.lastSpeechAtMs < STRETCH_GAP_MS;
  }

  forget(): void {
    this.#customer.sound = null;
    this.#anybody.sound = null;
  }

  /** [EP42] The faint voice was the customer's after all. */
  takeFaint(): void {
    this.#customer.sound = this.#anybody.sound;
    this.#talkers = nobodyYet();
  }

  /** The sound is copied. */
  push(frame: Buffer, atMs: number): void {
    for (let at = 0; at < frame.length;) {
      const taken = frame.copy(this.#windowBytes, this.#filledBytes, at);
      at += taken;
      this.#filledBytes += taken;
      if (this.#filledBytes < this.#windowBytes.length) return;
      this.#filledBytes = 0;
      this.#judge(atMs - (frame.length - at) / BYTES_A_MS);
    }
  }

  #judge(endsAtMs: number): void {
    const answer = this.#vad.next(this.#window);
    if (answer !== 0) this.#stirredAtMs = endsAtMs;
    this.#judgedUntilMs = endsAtMs;
    const threshold = this.#anybody.inSpeech
      ? Math.max(LEAST_THRESHOLD, this.#threshold() - HYSTERESIS)
      : this.#threshold();
    const isSpeech = answer >= threshold;
    this.#anybody.note(isSpeech, endsAtMs);
    this.#customer.note(isSpeech && this.#isCustomers(endsAtMs), endsAtMs);
  }

  #isCustomers(endsAtMs: number): boolean {
    const levelDb = 20 * Math.log10(rmsOfWindow(this.#window));
    const before = this.#talkers;
    this.#talkers = afterSpeech(before, levelDb, this.#mayEcho(endsAtMs));
    if (!isFaint(this.#talkers, levelDb)) this.#loudAtMs = endsAtMs;
    if (!isOthers(this.#talkers, levelDb)) {
      this.#ownAtMs = endsAtMs;
      return true;
    }
    if (!isOthers(before, levelDb)) this.#disown();
    return this.#customer.inSpeech && endsAtMs - this.#ownAtMs <= CONSONANT_MS;
  }

  /** Known by now to be others: what they have said since the customer fell silent was not the customer's. */
  #disown(): void {
    const { sound } = this.#customer;
    if (sound === null || this.#loudAtMs >= sound.lastSpeechAtMs) return;
    this.#customer.sound =
      this.#loudAtMs < sound.firstAtMs ? null : { ...sound, lastSpeechAtMs: Math.max(sound.firstAtMs, this.#loudAtMs) };
  }
}
