/** What is heard on one leg: is the customer speaking, and which words. Timing only; what it means is decided elsewhere. */
import { BYTES_A_MS, FRAME_BYTES, FRAME_MS, FrameCutter, SILENT_FRAME } from './frames.ts';
import { Recognition, type RecognitionOptions, type Words } from './recognition.ts';
import { SpeechDetector, type Sound } from './speech-detector.ts';
import type { Vad } from './vad-window.ts';

/** The network sends nothing while nobody speaks; recognisers and the detector need the pace all the same. */
const SILENT_AFTER_MS = 100;
/** A frame: what was lost on the way has made the line shorter, and is not waited for. */
const CATCHES_UP_MS = 1;
/** After a stall of this process the missing time is not made up for: 2 s of silence says as much as 10. */
const MOST_SILENCE_AT_ONCE_MS = 2_000;
/** While nobody speaks, sound goes to the recogniser in pieces of this length, of all legs on the same beat: a piece costs it and us the same however long. */
const QUIET_PIECE_MS = 200;
/** While somebody speaks, four frames at a time: no word is waited for before there is a pause, and Google asks for 100 ms. */
const SPEECH_PIECE_MS = 80;
/** In a pause too long for haste, two. */
const PAUSE_PIECE_MS = 40;
/** In a pause the recogniser's next word is waited for, and comes the sooner the less it waits for sound: frames go as they come. Longer pauses than this end a turn. */
const HASTY_FOR_MS = 400;
/** The recogniser's last words come after 400 ms of silence; they hurry as much as the others. */
const LIVELY_FOR_MS = 600;

/** Beats are 20 ms apart. After more than this the process stood still, and what the customer said meanwhile still lies on the socket. */
const STOOD_STILL_MS = 60;
/** Sound is judged by windows of 32 ms, which end within a frame of 20 ms: so far behind the clock is no delay. */
const JUDGED_BEHIND_MS = 60;
/** A detector that answers nothing more keeps no turn open longer than this. */
const MOST_BEHIND_MS = 1_000;

export interface EarOptions extends RecognitionOptions {
  vad: Vad;
  /** `vad_threshold`, as it stands. */
  threshold: () => number;
  /** The bot's own sound may be on the line at that moment. */
  mayEcho?: (atMs: number) => boolean;
}

export class Ears {
  readonly #detector: SpeechDetector;
  readonly #recognition: Recognition;
  /** A message is one frame as the network promises; a test's or a bridge's may be more. */
  readonly #cutter = new FrameCutter();
  readonly #pacer: EarOptions['pacer'];
  /** Sound, real or silent, has been heard up to this moment. */
  #heardUntilMs: number;
  #lastFrameAtMs = 0;
  #lastBeatMs: number;
  /** Until the next beat. */
  #stoodStill = false;
  readonly #gathered = Buffer.allocUnsafeSlow(QUIET_PIECE_MS * BYTES_A_MS);
  #gatheredBytes = 0;
  #sentAtMs = 0;

  constructor(options: EarOptions) {
    this.#pacer = options.pacer;
    this.#recognition = new Recognition(options);
    this.#heardUntilMs = options.pacer.nowMs();
    this.#lastBeatMs = this.#heardUntilMs;
    this.#detector = new SpeechDetector(options.vad, options.threshold, options.mayEcho);
  }

  /** The customer's speech since the last utterance was taken; null = none. [EP42] Faint speech that brings words is theirs as long as it brings them. */
  get sound(): Sound | null {
    const { sound, anySound } = this.#detector;
    if (sound === null || anySound === null || anySound.lastSpeechAtMs <= sound.lastSpeechAtMs) return sound;
    const wordedUntilMs = Math.min(anySound.lastSpeechAtMs, this.words.newAtMs);
    return wordedUntilMs > sound.lastSpeechAtMs ? { ...sound, lastSpeechAtMs: wordedUntilMs } : sound;
  }

  get words(): Words {
    return this.#recognition.words;
  }

  get finalPending(): boolean {
    return this.#recognition.finalPending;
  }

  /** No recogniser works. */
  get lost(): boolean {
    return this.#recognition.lost;
  }

  get sendsInterims(): boolean {
    return this.#recognition.sendsInterims;
  }

