/**
 * Sound while the bot speaks. The bot falls silent first, at the voice, and then it is decided, by the words, whether it goes on:
 * what to decide stands in `domain/barge-in.ts`. Its own echo is dropped by its shape (`media/echo.ts`), or by its words.
 */
import { interrupts, isTurn, judge, pausesFor, type BargeInRules, type Interjection } from '../domain/barge-in.ts';
import { withoutEcho, type EchoedWords } from '../domain/echo.ts';
import type { FlagValues } from '../domain/flags.ts';
import type { Logger } from '../telemetry/log.ts';
import type { InterruptionKind, MediaMeter } from '../telemetry/media-meter.ts';
import type { Ears } from './ears.ts';
import type { EchoDetector } from './echo.ts';
import type { Mouth } from './mouth.ts';
import type { Words } from './recognition.ts';
import type { Sound } from './speech-detector.ts';

export interface BargeInKit {
  ears: Pick<Ears, 'sound' | 'words' | 'sendsInterims'>;
  mouth: Mouth;
  echo: EchoDetector;
  flags: () => FlagValues;
  language: () => string;
  /** A turn is committed and not answered to its end. */
  answering: () => boolean;
  log: Logger;
  meter: MediaMeter | undefined;
}

/** Who has made the bot stop for nothing within this time does so again: "mhm" comes every few seconds while one listens. */
const FOR_NOTHING_REMEMBERED_MS = 15_000;
/** Three windows of the voice detector: enough new sound to look at the echo again. */
const LOOK_AGAIN_MS = 60;
/** Once the bot is silent its echo goes on for a while: one more look, with twice the sound. */
const LOOK_BACK_MS = 100;
/** In an echo one look that finds none is a moment of noise, two are somebody. */
const LOOKS_WITHOUT_ECHO = 2;
/** Echo by its words alone ends with the bot's sound: what goes on for longer was said by somebody. */
const ECHO_ENDS_WITHIN_MS = 1_000;
/** Words in common that make it echo. Fewer are the customer's, who answers in the words of the question. */
const LEAST_WORDS = { heardAlone: 1, heardOrKnown: 2, unknown: 3 };
/** Its echo may begin with a sentence that ended just before. */
const SAID_BEFORE_MS = 1_500;

interface Stop {
  atMs: number;
  botLeftMs: number;
  lookedBack: boolean;
}

/** One utterance of the customer's. */
interface Utterance {
  stop: Stop | null;
  /** What the bot had left when it last stopped for this utterance. */
  botLeftMs: number | null;
  /** The stretch of sound that was found to be nothing. */
  dismissedStretchMs: number | null;
  dismissed: InterruptionKind | null;
  /** The words that were found to be nothing. */
  dismissedText: string;
  /** The last words that were looked at. */
  text: string;
  brokeIn: boolean;
  echo: { now: boolean; ever: boolean; lookedAtMs: number; looksWithout: number };
}

const newUtterance = (): Utterance => ({
  stop: null,
  botLeftMs: null,
  dismissedStretchMs: null,
  dismissed: null,
  dismissedText: '',
  text: '',
  brokeIn: false,
  echo: { now: false, ever: false, lookedAtMs: -Infinity, looksWithout: 0 },
});

export class BargeIn {
  readonly #kit: BargeInKit;
  #utterance = newUtterance();
  #forNothingAtMs: number[] = [];
  /** The last words compared, and what was left of them. */
  #echoless: (EchoedWords & { left: string }) | null = null;
  /** Of this beat. */
  #words: { of: Words; leastWords: number; words: Words } | null = null;

  constructor(kit: BargeInKit) {
    this.#kit = kit;
  }

  /** While the customer is heard. */
  beat(nowMs: number): void {
    const { ears, mouth } = this.#kit;
    const { sound } = ears;
    this.#words = null;
    if (sound === null) return;
    this.#utterance.text = this.words.text;
    const { stop } = this.#utterance;
    if (stop !== null && mouth.paused) this.#whilePaused(stop, sound, nowMs);
    else if (mouth.midSpeech) this.#whileSpeaking(sound, nowMs);
  }

