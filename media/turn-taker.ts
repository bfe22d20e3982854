/**
 * Whose turn is it? Watches the ears and the mouth on every beat: ends the customer's turn and commits it, stops the bot
 * when the customer breaks in, notices silence. What to decide stands in `domain/endpointing.ts` and `domain/barge-in.ts`.
 */
import { pauseFor, turnIsOver, type EndpointingRules, type Heard } from '../domain/endpointing.ts';
import { sameWords, type SoFar } from '../domain/early-thinking.ts';
import type { FlagValues } from '../domain/flags.ts';
import { readingOf } from '../domain/reading.ts';
import type { TurnRequest } from '../workflows/call/messages.ts';
import type { BargeIn } from './barge-in.ts';
import type { Ears } from './ears.ts';
import type { Mouth } from './mouth.ts';
import type { Words } from './recognition.ts';
import type { TurnTiming } from './reply.ts';
import type { Sound } from './speech-detector.ts';

export type Utterance = Pick<TurnRequest, 'utterance' | 'via' | 'confidence' | 'language'> & {
  spokenAtMs: number;
  timing: TurnTiming;
};

export interface Floor {
  ears: Ears;
  mouth: Mouth;
  /** Stops the bot and lets it go on. */
  bargeIn: BargeIn;
  flags: () => FlagValues;
  /** The bot's last words. */
  asked: () => string;
  /** In which the recogniser listens. */
  language: () => string;
  /** Words of an utterance that goes on, and is for us: a reply may be begun. Null = it came to nothing. */
  think: (heard: SoFar | null, pause: { nowMs: number; pauseThatEndsMs: number }) => void;
  /** A turn is committed and not answered to its end. */
  answering: () => boolean;
  /** The customer's turn is over, whatever it was. */
  commit: (utterance: Utterance) => void;
}

type Listening =
  | { state: 'quiet' }
  /** The customer has begun; nothing is decided. */
  | { state: 'hearing' }
  /** The turn is over; the recogniser's last word is awaited, until then at most. */
  | {
      state: 'settling';
      overAtMs: number;
      untilMs: number;
      /** [EP5] The words that were settled though the line went on sounding like speech; null = it was quiet. */
      despiteSound: string | null;
    };

type Settling = Extract<Listening, { state: 'settling' }>;

/** A recogniser that has sent no word at all gets this long after its half-close; most finals come within 1.2 s of the end. */
const FIRST_WORDS_MS = 1_500;
/** The same for one that has not spoken since the customer fell silent: its last words may lack the last one, and the final has it within 400 ms as a rule. */
const LAST_WORDS_MS = 500;
/** The end of speech is known to a window and a frame. */
const DETECTED_WITHIN_MS = 60;
/** Sound for this long without a word is no customer; a recogniser sends its first interim within a second. */
const WORDLESS_MS = 10_000;
/** A recogniser that sends interims has sent one by then. */
const NOISE_HOLDS_MS = 1_500;
/** A keypad answer is over after this, or at `#`. */
const KEYPAD_PAUSE_MS = 2_000;

export class TurnTaker {
  readonly #floor: Floor;
  #listening: Listening = { state: 'quiet' };
  #digits = '';
  #digitAtMs = 0;
  #quietSinceMs: number;

  constructor(floor: Floor, nowMs: number) {
    this.#floor = floor;
    this.#quietSinceMs = nowMs;
  }

  get hearing(): boolean {
    return this.#listening.state !== 'quiet';
  }

