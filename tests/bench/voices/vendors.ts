/** Recogniser, model and synthesiser on a test's clock, with delays of any kind: they know what was said, and tell it when a vendor would. */
import type { Llm, LlmEvent, LlmRequest } from '../../../providers/llm.ts';
import type { Recognizer, RecognizerEvent, RecognizerOptions, RecognizerStream } from '../../../providers/stt.ts';
import type { Synthesizer, Utterable } from '../../../providers/tts.ts';
import { BYTES_A_MS } from '../../../media/frames.ts';
import { tone, toneMs } from '../../kit/fake-speech.ts';
import type { TestClock } from '../../kit/test-clock.ts';
import { REPLIES } from '../words.ts';

export interface VendorDelays {
  /** 0 = none. */
  interimEveryMs: number;
  /** From its sound to the interim. */
  interimLagMs: number;
  /** An interim with everything after so much quiet; null = none. */
  settledAfterMs: number | null;
  finalAfterQuietMs: number;
  finalDelayMs: number;
  /** Interims come as recognisers give them that know no marks: small letters, none of the marks. */
  bareInterims: boolean;
  firstTokenMs: number;
  perWordMs: number;
  /** Words come in lots of so many. */
  wordsAtOnce: number;
  /** After the first word nothing comes for so long. */
  stallMs: number;
  firstSoundMs: number;
  /** Of each delay, up to this share more or less. */
  jitter: number;
}

/** When each word was said, and when it was loud. */
export interface TrueSpeech {
  words: { text: string; fromMs: number; untilMs: number }[];
  isLoudAt: (atMs: number) => boolean;
}

const STEP_MS = 20;
/** A word is known to a recogniser before it has wholly sounded. */
const KNOWN_FROM = 0.7;
/** A word that began so shortly before a stream is heard by it. */
const SEAM_MS = 60;
const ONSET_MS = 60;

export class TimedRecognizer implements Recognizer {
  readonly name = 'timed';
  readonly #clock: TestClock;
  readonly #truth: TrueSpeech;
  readonly #delays: VendorDelays;
  readonly #vary: (ms: number) => number;

  constructor(clock: TestClock, truth: TrueSpeech, { delays, vary }: Pick<Vendors, 'delays' | 'vary'>) {
    this.#clock = clock;
    this.#truth = truth;
    this.#delays = delays;
    this.#vary = vary;
  }

