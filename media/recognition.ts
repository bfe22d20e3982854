/** One utterance's words over any number of recogniser streams: opened, renewed, replaced after a fault, nothing lost between. */
import { wordsBegin } from '../domain/early-thinking.ts';
import { earsAreLost } from '../domain/speech-trouble.ts';
import type { Recognizer, RecognizerEvent, RecognizerStream } from '../providers/stt.ts';
import type { Logger } from '../telemetry/log.ts';
import { BYTES_A_MS, SAMPLE_RATE_HZ } from './frames.ts';
import { KeptSound } from './kept-sound.ts';
import type { Pacer } from './pacer.ts';

/** Google ends a stream at 305 s. A pause after this is taken to renew it; at the second figure it is renewed in mid-speech. */
const RENEW_AT_PAUSE_MS = 240_000;
const RENEW_AT_ONCE_MS = 290_000;
/** Sound kept to be heard again by a new stream: longer than people speak without a pause in which a final comes. */
const KEPT_BYTES = 10_000 * BYTES_A_MS;
/** Of it, what a planned renewal repeats: the beginning of a word on the seam. */
const SEAM_BYTES = 300 * BYTES_A_MS;
/** So long before its first interim somebody has begun to speak, at most. */
const FIRST_WORDS_BYTES = 1_500 * BYTES_A_MS;
/** Speech for this long without a word from the stream: it has died without saying so. Interims come every 100-500 ms where they come. */
const DEAF_AFTER_MS = 2_000;
/** The same for a recogniser that has sent no interim yet, and perhaps never does: as long as all of it can be heard again. */
const SEEMS_DEAF_AFTER_MS = 9_000;
const REOPEN_FIRST_MS = 250;
const REOPEN_MOST_MS = 4_000;

export interface Words {
  text: string;
  changedAtMs: number;
  /** [EP5] When more was said than was known of this utterance; a stream that hears the same sound again says it again. */
  newAtMs: number;
  /** The recogniser has said something, the same words as before perhaps. */
  toldAtMs: number;
  isFinal: boolean;
  confidence: number | null;
  language: string | null;
}

interface Take {
  stream: RecognizerStream;
  finals: string[];
  interim: string;
  state: 'open' | 'closing' | 'closed';
  /** Has given a final since it was half-closed. */
  answered: boolean;
  openedAtMs: number;
}

export interface RecognitionOptions {
  recognizer: Recognizer;
  pacer: Pacer;
  log: Logger;
  /** Something was said, or the same once more. */
  onWords?: () => void;
}

export class Recognition {
  readonly #options: RecognitionOptions;
  /** Null = not begun: what is heard meanwhile is kept. */
  #tongue: { language: string; hints: string[] } | null = null;
  /** In the order in which they were opened; the last one gets the sound. */
  #takes: Take[] = [];
  readonly #kept = new KeptSound(KEPT_BYTES);
  /** How much sound no final covers, and how much has come since the first interim of it. */
  #unfinalBytes = 0;
  #interimBytes = 0;
  #changedAtMs = 0;
  #newAtMs = 0;
  /** The words of this utterance, the most that was known of them. */
  #known = '';
  #lastEventAtMs = 0;
  #confidences: number[] = [];
  #heardLanguage: string | null = null;
  #failures = 0;
  /** Streams that ended without a word, by failure or deafness. */
  #wordless = 0;
  #callOffReopening: (() => void) | null = null;
  #stopped = false;
  #sendsInterims = false;
  /** As last gathered; null = something has changed since. */
  #words: Words | null = null;

  constructor(options: RecognitionOptions) {
    this.#options = options;
  }

  /** Asked for several times a beat. */
  get words(): Words {
    return (this.#words ??= this.#gathered());
  }

  #gathered(): Words {
    const text = this.#takes
      .flatMap((take) => [...take.finals, take.interim])
      .filter((part) => part !== '')
      .join(' ')
      .trim();
    return {
      text,
      changedAtMs: this.#changedAtMs,
      newAtMs: this.#newAtMs,
      toldAtMs: this.#lastEventAtMs,
      isFinal: text !== '' && this.#takes.every((take) => take.interim === ''),
      confidence: this.#confidences.length === 0 ? null : Math.min(...this.#confidences),
      language: this.#heardLanguage,
    };
  }

  /** A stream that was asked for its final has not given it yet. */
  get finalPending(): boolean {
    return this.#takes.some((take) => take.state === 'closing' && !take.answered);
  }