  /** The words heard, without the bot's own. */
  get words(): Words {
    const { words, sound } = this.#kit.ears;
    if (words.text === '' || sound === null) return words;
    const leastWords = this.#leastWords(sound);
    if (this.#words?.of !== words || this.#words.leastWords !== leastWords)
      this.#words = { of: words, leastWords, words: this.#ownWords(words, sound, leastWords) };
    return this.#words.words;
  }

  #ownWords(words: Words, sound: Sound, leastWords: number): Words {
    const said = this.#kit.mouth.saidSince(sound.firstAtMs - SAID_BEFORE_MS);
    if (said === '') return words;
    const text = this.#withoutEcho({ heard: words.text, said, leastWords });
    if (text === words.text) return words;
    // While the echo goes on its last word is half heard.
    return { ...words, text: this.#utterance.echo.now && !text.includes(' ') ? '' : text };
  }

  /** Comparing the words costs a hundred times more than comparing the questions. */
  #withoutEcho(asked: EchoedWords): string {
    const known = this.#echoless;
    if (known?.heard === asked.heard && known.said === asked.said && known.leastWords === asked.leastWords)
      return known.left;
    const left = withoutEcho(asked);
    this.#echoless = { ...asked, left };
    return left;
  }

  /** The utterance is dealt with: if the bot still waits for what comes of it, it goes on. */
  over(nowMs: number): void {
    const { stop, text } = this.#utterance;
    if (stop !== null && this.#kit.mouth.paused) this.#goOn(text === '' ? 'noise' : 'backchannel', nowMs);
    else if (stop !== null) this.#kit.meter?.interruption('turn');
    this.#utterance = newUtterance();
    this.#words = null;
  }

  isTurn(said: Pick<Interjection, 'text' | 'voicedMs'>, nowMs: number): boolean {
    const { ears, mouth, language, answering } = this.#kit;
    const { brokeIn, dismissed, dismissedText, botLeftMs, echo } = this.#utterance;
    if (said.text === '' && (echo.ever || ears.words.text !== '')) return false;
    // [BI21] What the bot went on over stays nothing, unless words have come since.
    if (!brokeIn && dismissed !== null && (said.text === '' || said.text === dismissedText)) return false;
    const knownMs = mouth.paused && botLeftMs !== null ? botLeftMs : mouth.remainingMs(nowMs);
    return isTurn(
      { ...said, language: language() },
      {
        leftMs: mouth.moreToCome ? Infinity : knownMs,
        thinking: answering() && !mouth.midSpeech,
        stopped: brokeIn,
      },
    );
  }

  #whileSpeaking(sound: Sound, nowMs: number): void {
    const { mouth } = this.#kit;
    const utterance = this.#utterance;
    const isNew = utterance.dismissedStretchMs !== sound.beganAtMs;
    const voice = { speechMs: sound.lastSpeechAtMs - sound.beganAtMs, loudMs: this.#kit.echo.loudMs };
    if (interrupts(this.#interjection(sound), this.#rules())) this.#breakIn(sound, nowMs);
    else if (isNew && pausesFor(voice, this.#forNothing(nowMs)) && !this.#isEcho(sound, nowMs)) {
      const botLeftMs = mouth.moreToCome ? Infinity : mouth.remainingMs(nowMs);
      if (!mouth.pause()) return;
      utterance.botLeftMs = botLeftMs;
      utterance.stop = { atMs: nowMs, botLeftMs, lookedBack: false };
      this.#kit.meter?.cutOff(nowMs - sound.beganAtMs);
    }
  }

  #whilePaused(stop: Stop, sound: Sound, nowMs: number): void {
    const words = this.words;
    const echoed = words.text === '' && (this.#kit.ears.words.text !== '' || this.#wasEcho(stop, sound, nowMs));
    if (echoed) {
      this.#kit.meter?.aecMissed();
      this.#dismiss('echo', sound, nowMs);
      return;
    }
    const pause = {
      ...this.#interjection(sound),
      sinceMs: nowMs - stop.atMs,
      quietMs: nowMs - sound.lastSpeechAtMs,
      wordsStoodMs: nowMs - words.changedAtMs,
      botLeftMs: stop.botLeftMs,
    };
    const verdict = judge(pause, this.#rules());
    if (verdict === 'turn') this.#breakIn(sound, nowMs);
    else if (verdict !== 'wait') this.#dismiss(verdict, sound, nowMs);
  }

  #breakIn(sound: Sound, nowMs: number): void {
    const { mouth, meter, log } = this.#kit;
    if (this.#utterance.stop === null) meter?.cutOff(nowMs - sound.beganAtMs);
    this.#utterance.brokeIn = true;
    this.#utterance.stop = null;
    this.#forNothingAtMs = [];
    mouth.interrupt();
    meter?.interruption('turn');
    log.debug({ kind: 'turn' }, 'the customer has interrupted the bot');
  }

  #dismiss(kind: 'backchannel' | 'noise' | 'echo', sound: Sound, nowMs: number): void {
    this.#utterance.dismissedStretchMs = sound.beganAtMs;
    this.#utterance.dismissedText = this.words.text;
    this.#goOn(kind, nowMs);
  }

  #goOn(kind: 'backchannel' | 'noise' | 'echo', nowMs: number): void {
    const { mouth, meter, log } = this.#kit;
    const pausedMs = nowMs - (this.#utterance.stop?.atMs ?? nowMs);
    this.#utterance.dismissed = kind;
    this.#utterance.stop = null;
    this.#forNothingAtMs.push(nowMs);
    mouth.resume();
    meter?.interruption(kind);
    meter?.interruption('resumed');
    log.debug({ kind, pausedMs }, 'the bot goes on after a pause for nothing');
  }

  #forNothing(nowMs: number): number {
    this.#forNothingAtMs = this.#forNothingAtMs.filter((atMs) => nowMs - atMs < FOR_NOTHING_REMEMBERED_MS);
    return this.#forNothingAtMs.length;
  }

  /** [BI30, BI31] Looked at again and again while it lasts: somebody may begin to speak over it. */
  #isEcho(sound: Sound, nowMs: number): boolean {
    const { echo, meter, mouth } = this.#kit;
    const look = this.#utterance.echo;
    if (nowMs - look.lookedAtMs < LOOK_AGAIN_MS) return look.now;
    look.lookedAtMs = nowMs;
    if (echo.isEcho(sound.lastSpeechAtMs - sound.beganAtMs)) {
      look.looksWithout = 0;
      if (!look.ever) {
        meter?.aecDropped();
        meter?.interruption('echo');
      }
      look.now = true;
      look.ever = true;
      // What the bot says next need not wait for its own voice to end.
      mouth.release();
      return true;
    }
    look.looksWithout += 1;
    look.now &&= look.looksWithout < LOOKS_WITHOUT_ECHO;
    return look.now;
  }

  #wasEcho(stop: Stop, sound: Sound, nowMs: number): boolean {
    if (stop.lookedBack || nowMs - stop.atMs < LOOK_BACK_MS) return false;
    stop.lookedBack = true;
    const found = this.#kit.echo.isEcho(sound.lastSpeechAtMs - sound.beganAtMs, { anywhere: true });
    if (found) this.#utterance.echo.ever = true;
    return found;
  }

  /** [BI32] */
  #leastWords(sound: Sound): number {
    const { mouth, echo } = this.#kit;
    const { ever } = this.#utterance.echo;
    const endsWithBot = sound.lastSpeechAtMs <= mouth.lastSoundEndsAtMs + ECHO_ENDS_WITHIN_MS;
    if (ever) return endsWithBot ? LEAST_WORDS.heardAlone : LEAST_WORDS.heardOrKnown;
    if (!endsWithBot) return Infinity;
    return echo.known ? LEAST_WORDS.heardOrKnown : LEAST_WORDS.unknown;
  }

  #interjection(sound: Sound): Interjection {
    const { ears, language } = this.#kit;
    return {
      text: this.words.text,
      voicedMs: sound.voicedMs,
      language: language(),
      // Echo has no words either where the recogniser does not take it for speech.
      wordsExpected: ears.sendsInterims || this.#utterance.echo.ever,
    };
  }

  #rules(): BargeInRules {
    return { minSpeechMs: this.#kit.flags().vad_cutoff_timeout_ms };
  }
}
