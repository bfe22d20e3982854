/** A call as one phone lives it: a mouth that speaks frames, ears that know what the bot says, and a record of both. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import { PHONE_VOICE, synthesizeWithWords } from '../voice/espeak.ts';
import { SpeechTracker } from '../voice/fingerprint.ts';
import type { SpokenRegister } from '../voice/spoken.ts';
import { FRAME_MS } from './clock.ts';
import type { Party } from './leg.ts';
import { frames, isLoud, joinFrames, mix, silentFrame, type Frame } from './sound.ts';
import { Speakerphone, type EchoSettings } from './speakerphone.ts';
import { clockMs, LineRecord } from './timeline.ts';

export type PhoneCallState = 'ringing' | 'live' | 'over';

export interface PhoneSettings {
  number: string;
  language: string;
  voice?: string;
  /** It stands on the table. */
  echo?: EchoSettings;
}

/** The phone's grip on the leg that the network keeps for it. */
export interface Line {
  legUuid: string;
  press(digit: string): void;
  hangUp(): void;
  /** The line goes dead. */
  drop(): void;
}

export interface Registers {
  /** What phones say, for the recogniser. */
  spoken: SpokenRegister;
  /** What the bot says, for the phones. */
  bot: SpokenRegister;
}

export interface Utterance {
  who: 'customer' | 'bot';
  /** `null`: a sound whose words nobody knows. */
  text: string | null;
  /** Since the call was answered. */
  atMs: number;
  untilMs: number;
  /** The bot's utterance was cut off, or the customer's interrupted. */
  whole: boolean;
}

interface Saying {
  text: string;
  startedAtMs: number;
  /** By the machine's clock, once the first frame is out. */
  fromMs?: number;
  frames: Generator<Frame>;
  done: (whole: boolean) => void;
}

/** A phrase that this phone spoke, by the machine's clock. */
interface Spoken {
  text: string;
  fromMs: number;
  untilMs: number;
  whole: boolean;
}

/** Silence in what is heard that counts as a gap in the bot's speech, once it has begun. */
const GAP_MS = 60;
const KEPT_SOUND_FRAMES = 15 * 60 * 50; // a quarter of an hour

