/** Plays what the bot says on one socket: a little ahead of real time, so that it never stutters and yet stops at once. */
import type { EchoDetector } from './echo.ts';
import { FRAME_MS } from './frames.ts';
import type { Pacer } from './pacer.ts';
import { Speech, type SpeechOptions } from './speech.ts';
import type { Voice } from './voice.ts';
import type { HeardReport } from '../domain/conversation.ts';
import type { Logger } from '../telemetry/log.ts';

/** What the mouth needs of the socket. */
export interface Line {
  sendFrame(frame: Buffer): void;
  sendWord(word: Record<string, unknown>): void;
}

export interface MouthKit {
  voice: Voice;
  pacer: Pacer;
  log: Logger;
  /** Told what is played, and when. */
  echo: Pick<EchoDetector, 'played' | 'cut'>;
}

/** Sound sent ahead: covers a pause of this process's, and `clear` drops it at an interruption. */
const LEAD_MS = 400;
/** Six frames at a time: a write to the network costs ten times what is in it. At least 280 ms stay ahead. */
const SENT_TOGETHER_MS = 6 * FRAME_MS;
/** A mark's echo comes within a round trip of the end of its sound; without it the sound counts as played. */
const ECHO_GRACE_MS = 1_500;
/** Longer than any utterance that its echo could be part of. */
const SAID_KEPT_MS = 60_000;

export class Mouth {
  readonly #line: Line;
  readonly #kit: MouthKit;
  /** The one being spoken first. */
  readonly #queue: Speech[] = [];
  readonly #onHeard: (report: HeardReport) => void;
  #playedUntilMs = 0;
  #held = false;
  /** The customer has begun to speak: nothing sounds until it is known what for. */
  #paused = false;
  /** The one that sound was last sent of. */
  #latest: Speech | null = null;
  /** What was said lately, newest last. */
  #said: { text: string; untilMs: number }[] = [];
  #lastSoundEndsAtMs = 0;
  #speechCount = 0;
  readonly #numbers = new Map<Speech, number>();

  constructor(line: Line, kit: MouthKit, onHeard: (report: HeardReport) => void) {
    this.#line = line;
    this.#kit = kit;
    this.#onHeard = onHeard;
  }

  /** Queued behind what is being said. */
  begin(options: SpeechOptions): Speech {
    const speech = this.#newSpeech(options);
    this.#queueUp(speech);
    return speech;
  }

  /** Nobody hears it until it is taken up. */
  rehearse(): Speech {
    return this.#newSpeech({ turnId: '', keep: false, aside: false, held: true });
  }

  takeUp(speech: Speech, turnId: string): Speech {
    speech.release(turnId);
    this.#queueUp(speech);
    this.#sound(speech);
    return speech;
  }