  /** No recogniser works: words will not come. */
  get lost(): boolean {
    return earsAreLost(this.#wordless);
  }

  /** Has done so at least once. */
  get sendsInterims(): boolean {
    return this.#sendsInterims;
  }

  /** The stream may hold on to what it is given. */
  write(pcm: Buffer): void {
    this.#kept.push(pcm);
    this.#unfinalBytes += pcm.length;
    const take = this.#takes.at(-1);
    if (take === undefined || take.interim === '') this.#interimBytes = 0;
    else this.#interimBytes += pcm.length;
    if (take?.state === 'open') take.stream.write(pcm);
  }

  /** Ends the stream so that it says its final now; the next sound goes to a new one. */
  forceFinal(): void {
    const take = this.#takes.at(-1);
    if (take?.state !== 'open') return;
    take.state = 'closing';
    take.stream.halfClose();
    this.#open(0);
  }

  /** The utterance is taken: what its streams still say belongs to nobody. */
  take(): void {
    const current = this.#takes.at(-1);
    const clean = current !== undefined && current.state === 'open' && current.interim === '';
    for (const take of this.#takes) if (take !== current || !clean) this.#abort(take);
    if (clean) current.finals = [];
    this.#takes = clean ? [current] : [];
    this.#confidences = [];
    this.#heardLanguage = null;
    this.#words = null;
    this.#known = '';
    this.#unfinalBytes = 0;
    if (!clean) this.#open(0);
  }

  /** Begins, or goes on in another language; what no final covers is heard again. */
  listenFor(tongue: { language: string; hints: string[] }): void {
    if (this.#stopped || this.#tongue?.language === tongue.language) return;
    this.#tongue = tongue;
    this.#abort(this.#takes.pop());
    this.#words = null;
    this.#open(this.#unfinalBytes);
  }

  beat(nowMs: number, speech: { speaking: boolean; sinceMs: number }): void {
    const take = this.#takes.at(-1);
    if (take?.state !== 'open') return;
    const ageMs = nowMs - take.openedAtMs;
    if ((ageMs > RENEW_AT_PAUSE_MS && !speech.speaking && this.words.text === '') || ageMs > RENEW_AT_ONCE_MS) {
      take.state = 'closing';
      take.stream.halfClose();
      this.#open(speech.speaking ? SEAM_BYTES : 0);
    } else if (
      speech.speaking &&
      nowMs - Math.max(this.#lastEventAtMs, speech.sinceMs, take.openedAtMs) >
        (this.#sendsInterims ? DEAF_AFTER_MS : SEEMS_DEAF_AFTER_MS)
    ) {
      this.#options.log.warn(
        { recognizer: this.#options.recognizer.name },
        'the recogniser has said nothing for long: a new stream hears the last seconds again',
      );
      this.#wordless += 1;
      this.#replace(take, 'deaf');
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#callOffReopening?.();
    for (const take of this.#takes) this.#abort(take);
    this.#takes = [];
    this.#words = null;
  }

  #open(replayBytes: number, after?: 'deaf'): void {
    if (this.#tongue === null) return;
    const { recognizer, pacer } = this.#options;
    const openedAtMs = pacer.nowMs();
    const take: Partial<Take> = { finals: [], interim: '', state: 'open', answered: false, openedAtMs };
    const options = { ...this.#tongue, sampleRateHz: SAMPLE_RATE_HZ, ...(after === undefined ? {} : { after }) };
    take.stream = recognizer.open(options, (event) => {
      this.#hear(take as Take, event);
    });
    this.#takes.push(take as Take);
    if (replayBytes > 0) take.stream.write(this.#kept.last(replayBytes));
  }

  #hear(take: Take, event: RecognizerEvent): void {
    if (this.#stopped || !this.#takes.includes(take)) return;
    this.#lastEventAtMs = this.#options.pacer.nowMs();
    this.#words = null;
    switch (event.type) {
      case 'interim':
        this.#sendsInterims = true;
        this.#wordless = 0;
        if (event.text !== take.interim) this.#changedAtMs = this.#lastEventAtMs;
        take.interim = event.text;
        this.#noteNews();
        this.#options.onWords?.();
        return;
      case 'final':
        this.#final(take, event);
        this.#noteNews();
        this.#options.onWords?.();
        return;
      case 'speech_began':
      case 'speech_ended':
        return;
      case 'closed':
        this.#closed(take, event);
    }
  }

  #noteNews(): void {
    const { text } = this.words;
    if (wordsBegin(this.#known, text)) return;
    this.#known = text;
    this.#newAtMs = this.#lastEventAtMs;
    this.#words = null;
  }

  #final(take: Take, event: { text: string; confidence: number; language: string | null }): void {
    this.#changedAtMs = this.#lastEventAtMs;
    this.#failures = 0;
    this.#wordless = 0;
    take.interim = '';
    take.answered = take.state === 'closing';
    if (take === this.#takes.at(-1)) this.#unfinalBytes = 0;
    if (event.text === '') return;
    take.finals.push(event.text);
    if (event.confidence > 0) this.#confidences.push(event.confidence);
    this.#heardLanguage = event.language ?? this.#heardLanguage;
  }

  #closed(take: Take, event: { expected: boolean; error: Error | null }): void {
    const asked = take.state === 'closing';
    const last = take === this.#takes.at(-1);
    take.state = 'closed';
    if (asked || !last) return;
    if (!event.expected)
      this.#options.log.warn(
        { err: event.error, recognizer: this.#options.recognizer.name },
        'the recogniser’s stream has ended',
      );
    this.#failures = event.expected ? 0 : this.#failures + 1;
    if (!event.expected) this.#wordless += 1;
    if (this.#failures <= 1) this.#replace(take);
    else {
      const delayMs = Math.min(REOPEN_MOST_MS, REOPEN_FIRST_MS * 2 ** (this.#failures - 2));
      this.#callOffReopening = this.#options.pacer.after(delayMs, () => {
        this.#replace(take);
      });
    }
  }

  /** [EP23, EP24] The new stream hears again what no final covered, so the old one's interim goes; where that is more than was kept, the interim stands. */
  #replace(take: Take, why?: 'deaf'): void {
    if (this.#stopped) return;
    if (take.interim !== '' && this.#interimBytes + FIRST_WORDS_BYTES > KEPT_BYTES) {
      take.finals.push(take.interim);
      this.#unfinalBytes = SEAM_BYTES;
    }
    take.interim = '';
    this.#words = null;
    if (take.state !== 'closed') this.#abort(take, why);
    if (take.finals.length === 0) this.#takes = this.#takes.filter((each) => each !== take);
    this.#open(this.#unfinalBytes, why);
  }

  #abort(take: Take | undefined, why?: 'deaf'): void {
    if (take === undefined || take.state === 'closed') return;
    take.state = 'closed';
    take.stream.abort(why);
  }
}
