/** One thing the bot says: sentences that come one by one, their sound, and how much of it was heard. */
import { estimatedSpeechMs, heardPart } from '../domain/playback.ts';
import type { HeardReport } from '../domain/conversation.ts';
import { FRAME_MS, isLoud, rmsOf } from './frames.ts';
import { NO_LONGER_WANTED } from './no-longer-wanted.ts';
import type { Pacer } from './pacer.ts';
import type { Voice } from './voice.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { Logger } from '../telemetry/log.ts';

/** How a sentence is spoken. */
export interface Manner {
  language: string;
  speed: number;
}

export interface SpeechOptions {
  turnId: string;
  /** Its sound is worth keeping: greetings, stock phrases. */
  keep: boolean;
  /** A waiting phrase or an excuse beside the turn's own words: never reported as what the customer heard of the turn. */
  aside: boolean;
  /** Begun before anybody may hear it: only its first sentence is made into sound until it is released. */
  held?: boolean;
}

export interface SpeechKit {
  voice: Voice;
  pacer: Pick<Pacer, 'nowMs' | 'after'>;
  log: Logger;
  /** There is sound that was not there before. */
  onSound: () => void;
}

export type SpeechEnd = 'played' | 'interrupted' | 'gone';

/** Sentences synthesised at the same time: the next one's first sound is there before the one before has ended. */
const SYNTHESISED_AT_ONCE = 2;
/** Sentences whose sound lies ready; more would be paid for and thrown away at an interruption. */
const MOST_READY = 3;
/** Some voices begin with up to 300 ms of nothing. */
const MOST_TRIMMED_FRAMES = 15;
/** A word said again costs more than one said broken: a resumption repeats 200 ms at most. */
const MOST_REPEATED_FRAMES = 10;
/** Twice the slowest usual first sound; after it one more try, then the sentence is left out. */
const FIRST_SOUND_MS = 4_000;
/** Between two pieces of a stream that lives there are milliseconds; after so long the sentence ends where it has come to. */
const NEXT_SOUND_MS = 2_500;
const LOOK_OUT_MS = 500;

interface Piece {
  text: string;
  manner: Manner;
  frames: Buffer[];
  /** Frames handed to the socket; after a stop, of those that were played. */
  sent: number;
  /** Frames played when it was stopped: a resumption repeats some, which are not heard twice. */
  reached: number;
  state: 'waiting' | 'sounding' | 'whole' | 'failed';
  /** [ST132] Its voice died on the way: what there is of it is all that will be heard. */
  cut: boolean;
  /** Played to its end. */
  heard: boolean;
}

export class Speech {
  /** A reply that was begun early gets its turn's when it is adopted. */
  turnId: string;
  readonly aside: boolean;
  readonly done: Promise<SpeechEnd>;
  /** First sound from the synthesiser, and first loud frame to the socket. */
  firstSoundAtMs: number | null = null;
  firstLoudAtMs: number | null = null;
  firstSentenceAtMs: number | null = null;
  readonly #options: SpeechOptions;
  readonly #kit: SpeechKit;
  readonly #pieces: Piece[] = [];
  /** Sentences whose end has been marked on the wire. */
  readonly #marked = new Set<number>();
  readonly #abort = new AbortController();
  #complete = false;
  #held: boolean;
  #ended: SpeechEnd | null = null;
  #resolve: (end: SpeechEnd) => void = () => undefined;

