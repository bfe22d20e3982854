/** One caller on one leg, on a clock of the test's: speaks, is answered, breaks in, listens. What was said and played, frame by frame, is kept. */
import { synthesizeWithWords } from '../../../sandbox/voice/espeak.ts';
import type { VadModel } from '../../../media/vad-window.ts';
import { FakeLeg } from '../../kit/fake-leg.ts';
import { settled, TestClock } from '../../kit/test-clock.ts';
import { seeded } from '../statistics.ts';
import { LONG_REPLIES } from '../words.ts';
import type { Phrase } from './choices.ts';
import { FRAME_SAMPLES, Line, RATE_HZ, type LineSettings } from './line-sound.ts';
import { replyTo, TimedModel, TimedRecognizer, TimedSynthesizer, type VendorDelays } from './vendors.ts';

export interface TalkSettings {
  voice: { variant: string; rate: number };
  line: LineSettings;
  delays: VendorDelays;
  framesAtOnce: number;
  vad: VadModel;
  seed: number;
  early?: boolean;
}

export interface Said {
  text: string;
  firstLoudMs: number;
  lastLoudMs: number;
}

const FRAME_MS = 20;
/** The network's events and the call's update take about that. */
const CALL_ANSWERS_MS = 20;
const LOUD_RMS = 200;

interface Rendered {
  pcm: Int16Array;
  words: { text: string; startMs: number; endMs: number }[];
}

export class Talk {
  readonly leg: FakeLeg;
  readonly clock = new TestClock();
  /** By frame: does the bot sound? */
  readonly bot: boolean[] = [];
  longReplies = false;
  readonly model: TimedModel;
  readonly #settings: TalkSettings;
  readonly #line: Line;
  readonly #words: { text: string; fromMs: number; untilMs: number }[] = [];
  readonly #loudFrames = new Set<number>();
  readonly #startMs: number;
  #held: Buffer[] = [];
  #answered = 0;
  #superseded = new AbortController();

  private constructor(settings: TalkSettings, babble: Int16Array) {
    const { clock } = this;
    const chance = seeded(settings.seed);
    const { delays } = settings;
    const vary = (ms: number): number => ms * (1 + (chance() * 2 - 1) * delays.jitter);
    const truth = { words: this.#words, isLoudAt: (atMs: number) => this.#loudFrames.has(Math.round(atMs / FRAME_MS)) };
    this.#settings = settings;
    this.#line = new Line(settings.line, { seed: settings.seed, babble });
    this.#startMs = clock.nowMs();
    this.model = new TimedModel(clock, { delays, vary }, (words) => {
      const reply = replyTo(words);
      return this.longReplies ? (LONG_REPLIES[reply.length % LONG_REPLIES.length] ?? reply) : reply;
    });
    this.leg = new FakeLeg({
      clock,
      vad: settings.vad,
      model: this.model,
      recognizer: new TimedRecognizer(clock, truth, { delays, vary }),
      synthesizer: new TimedSynthesizer(clock, { delays, vary }),
      flags: { early_thinking: settings.early ?? true, phone_silence_timeout_sec: 120 },
    });
  }

  static async begin(settings: TalkSettings): Promise<Talk> {
    const babble = settings.line.babbleDb === undefined ? null : await render([BABBLE], { variant: 'm7', rate: 1 });
    const talk = new Talk(settings, babble?.pcm ?? new Int16Array(0));
    await talk.wait(1_000);
    return talk;
  }

  get nowMs(): number {
    return this.clock.nowMs();
  }

  async wait(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += FRAME_MS) await this.#frame(null);
  }

  /** At most that long. */
  async waitUntil(holds: () => boolean, mostMs: number): Promise<boolean> {
    for (let passed = 0; passed < mostMs && !holds(); passed += FRAME_MS) await this.#frame(null);
    return holds();
  }