  #newSpeech(options: SpeechOptions): Speech {
    const { voice, pacer, log } = this.#kit;
    const speech: Speech = new Speech(options, {
      voice,
      log,
      pacer,
      onSound: () => {
        this.#sound(speech);
      },
    });
    return speech;
  }

  /** What was waited for goes out now, not at the next beat. */
  #sound(speech: Speech): void {
    const nowMs = this.#kit.pacer.nowMs();
    const silent = !speech.begun || this.#playedUntilMs <= nowMs;
    if (silent && this.#queue.includes(speech)) this.beat(nowMs);
  }

  #queueUp(speech: Speech): void {
    this.#speechCount += 1;
    this.#numbers.set(speech, this.#speechCount);
    this.#queue.push(speech);
  }

  /** Words are in the air, or about to be. */
  get speaking(): boolean {
    return this.#queue.some((speech) => speech.hasUnplayed);
  }

  /** Sound has begun and not ended. */
  audibleAt(nowMs: number): boolean {
    return this.#playedUntilMs > nowMs;
  }

  /** What is known to sound on. More may come while sentences are still being written. */
  remainingMs(nowMs: number): number {
    return Math.max(0, this.#playedUntilMs - nowMs) + this.#queue.reduce((sum, speech) => sum + speech.unsentMs, 0);
  }

  /** Its sentences are not all written yet: what is known to remain is not all. */
  get moreToCome(): boolean {
    return this.#queue.some((speech) => speech.begun && speech.moreToCome);
  }

  /** Something has begun and not ended, be it between two sentences. */
  get midSpeech(): boolean {
    return this.#queue.some((speech) => speech.begun && speech.hasUnplayed);
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** What has begun to sound and had not ended at that moment. */
  saidSince(atMs: number): string {
    const ended = this.#said.filter((each) => each.untilMs >= atMs).map((each) => each.text);
    return [...ended, ...this.#queue.map((speech) => speech.begunText)].filter((text) => text !== '').join(' ');
  }

  /** Ready, and held back because the customer speaks: a turn of theirs ends it so. */
  get unheard(): HeardReport[] {
    const waiting = this.#queue.filter((speech) => !speech.begun && !speech.aside && speech.sentences > 0);
    return waiting.map((speech) => speech.heard());
  }

  get lastSoundEndsAtMs(): number {
    return this.#lastSoundEndsAtMs;
  }

  /** Nothing new begins while the customer speaks, no sentence after a gap either; what sounds goes on. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
  }

  /** [BI20] What has begun stops where it is; false = nothing has. */
  pause(): boolean {
    if (this.#paused) return true;
    if (!this.midSpeech) return false;
    this.#silence();
    this.#paused = true;
    return true;
  }

  /** [BI21] On from there, or from the beginning of the word that was cut. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#held = false;
    for (const speech of this.#queue) speech.backUp();
    this.beat(this.#kit.pacer.nowMs());
  }

  /** Everything stops now, sent or not. */
  interrupt(): void {
    if (this.#queue.length === 0) return;
    if (!this.#paused) this.#silence();
    this.#paused = false;
    for (const speech of this.#queue.splice(0)) this.#close(speech, 'interrupted');
  }

  /** What was sent and not played is as if it had never been sent. */
  #silence(): void {
    if (this.#queue.some((speech) => speech.begun)) this.#line.sendWord({ action: 'clear' });
    const now = this.#kit.pacer.nowMs();
    const unplayedMs = Math.max(0, this.#playedUntilMs - now);
    this.#playedUntilMs = now;
    this.#lastSoundEndsAtMs = now;
    this.#kit.echo.cut(now);
    for (const speech of this.#queue) speech.rewind(unplayedMs);
  }

  /** One speech alone: dropped if unheard, broken off if being heard. */
  drop(speech: Speech): void {
    if (speech.ended !== null) return;
    if (speech.begun && speech.hasUnplayed) this.interrupt();
    else {
      this.#queue.splice(this.#queue.indexOf(speech), 1);
      this.#close(speech, 'interrupted');
    }
  }

  /** The socket is gone. */
  fallSilent(): void {
    const unplayedMs = Math.max(0, this.#playedUntilMs - this.#kit.pacer.nowMs());
    for (const speech of this.#queue.splice(0)) {
      speech.rewind(unplayedMs);
      this.#close(speech, 'gone');
    }
  }

  /** The network's echo of a mark: everything before it has been played. */
  heardMark(payload: unknown): void {
    const { speech: number, sentence } = (payload ?? {}) as { speech?: unknown; sentence?: unknown };
    const speech = this.#queue.find((each) => this.#numbers.get(each) === number);
    if (speech === undefined || typeof sentence !== 'number') return;
    speech.playedTo(sentence);
    this.#advance();
  }

  beat(nowMs: number): void {
    if (this.#queue.length === 0 || this.#paused) return;
    const speech = this.#current();
    if (speech !== undefined) {
      if (!this.#held || speech.midSentence) this.#send(speech, nowMs);
      if (speech.begun && nowMs > this.#playedUntilMs + ECHO_GRACE_MS) speech.assumePlayed();
    }
    this.#advance();
  }

  /** What sounds ends, what has begun goes first; a reply that waits for its next words lets an aside pass. */
  #current(): Speech | undefined {
    const latest = this.#latest;
    if (latest !== null && latest.hasUnplayed && this.#queue.includes(latest)) return latest;
    return (
      this.#queue.find((speech) => speech.begun && speech.hasUnplayed) ??
      this.#queue.find((speech) => speech.hasUnplayed)
    );
  }

  #send(speech: Speech, nowMs: number): void {
    if (this.#playedUntilMs - nowMs > LEAD_MS - SENT_TOGETHER_MS) return;
    while (this.#playedUntilMs - nowMs < LEAD_MS) {
      const next = speech.next();
      if (next === null) return;
      if (next.frame === null) {
        this.#line.sendWord({
          action: 'notify',
          payload: { speech: this.#numbers.get(speech) ?? 0, sentence: next.mark },
        });
        continue;
      }
      this.#latest = speech;
      this.#line.sendFrame(next.frame);
      const playsAtMs = Math.max(this.#playedUntilMs, nowMs);
      this.#kit.echo.played(next.frame, playsAtMs);
      this.#playedUntilMs = playsAtMs + FRAME_MS;
      this.#lastSoundEndsAtMs = this.#playedUntilMs;
    }
  }

  #advance(): void {
    for (const speech of this.#queue.filter((each) => each.finished)) {
      this.#queue.splice(this.#queue.indexOf(speech), 1);
      this.#close(speech, 'played');
    }
  }

  #close(speech: Speech, end: 'played' | 'interrupted' | 'gone'): void {
    this.#numbers.delete(speech);
    this.#note(speech.begunText);
    if (!speech.aside && speech.sentences > 0) this.#onHeard(speech.heard());
    speech.finish(end);
  }

  #note(text: string): void {
    const nowMs = this.#kit.pacer.nowMs();
    this.#said = this.#said.filter((each) => nowMs - each.untilMs < SAID_KEPT_MS);
    if (text !== '') this.#said.push({ text, untilMs: Math.min(nowMs, this.#lastSoundEndsAtMs) });
  }
}