  constructor(options: SpeechOptions, kit: SpeechKit) {
    this.turnId = options.turnId;
    this.aside = options.aside;
    this.#options = options;
    this.#held = options.held ?? false;
    this.#kit = kit;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  say(sentence: string, manner: Manner): void {
    if (this.#ended !== null || this.#complete) return;
    this.firstSentenceAtMs ??= this.#kit.pacer.nowMs();
    this.#pieces.push({
      text: sentence,
      manner,
      frames: [],
      sent: 0,
      reached: 0,
      state: 'waiting',
      cut: false,
      heard: false,
    });
    this.#synthesise();
  }

  /** No more sentences come. */
  end(): void {
    this.#complete = true;
  }

  /** It may be heard, and belongs to that turn. */
  release(turnId: string): void {
    this.turnId = turnId;
    this.#held = false;
    this.#synthesise();
  }

  get ended(): SpeechEnd | null {
    return this.#ended;
  }

  /** Some of it has gone to the socket. */
  get begun(): boolean {
    return this.#pieces.some((piece) => piece.sent > 0);
  }

  /** Sentences that have begun to sound, and those before them. */
  get begunText(): string {
    const last = this.#pieces.findLastIndex((piece) => piece.sent > 0 || piece.heard);
    const begun = this.#pieces.slice(0, last + 1);
    return begun.map((piece) => piece.text).join(' ');
  }

  /** A sentence has begun and is not known to be played. */
  get midSentence(): boolean {
    return this.#pieces.some((piece) => piece.sent > 0 && !piece.heard);
  }

  /** Sentences may still be added. */
  get moreToCome(): boolean {
    return !this.#complete;
  }

  /** Sound that has not gone to the socket, estimated where it is not made yet. */
  get unsentMs(): number {
    const unsent = (piece: Piece): number => {
      if (piece.state === 'failed' || piece.heard) return 0;
      const madeMs = piece.frames.length * FRAME_MS;
      const totalMs =
        piece.state === 'whole' ? madeMs : Math.max(madeMs, estimatedSpeechMs(piece.text, piece.manner.speed));
      return totalMs - piece.sent * FRAME_MS;
    };
    return this.#pieces.reduce((sum, piece) => sum + unsent(piece), 0);
  }

  /** Everything said so far was played or given up, and no more comes: nothing keeps this speech. */
  get finished(): boolean {
    return this.#complete && this.#pieces.every((piece) => piece.heard || piece.state === 'failed');
  }

  /** Words said and not yet played. */
  get hasUnplayed(): boolean {
    return this.#pieces.some((piece) => !piece.heard && piece.state !== 'failed');
  }

  /** The next frame to send; `mark` = the sentence ends before it. */
  next(): { frame: Buffer; mark: null } | { frame: null; mark: number } | null {
    for (const [index, piece] of this.#pieces.entries()) {
      if (piece.heard) continue;
      const frame = piece.frames[piece.sent];
      if (frame !== undefined) {
        piece.sent += 1;
        if (this.firstLoudAtMs === null && isLoud(frame)) this.firstLoudAtMs = this.#kit.pacer.nowMs();
        return { frame, mark: null };
      }
      if (piece.state === 'waiting' || piece.state === 'sounding') return null;
      if (piece.state === 'whole' && !this.#marked.has(index)) {
        this.#marked.add(index);
        this.#synthesise();
        return { frame: null, mark: index };
      }
    }
    return null;
  }

  /** The network has played everything up to the end of this sentence. */
  playedTo(index: number): void {
    for (const piece of this.#pieces.slice(0, index + 1)) if (piece.state === 'whole') piece.heard = true;
  }

  /** Marks whose echo never came: their sound must have been played by now. */
  assumePlayed(): void {
    for (const index of this.#marked) this.playedTo(index);
  }

  finish(end: SpeechEnd): void {
    if (this.#ended !== null) return;
    this.#ended = end;
    this.#abort.abort(NO_LONGER_WANTED);
    this.#resolve(end);
  }

  /** Back to where it has been played to. `unplayedMs`: sound sent that was still to be played. */
  rewind(unplayedMs: number): void {
    let left = Math.ceil(unplayedMs / FRAME_MS);
    for (const [index, piece] of [...this.#pieces.entries()].reverse()) {
      if (piece.heard || piece.sent === 0) continue;
      const taken = Math.min(left, piece.sent);
      piece.sent -= taken;
      left -= taken;
      piece.reached = Math.max(piece.reached, piece.sent);
      // Its mark was behind the sound, and is gone with it.
      if (taken > 0) this.#marked.delete(index);
    }
  }

  /** Before it goes on: to the gap before the word that was cut, or to the faintest moment near it. */
  backUp(): void {
    const piece = this.#pieces.findLast((each) => !each.heard && each.sent > 0);
    if (piece === undefined || piece.sent >= piece.frames.length) return;
    piece.sent -= framesSinceGap(piece.frames.slice(Math.max(0, piece.sent - MOST_REPEATED_FRAMES), piece.sent));
  }

  get sentences(): number {
    return this.#pieces.length;
  }

  /** `from`: of the sentences from this one on. */
  heard(from = 0): HeardReport {
    const parts: string[] = [];
    const asked = this.#pieces.slice(from);
    for (const piece of asked) {
      const part = piece.heard && !piece.cut ? piece.text : this.#heardOf(piece);
      if (part !== '') parts.push(part);
      if (part !== piece.text) break;
    }
    return {
      turnId: this.turnId,
      heardText: parts.join(' '),
      complete: asked.every((piece) => piece.heard && !piece.cut),
    };
  }

  #heardOf(piece: Piece): string {
    const known = piece.frames.length * FRAME_MS;
    const totalMs =
      piece.state === 'whole' && !piece.cut
        ? known
        : Math.max(known, estimatedSpeechMs(piece.text, piece.manner.speed));
    return heardPart(piece.text, { playedMs: Math.max(piece.sent, piece.reached) * FRAME_MS, totalMs });
  }

  #synthesise(): void {
    const sounding = this.#pieces.filter((piece) => piece.state === 'sounding').length;
    const ready = this.#pieces.filter((piece, index) => piece.state === 'whole' && !this.#marked.has(index)).length;
    const free = this.#held
      ? 1 - sounding - ready
      : Math.min(SYNTHESISED_AT_ONCE - sounding, MOST_READY - ready - sounding);
    for (const piece of this.#pieces.filter((each) => each.state === 'waiting').slice(0, Math.max(0, free)))
      void this.#sound(piece);
  }

  async #sound(piece: Piece): Promise<void> {
    piece.state = 'sounding';
    const first = piece === this.#pieces[0];
    let end = await this.#synthesised(piece, first);
    if (end === 'soundless') end = await this.#synthesised(piece, first);
    piece.state = piece.frames.length > 0 ? 'whole' : 'failed';
    piece.cut = end === 'cut';
    if (this.#ended === null) this.#synthesise();
  }

  /** A failure with some sound already there is not tried again: its beginning may have been heard. */
  async #synthesised(piece: Piece, first: boolean): Promise<'whole' | 'cut' | 'soundless'> {
    const late = new AbortController();
    let waitsSinceMs = this.#kit.pacer.nowMs();
    let callOff = (): void => undefined;
    const lookOut = (): void => {
      callOff = this.#kit.pacer.after(LOOK_OUT_MS, () => {
        const limitMs = piece.frames.length === 0 ? FIRST_SOUND_MS : NEXT_SOUND_MS;
        // As long as there is sound to be played nobody waits.
        if (piece.sent < piece.frames.length) waitsSinceMs = this.#kit.pacer.nowMs();
        if (this.#kit.pacer.nowMs() - waitsSinceMs < limitMs) lookOut();
        else late.abort(new ProviderError('synthesis', 'timeout', { message: `no sound for ${String(limitMs)} ms` }));
      });
    };
    lookOut();
    try {
      const signal = AbortSignal.any([this.#abort.signal, late.signal]);
      for await (const frames of this.#kit.voice.speak(
        { text: piece.text, ...piece.manner },
        { keep: this.#options.keep, signal },
      )) {
        if (this.#ended !== null) return 'whole';
        waitsSinceMs = this.#kit.pacer.nowMs();
        this.firstSoundAtMs ??= waitsSinceMs;
        piece.frames.push(...(first && piece.frames.length === 0 ? trimmed(frames) : frames));
        this.#kit.onSound();
      }
      return piece.frames.length > 0 ? 'whole' : 'soundless';
    } catch (error) {
      if (this.#ended !== null) return 'whole';
      this.#kit.log.warn(
        { err: error, turnId: this.turnId, pii: { text: piece.text } },
        'a sentence could not be synthesised',
      );
      return piece.frames.length > 0 ? 'cut' : 'soundless';
    } finally {
      callOff();
    }
  }
}

function trimmed(frames: Buffer[]): Buffer[] {
  const loud = frames.slice(0, MOST_TRIMMED_FRAMES).findIndex(isLoud);
  return frames.slice(loud === -1 ? Math.min(frames.length, MOST_TRIMMED_FRAMES) : loud);
}

/** How many of the last frames came after the last gap between words. */
function framesSinceGap(frames: Buffer[]): number {
  const gap = frames.findLastIndex((frame) => !isLoud(frame));
  if (gap >= 0) return frames.length - 1 - gap;
  const loudness = frames.map(rmsOf);
  return frames.length - loudness.lastIndexOf(Math.min(...loudness));
}