  async says(phrase: Phrase): Promise<Said> {
    const { pcm, words } = await render(phrase, this.#settings.voice);
    const fromMs = this.nowMs;
    for (const { text, startMs, endMs } of words)
      this.#words.push({ text, fromMs: fromMs + startMs, untilMs: fromMs + endMs });
    const loud: number[] = [];
    for (let at = 0; at < pcm.length; at += FRAME_SAMPLES) {
      const frame = pcm.subarray(at, at + FRAME_SAMPLES);
      const endsAtMs = this.nowMs + FRAME_MS;
      if (rms(frame) > LOUD_RMS) {
        loud.push(endsAtMs);
        this.#loudFrames.add(Math.round(endsAtMs / FRAME_MS));
      }
      await this.#frame(frame);
    }
    return {
      text: words.map(({ text }) => text).join(' '),
      firstLoudMs: loud[0] ?? fromMs,
      lastLoudMs: loud.at(-1) ?? fromMs,
    };
  }

  soundsAt(atMs: number): boolean {
    return this.bot[Math.round((atMs - this.#startMs) / FRAME_MS) - 1] ?? false;
  }

  /** The bot has been silent for so long. */
  silentMs(): number {
    const last = this.bot.lastIndexOf(true);
    return (this.bot.length - 1 - last) * FRAME_MS;
  }

  /** The first frame of the bot after this moment that follows silence or is the first one. */
  firstSoundAfter(atMs: number): number | null {
    for (let nowMs = atMs + FRAME_MS; nowMs <= this.nowMs; nowMs += FRAME_MS) if (this.soundsAt(nowMs)) return nowMs;
    return null;
  }

  async end(): Promise<void> {
    this.#superseded.abort();
    await this.wait(200);
  }

  async #frame(voice: Int16Array | null): Promise<void> {
    this.#held.push(this.#line.frame(voice));
    await this.clock.advance(FRAME_MS);
    this.bot.push(this.leg.network.played.at(-1) != null);
    if (this.#held.length >= this.#settings.framesAtOnce) {
      for (const frame of this.#held) this.leg.session.onFrame(frame);
      this.#held = [];
      await settled();
    }
    if (this.leg.link.turns.length > this.#answered) {
      this.#answered = this.leg.link.turns.length;
      this.clock.after(CALL_ANSWERS_MS, () => {
        this.#superseded.abort();
        this.#superseded = new AbortController();
        // Superseded or over: nobody waits for its outcome.
        void this.leg.answerAsTheCall({}, this.#superseded.signal).catch(() => undefined);
      });
    }
  }
}

const BABBLE =
  'The weather will be fine tomorrow, with some clouds in the evening, and the day after it is going to rain in the north.';

async function render(phrase: Phrase, { variant, rate }: TalkSettings['voice']): Promise<Rendered> {
  const words: Rendered['words'] = [];
  const parts: Int16Array[] = [];
  let samples = 0;
  for (const part of phrase) {
    if (typeof part === 'number') {
      const pause = new Int16Array((part * RATE_HZ) / 1_000);
      parts.push(pause);
      samples += pause.length;
      continue;
    }
    const speech = await synthesizeWithWords(part, { language: 'en-US', voice: variant, rate });
    const pcm = parts.length === 0 && phrase.length === 1 ? speech.pcm : trimmed(speech.pcm);
    const skippedMs = pcm === speech.pcm ? 0 : ((pcm.byteOffset - speech.pcm.byteOffset) / 2 / RATE_HZ) * 1_000;
    const atMs = (samples * 1_000) / RATE_HZ - skippedMs;
    for (const word of speech.words) words.push({ ...word, startMs: word.startMs + atMs, endMs: word.endMs + atMs });
    parts.push(pcm);
    samples += pcm.length;
  }
  const pcm = new Int16Array(Math.ceil(samples / FRAME_SAMPLES) * FRAME_SAMPLES);
  let at = 0;
  for (const part of parts) {
    pcm.set(part, at);
    at += part.length;
  }
  return { pcm, words };
}

/** Without the silence around it, so that a pause is as long as it says. */
function trimmed(pcm: Int16Array): Int16Array {
  const first = pcm.findIndex((sample) => Math.abs(sample) > LOUD_RMS);
  const last = pcm.findLastIndex((sample) => Math.abs(sample) > LOUD_RMS);
  return pcm.subarray(Math.max(0, first), last + 1);
}

function rms(pcm: Int16Array): number {
  let sum = 0;
  for (const sample of pcm) sum += sample * sample;
  return Math.sqrt(sum / FRAME_SAMPLES);
}