export class PhoneCall implements Party {
  readonly id = randomUUID();
  readonly settings: PhoneSettings;
  readonly other: string;
  readonly direction: 'inbound' | 'outbound';
  readonly startedAtMs = Date.now();
  readonly errors: string[] = [];
  /** Keys that the network sent to this phone. */
  readonly digits: string[] = [];
  state: PhoneCallState = 'ringing';
  line: Line | undefined;
  answeredAtMs: number | undefined;
  endedBecause: string | undefined;
  /** Told every 20 ms while the call is live: the script's clock. */
  onTick: (() => void) | undefined;
  onHeard: ((frame: Frame | undefined) => void) | undefined;
  onOver: (() => void) | undefined;
  readonly #registers: Registers;
  readonly #log: Logger;
  readonly #ears: SpeechTracker;
  readonly #said: Utterance[] = [];
  readonly #supplied: Utterance[] = [];
  readonly #record = new LineRecord();
  readonly #spoken: Spoken[] = [];
  readonly #keepsSound: boolean;
  readonly #sound: { heard: (Frame | undefined)[]; said: (Frame | undefined)[] } = { heard: [], said: [] };
  readonly #loud = {
    firstAtMs: undefined as number | undefined,
    lastAtMs: undefined as number | undefined,
    frames: 0,
    gaps: [] as Gap[],
  };
  readonly #speakerphone: Speakerphone | null;
  #queue: Saying[] = [];
  #microphone: Frame[] = [];
  #ticks = 0;

  constructor(
    about: { settings: PhoneSettings; other: string; direction: 'inbound' | 'outbound'; keepsSound?: boolean },
    registers: Registers,
    log: Logger,
  ) {
    this.#keepsSound = about.keepsSound ?? true;
    this.settings = about.settings;
    this.#speakerphone = about.settings.echo === undefined ? null : new Speakerphone(about.settings.echo);
    this.other = about.other;
    this.direction = about.direction;
    this.#registers = registers;
    this.#log = log;
    this.#ears = new SpeechTracker(registers.bot);
  }

  /** Since the call was answered, in the network's time. */
  get nowMs(): number {
    return this.#ticks * FRAME_MS;
  }

  get speaking(): boolean {
    return this.#queue.length > 0;
  }

  answered(line: Line): void {
    this.line = line;
    this.state = 'live';
    this.answeredAtMs = Date.now();
  }

  /** Spoken as audio on the line. Resolves when it has been said: false when it was cut off. */
  async speak(text: string): Promise<boolean> {
    const { language, voice } = this.settings;
    const speech = await synthesizeWithWords(text, { language, voice: voice ?? PHONE_VOICE });
    if (this.state === 'over') return false;
    this.#registers.spoken.register({ text, language, ...speech, saidAtMs: Date.now() });
    return await new Promise((done) => {
      this.#queue.push({ text, startedAtMs: this.nowMs, frames: frames(speech.pcm), done });
    });
  }

  /** Sound from a person's microphone. */
  feed(frame: Frame): void {
    // More than half a second behind the clock is latency that would never go away.
    if (this.#microphone.length > 25) this.#microphone.splice(0, this.#microphone.length - 5);
    this.#microphone.push(frame);
  }

  /** Words that someone knows were said by a person's own voice. */
  noteSaid(text: string, lastedMs: number): void {
    this.#said.push({
      who: 'customer',
      text,
      atMs: Math.max(0, this.nowMs - lastedMs),
      untilMs: this.nowMs,
      whole: true,
    });
  }

  /** Words that someone knows the bot said, when its voice is not the sandbox's. */
  noteHeard(text: string): void {
    this.#supplied.push({ who: 'bot', text, atMs: this.nowMs, untilMs: this.nowMs, whole: true });
  }

  say(): Frame | undefined {
    this.#ticks += 1;
    this.onTick?.();
    const frame = mix([this.#microphone.shift(), this.#nextSaid(), this.#speakerphone?.pickUp()]);
    this.#record.said(isLoud(frame));
    this.#keep('said', frame);
    return frame;
  }

  hear(frame: Frame | undefined): void {
    this.#keep('heard', frame);
    this.#speakerphone?.play(frame);
    this.#ears.hear(frame ?? silentFrame);
    this.onHeard?.(frame);
    const loud = isLoud(frame);
    this.#record.heard({ isThere: frame !== undefined, isLoud: loud });
    if (!loud) return;
    const { lastAtMs } = this.#loud;
    this.#loud.firstAtMs ??= this.nowMs;
    if (lastAtMs !== undefined && this.nowMs - lastAtMs > GAP_MS)
      this.#loud.gaps.push({ atMs: lastAtMs, lastedMs: this.nowMs - lastAtMs });
    this.#loud.lastAtMs = this.nowMs;
    this.#loud.frames += 1;
  }

  digit(digit: string): void {
    this.digits.push(digit);
  }

  gone(): void {
    if (this.state === 'over') return;
    this.state = 'over';
    this.endedBecause ??= 'ended by the other side';
    this.#ears.finish();
    for (const saying of this.#queue.splice(0)) this.#ended(saying, false);
    this.onOver?.();
  }

  hangUp(): void {
    this.endedBecause ??= 'hung up';
    this.line?.hangUp();
  }

  drop(): void {
    this.endedBecause ??= 'line lost';
    this.line?.drop();
  }

  press(digits: string): void {
    for (const digit of digits) this.line?.press(digit);
  }

  /** The bot has been silent for so long; 0 while it speaks; since the answer when it has not spoken yet. */
  botSilentMs(): number {
    return this.nowMs - (this.#loud.lastAtMs ?? 0);
  }

  botHasSpokenSince(atMs: number): boolean {
    return (this.#loud.lastAtMs ?? -1) >= atMs;
  }

  /** Since when the bot has been speaking without a pause of half a second; undefined while it is silent. */
  botSpeakingSinceMs(): number | undefined {
    const { lastAtMs, firstAtMs, gaps } = this.#loud;
    if (lastAtMs === undefined || this.nowMs - lastAtMs > 200) return undefined;
    const pause = gaps.findLast((gap) => gap.lastedMs >= 500);
    return pause === undefined ? firstAtMs : pause.atMs + pause.lastedMs;
  }

  /** What the bot has said from this moment on, as far as its words are known. */
  botTextSince(atMs: number): string {
    return this.botUtterances()
      .filter((utterance) => utterance.untilMs > atMs && utterance.text !== null)
      .map((utterance) => utterance.text)
      .join(' ');
  }

  botUtterances(): Utterance[] {
    const heard = this.#ears.heard().map((part): Utterance => ({
      who: 'bot',
      text: part.kind === 'words' ? part.text : null,
      atMs: part.atMs,
      untilMs: part.untilMs,
      whole: part.kind === 'sound' || part.fraction > 0.9,
    }));
    return [...heard, ...this.#supplied].sort((a, b) => a.atMs - b.atMs);
  }

  transcript(): Utterance[] {
    return [...this.botUtterances(), ...this.#said].sort((a, b) => a.atMs - b.atMs);
  }

  /** Two channels: what the phone said, what it heard. */
  sound(): Int16Array[] {
    return [joinFrames(this.#sound.said), joinFrames(this.#sound.heard)];
  }

  forgetSound(): void {
    this.#sound.heard = [];
    this.#sound.said = [];
  }

  view(): object {
    const { firstAtMs, lastAtMs, gaps } = this.#loud;
    return {
      id: this.id,
      legUuid: this.line?.legUuid ?? null,
      number: this.settings.number,
      other: this.other,
      direction: this.direction,
      state: this.state,
      startedAt: new Date(this.startedAtMs).toISOString(),
      answeredAt: this.answeredAtMs === undefined ? null : new Date(this.answeredAtMs).toISOString(),
      livedMs: this.nowMs,
      endedBecause: this.endedBecause ?? null,
      transcript: this.transcript(),
      heard: {
        firstLoudMs: firstAtMs ?? null,
        lastLoudMs: lastAtMs ?? null,
        loudFrames: this.#loud.frames,
        gaps: gaps.slice(-200),
      },
      digits: this.digits.join(''),
      errors: this.errors,
      lastError: this.errors.at(-1) ?? null,
    };
  }

  /** For measuring: what was on the line, by the machine's clock. */
  timeline(): object {
    const { id, direction, state, settings, answeredAtMs } = this;
    return {
      ...{ id, direction, state, number: settings.number, answeredAtMs: answeredAtMs ?? null },
      ...this.#record.view(),
      spoken: this.#spoken,
    };
  }

  fail(message: string): void {
    this.errors.push(message);
    this.#log.warn({ call: this.id, error: message }, 'phone call went otherwise than scripted');
  }

  #nextSaid(): Frame | undefined {
    const saying = this.#queue[0];
    if (saying === undefined) return undefined;
    const next = saying.frames.next();
    if (next.done !== true) {
      saying.fromMs ??= clockMs();
      return next.value;
    }
    this.#queue.shift();
    this.#ended(saying, true);
    return undefined;
  }

  #ended(saying: Saying, whole: boolean): void {
    this.#said.push({ who: 'customer', text: saying.text, atMs: saying.startedAtMs, untilMs: this.nowMs, whole });
    if (saying.fromMs !== undefined)
      this.#spoken.push({ text: saying.text, fromMs: saying.fromMs, untilMs: clockMs(), whole });
    saying.done(whole);
  }

  #keep(side: 'heard' | 'said', frame: Frame | undefined): void {
    if (this.#keepsSound && this.#sound[side].length < KEPT_SOUND_FRAMES) this.#sound[side].push(frame);
  }
}

interface Gap {
  atMs: number;
  lastedMs: number;
}