  open(_: RecognizerOptions, onEvent: (event: RecognizerEvent) => void): RecognizerStream {
    return new TimedStream({ clock: this.#clock, truth: this.#truth, delays: this.#delays, vary: this.#vary }, onEvent);
  }
}

interface StreamKit {
  clock: TestClock;
  truth: TrueSpeech;
  delays: VendorDelays;
  vary: (ms: number) => number;
}

class TimedStream implements RecognizerStream {
  readonly #kit: StreamKit;
  readonly #onEvent: (event: RecognizerEvent) => void;
  readonly #openedAtMs: number;
  #fromMs: number | null = null;
  #heardMs = 0;
  #judgedMs = 0;
  #toldUntilMs = -Infinity;
  #loudMs = 0;
  #quietMs = 0;
  #sinceInterimMs = 0;
  #lastInterim = '';
  #dueMs = 0;
  #over = false;

  constructor(kit: StreamKit, onEvent: (event: RecognizerEvent) => void) {
    this.#kit = kit;
    this.#onEvent = onEvent;
    this.#openedAtMs = kit.clock.nowMs();
  }

  write(pcm: Buffer): void {
    const ms = pcm.length / BYTES_A_MS;
    const nowMs = this.#kit.clock.nowMs();
    // What is written while it is being opened is heard again.
    this.#fromMs ??= nowMs === this.#openedAtMs ? nowMs - ms : this.#openedAtMs;
    this.#heardMs += ms;
    for (; this.#judgedMs + STEP_MS <= this.#heardMs; this.#judgedMs += STEP_MS)
      this.#hear(this.#fromMs + this.#judgedMs + STEP_MS);
  }

  halfClose(): void {
    this.#tellFinal((this.#fromMs ?? 0) + this.#heardMs);
    this.#tell({ type: 'closed', expected: true, error: null }, 0);
  }

  abort(): void {
    this.#over = true;
  }

  #hear(atMs: number): void {
    const { truth, delays } = this.#kit;
    if (truth.isLoudAt(atMs)) {
      this.#quietMs = 0;
      this.#loudMs += STEP_MS;
      this.#sinceInterimMs += STEP_MS;
      if (delays.interimEveryMs === 0 || this.#sinceInterimMs < delays.interimEveryMs) return;
      this.#sinceInterimMs = 0;
      this.#tellInterim(atMs, KNOWN_FROM);
      return;
    }
    this.#quietMs += STEP_MS;
    if (this.#loudMs < ONSET_MS) return;
    if (this.#quietMs === delays.finalAfterQuietMs) this.#tellFinal(atMs);
    else if (delays.interimEveryMs > 0 && this.#quietMs === delays.settledAfterMs) this.#tellInterim(atMs, 0);
  }

  #wordsAt(atMs: number, knownFrom: number): string[] {
    const fromMs = Math.max(this.#toldUntilMs, (this.#fromMs ?? 0) - SEAM_MS);
    return this.#kit.truth.words
      .filter((word) => word.fromMs >= fromMs && atMs >= word.fromMs + knownFrom * (word.untilMs - word.fromMs))
      .map((word) => word.text);
  }

  #tellInterim(atMs: number, knownFrom: number): void {
    const { delays, vary } = this.#kit;
    const said = this.#wordsAt(atMs, knownFrom).join(' ');
    const text = delays.bareInterims ? bare(said) : said;
    if (text === '' || (text === this.#lastInterim && knownFrom > 0)) return;
    this.#lastInterim = text;
    this.#tell({ type: 'interim', text, stability: 0.5 }, vary(delays.interimLagMs));
  }

  #tellFinal(atMs: number): void {
    const text = this.#wordsAt(atMs, 0).join(' ');
    if (text === '' && this.#loudMs === 0) return;
    this.#toldUntilMs = atMs;
    this.#loudMs = 0;
    this.#sinceInterimMs = 0;
    this.#lastInterim = '';
    const delayMs = this.#kit.vary(this.#kit.delays.finalDelayMs);
    this.#tell({ type: 'final', text, confidence: 0.9, language: null }, delayMs);
  }

  /** In order. */
  #tell(event: RecognizerEvent, delayMs: number): void {
    const { clock } = this.#kit;
    this.#dueMs = Math.max(this.#dueMs, clock.nowMs() + delayMs);
    const say = (): void => {
      if (!this.#over) this.#onEvent(event);
    };
    if (this.#dueMs <= clock.nowMs()) queueMicrotask(say);
    else clock.after(this.#dueMs - clock.nowMs(), say);
  }
}

const bare = (text: string): string => text.toLowerCase().replace(/[.,?!]/gu, '');

export interface Vendors {
  delays: VendorDelays;
  vary: (ms: number) => number;
}

/** The same words get the same reply. */
export function replyTo(words: string): string {
  let hash = 7;
  for (const letter of bare(words)) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
  return REPLIES[hash % REPLIES.length] ?? '';
}

export class TimedModel implements Llm {
  readonly tier = 'fast';
  asked = 0;
  readonly #clock: TestClock;
  readonly #vendors: Vendors;
  readonly #replyTo: (words: string) => string;

  constructor(clock: TestClock, vendors: Vendors, reply: (words: string) => string = replyTo) {
    this.#clock = clock;
    this.#vendors = vendors;
    this.#replyTo = reply;
  }

  async *stream(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
    this.asked += 1;
    const { delays, vary } = this.#vendors;
    const last = request.messages.findLast((message) => message.role === 'user');
    const words = this.#replyTo(last?.text ?? '').match(/\s*\S+/gu) ?? [];
    let dueMs = this.#clock.nowMs() + vary(delays.firstTokenMs);
    for (let at = 0; at < words.length; at += delays.wordsAtOnce) {
      if (at > 0) dueMs += delays.perWordMs * delays.wordsAtOnce + (at === delays.wordsAtOnce ? delays.stallMs : 0);
      if (dueMs > this.#clock.nowMs()) await this.#clock.wait(dueMs - this.#clock.nowMs());
      signal.throwIfAborted();
      yield { type: 'text', text: words.slice(at, at + delays.wordsAtOnce).join('') };
    }
    const usage = { inputTokens: 100, outputTokens: 10, cacheReadTokens: 0 };
    yield { type: 'done', stopReason: 'end_turn', usage, model: 'timed' };
  }
}

const PIECE_BYTES = 200 * BYTES_A_MS;

export class TimedSynthesizer implements Synthesizer {
  readonly name = 'timed';
  readonly #clock: TestClock;
  readonly #vendors: Vendors;

  constructor(clock: TestClock, vendors: Vendors) {
    this.#clock = clock;
    this.#vendors = vendors;
  }

  async *synthesize({ text }: Utterable, signal: AbortSignal): AsyncIterable<Buffer> {
    await this.#clock.wait(this.#vendors.vary(this.#vendors.delays.firstSoundMs));
    const pcm = tone(toneMs(text));
    for (let at = 0; at < pcm.length; at += PIECE_BYTES) {
      await Promise.resolve();
      signal.throwIfAborted();
      yield pcm.subarray(at, at + PIECE_BYTES);
    }
  }
}