  onDigit(digit: string, nowMs: number): void {
    // [TT21] Behind an answer that is committed already: a pause was too long, or the key was pressed twice.
    if (digit === '#' && this.#digits === '') return;
    this.#floor.mouth.interrupt();
    this.#forget(nowMs);
    this.#digitAtMs = nowMs;
    if (digit !== '#') this.#digits += digit;
    else if (this.#digits !== '') this.#commitDigits(nowMs);
  }

  beat(nowMs: number): void {
    if (this.#digits !== '' && nowMs - this.#digitAtMs >= KEYPAD_PAUSE_MS) this.#commitDigits(nowMs);
    switch (this.#listening.state) {
      case 'quiet':
        this.#whileQuiet(nowMs);
        return;
      case 'hearing':
        this.#whileHearing(nowMs);
        return;
      case 'settling':
        this.#whileSettling(this.#listening, nowMs);
    }
  }

  #whileQuiet(nowMs: number): void {
    const { ears, mouth } = this.#floor;
    if (ears.sound !== null) {
      this.#listening = { state: 'hearing' };
      // Between two people whoever has not begun yet waits.
      mouth.hold();
      return;
    }
    if (mouth.speaking || this.#floor.answering() || this.#digits !== '') this.#quietSinceMs = nowMs;
    const limitMs = this.#floor.flags().phone_silence_timeout_sec * 1_000;
    if (nowMs - this.#quietSinceMs < limitMs) return;
    this.#quietSinceMs = nowMs;
    this.#floor.commit(wordless('silence', nowMs));
  }

  #whileHearing(nowMs: number): void {
    const { ears, mouth, flags, bargeIn } = this.#floor;
    const { sound } = ears;
    if (sound === null) {
      this.#rest(nowMs);
      return;
    }
    bargeIn.beat(nowMs);
    const { words } = bargeIn;
    // Whoever speaks is understood by now; a mere noise keeps the bot waiting no longer.
    if (ears.sendsInterims && words.text === '' && nowMs - sound.firstAtMs > NOISE_HOLDS_MS) mouth.release();
    const heard = this.#heard(sound);
    const knownMs = ears.knownUntil(nowMs);
    if (words.text === '' && nowMs - sound.firstAtMs > WORDLESS_MS) this.#overhear(nowMs);
    else if (turnIsOver(heard, knownMs, this.#rules())) {
      if (heard.textIsFinal) {
        this.#finish(nowMs, nowMs);
        return;
      }
      this.#think(heard, nowMs);
      ears.forceFinal();
      const waitMs = finalWaitMs(sound, words, flags().recognition_stt_complete_timeout_ms);
      const despiteSound = ears.speaksAt(nowMs) ? heard.text : null;
      this.#listening = { state: 'settling', overAtMs: nowMs, untilMs: nowMs + waitMs, despiteSound };
    } else this.#think(heard, nowMs);
  }

  /** What is for the bot is thought about while it is still being said. */
  #think(heard: Heard, nowMs: number): void {
    const { ears, bargeIn } = this.#floor;
    const { sound } = ears;
    const { words } = bargeIn;
    if (sound === null || words.text === '') return;
    if (!bargeIn.isTurn({ text: words.text, voicedMs: sound.voicedMs }, nowMs)) return;
    const reading = readingOf(heard);
    const pauseThatEndsMs = pauseFor(reading, this.#rules());
    const { text, lastSpeechAtMs } = heard;
    const pause = { nowMs: ears.knownUntil(nowMs), pauseThatEndsMs };
    this.#floor.think({ text, lastSpeechAtMs, reading, toldAtMs: words.toldAtMs }, pause);
  }

  #heard(sound: Sound): Heard {
    const { bargeIn, asked, language } = this.#floor;
    const { words } = bargeIn;
    return {
      text: words.text,
      textChangedAtMs: words.changedAtMs,
      newWordsAtMs: words.newAtMs,
      textIsFinal: words.isFinal && covers(sound, words),
      lastSpeechAtMs: sound.lastSpeechAtMs,
      asked: asked(),
      language: language(),
    };
  }

  /** A long noise without words keeps nobody from speaking, and silence goes on being counted. */
  #overhear(nowMs: number): void {
    this.#floor.ears.take();
    this.#forget(nowMs);
    this.#listening = { state: 'quiet' };
    this.#floor.bargeIn.over(nowMs);
    this.#floor.mouth.release();
    if (this.#floor.mouth.speaking) this.#quietSinceMs = nowMs;
  }

  #whileSettling(settling: Settling, nowMs: number): void {
    const { ears, bargeIn } = this.#floor;
    bargeIn.beat(nowMs);
    if (this.#spokeOn(settling)) this.#listening = { state: 'hearing' };
    else if (!ears.finalPending || nowMs >= settling.untilMs) this.#finish(settling.overAtMs, nowMs);
    else if (ears.sound !== null) this.#think(this.#heard(ears.sound), nowMs);
  }

  #spokeOn({ overAtMs, despiteSound }: Settling): boolean {
    const { ears, bargeIn } = this.#floor;
    if ((ears.sound?.lastSpeechAtMs ?? 0) <= overAtMs) return false;
    return despiteSound === null || (ears.finalPending && !sameWords(bargeIn.words.text, despiteSound));
  }

  #finish(overAtMs: number, nowMs: number): void {
    const { ears, bargeIn } = this.#floor;
    const { sound } = ears;
    const { words } = bargeIn;
    const isTurn = sound !== null && bargeIn.isTurn({ text: words.text, voicedMs: sound.voicedMs }, nowMs);
    ears.take();
    if (isTurn) {
      this.#floor.commit({
        utterance: words.text,
        via: words.text === '' ? 'noise' : 'speech',
        confidence: words.confidence,
        language: words.language,
        spokenAtMs: sound.firstAtMs,
        timing: {
          lastSpeechAtMs: sound.lastSpeechAtMs,
          endpointingMs: overAtMs - sound.lastSpeechAtMs,
          recognizerMs: nowMs - overAtMs,
          committedAtMs: nowMs,
        },
      });
    } else this.#forget(nowMs);
    this.#rest(nowMs);
  }

  #forget(nowMs: number): void {
    this.#floor.think(null, { nowMs, pauseThatEndsMs: 0 });
  }

  #rest(nowMs: number): void {
    this.#listening = { state: 'quiet' };
    this.#quietSinceMs = nowMs;
    this.#floor.bargeIn.over(nowMs);
    this.#floor.mouth.release();
  }

  #commitDigits(nowMs: number): void {
    const utterance = this.#digits;
    this.#digits = '';
    this.#quietSinceMs = nowMs;
    this.#floor.commit({ ...wordless('keypad', nowMs), utterance });
  }

  #rules(): EndpointingRules {
    const { vad_cutoff_timeout_ms: finishedPauseMs, vad_silence_timeout_ms: ceilingMs } = this.#floor.flags();
    return { finishedPauseMs, ceilingMs };
  }
}

/** [EP11, EP16] Words told since the customer fell silent are all there is, but for the recogniser's last thoughts. */
function finalWaitMs(sound: Sound, words: Words, usualMs: number): number {
  if (!covers(sound, words)) return FIRST_WORDS_MS;
  const toldSince = words.toldAtMs >= sound.lastSpeechAtMs - DETECTED_WITHIN_MS;
  return toldSince ? usualMs : Math.max(usualMs, LAST_WORDS_MS);
}

/** Words from before the last stretch of speech do not speak for it. */
const covers = (sound: Sound, words: Words): boolean => words.text !== '' && words.changedAtMs >= sound.beganAtMs;

export function wordless(via: TurnRequest['via'], nowMs: number): Utterance {
  const timing: TurnTiming = { lastSpeechAtMs: null, endpointingMs: null, recognizerMs: null, committedAtMs: nowMs };
  return { utterance: '', via, confidence: null, language: null, spokenAtMs: nowMs, timing };
}