  /** [EP15] The time up to which the line is known: pauses are counted by it, not by a clock that has run ahead of what was heard. */
  knownUntil(nowMs: number): number {
    const knownMs = Math.min(nowMs, this.#detector.judgedUntilMs + JUDGED_BEHIND_MS);
    return this.#stoodStill ? knownMs : Math.max(knownMs, nowMs - MOST_BEHIND_MS);
  }

  speaksAt(nowMs: number): boolean {
    return this.#detector.speaksAt(nowMs);
  }

  /** True = more is known of the customer's pauses than before. */
  onFrame(frame: Buffer): boolean {
    const nowMs = this.#pacer.nowMs();
    const { judgedUntilMs } = this.#detector;
    this.#lastFrameAtMs = nowMs;
    if (frame.length === FRAME_BYTES && this.#cutter.even) this.#hearFrame(frame, nowMs);
    else for (const whole of this.#cutter.push(frame)) this.#hearFrame(whole, nowMs);
    if (this.#hastyAt(nowMs)) this.#send(nowMs);
    return this.sound !== null && this.#detector.judgedUntilMs !== judgedUntilMs && !this.#standsStill(nowMs);
  }

  beat(nowMs: number): void {
    this.#stoodStill = this.#isLate(nowMs);
    this.#lastBeatMs = nowMs;
    if (!this.#stoodStill && nowMs - this.#lastFrameAtMs > SILENT_AFTER_MS) {
      this.#heardUntilMs = Math.max(this.#heardUntilMs, nowMs - MOST_SILENCE_AT_ONCE_MS);
      for (; this.#heardUntilMs + FRAME_MS <= nowMs; this.#heardUntilMs += FRAME_MS)
        this.#hear(SILENT_FRAME, this.#heardUntilMs + FRAME_MS);
    }
    if (this.#isTimeToSend(nowMs)) this.#send(nowMs);
    if (this.#detector.sound === null && this.#detector.anySound !== null && this.words.text !== '')
      this.#detector.takeFaint();
    this.#recognition.beat(nowMs, { speaking: this.speaksAt(nowMs), sinceMs: this.sound?.firstAtMs ?? nowMs });
  }

  #isLate(nowMs: number): boolean {
    return nowMs - this.#lastBeatMs > STOOD_STILL_MS;
  }

  /** What lies on the socket came while nobody looked. */
  #standsStill(nowMs: number): boolean {
    return this.#stoodStill || this.#isLate(nowMs);
  }

  #hastyAt(nowMs: number): boolean {
    return this.#detector.pausing && nowMs - (this.sound?.lastSpeechAtMs ?? 0) < HASTY_FOR_MS;
  }

  forceFinal(): void {
    this.#send(this.#pacer.nowMs());
    this.#recognition.forceFinal();
  }

  /** The utterance has been dealt with; the next sound begins another. */
  take(): void {
    this.#send(this.#pacer.nowMs());
    this.#detector.forget();
    this.#recognition.take();
  }

  /** Until this is said for the first time, words are kept for later. */
  listenFor(tongue: { language: string; hints: string[] }): void {
    this.#send(this.#pacer.nowMs());
    this.#recognition.listenFor(tongue);
  }

  stop(): void {
    this.#recognition.stop();
  }

  #hearFrame(frame: Buffer, nowMs: number): void {
    // [EP43] Frames that come late come together: each has its own place on the line, and they do not speak for the time after them.
    const dueMs = this.#heardUntilMs + FRAME_MS + CATCHES_UP_MS;
    this.#heardUntilMs = Math.min(nowMs, Math.max(dueMs, nowMs - SILENT_AFTER_MS));
    this.#hear(frame, this.#heardUntilMs);
  }

  #hear(frame: Buffer, atMs: number): void {
    this.#detector.push(frame, atMs);
    if (this.#gatheredBytes + frame.length > this.#gathered.length) this.#send(atMs);
    this.#gatheredBytes += frame.copy(this.#gathered, this.#gatheredBytes);
  }

  #isTimeToSend(nowMs: number): boolean {
    if (nowMs - this.#detector.stirredAtMs < LIVELY_FOR_MS) {
      const pieceMs = this.#detector.pausing ? PAUSE_PIECE_MS : SPEECH_PIECE_MS;
      // Half a beat early rather than half a beat late.
      return nowMs - this.#sentAtMs > pieceMs - FRAME_MS / 2;
    }
    return Math.floor(nowMs / QUIET_PIECE_MS) !== Math.floor(this.#sentAtMs / QUIET_PIECE_MS);
  }

  #send(nowMs: number): void {
    this.#sentAtMs = nowMs;
    if (this.#gatheredBytes === 0) return;
    const pcm = Buffer.from(this.#gathered.subarray(0, this.#gatheredBytes));
    this.#gatheredBytes = 0;
    this.#recognition.write(pcm);
  }
}
