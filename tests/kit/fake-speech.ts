/** Speech vendors in memory: a recogniser that a test dictates to, a synthesiser whose sound is as long as its text. */
import type { Recognizer, RecognizerEvent, RecognizerOptions, RecognizerStream } from '../../providers/stt.ts';
import type { Synthesizer, Utterable } from '../../providers/tts.ts';

export class FakeRecognizerStream implements RecognizerStream {
  readonly options: RecognizerOptions;
  readonly #onEvent: (event: RecognizerEvent) => void;
  /** Bytes of sound heard. */
  bytes = 0;
  state: 'open' | 'half-closed' | 'aborted' | 'closed' = 'open';
  onHalfClose: (() => void) | null = null;

  constructor(options: RecognizerOptions, onEvent: (event: RecognizerEvent) => void) {
    this.options = options;
    this.#onEvent = onEvent;
  }

  write(pcm: Buffer): void {
    if (this.state !== 'open') throw new Error(`sound written to a stream that is ${this.state}`);
    this.bytes += pcm.length;
  }

  halfClose(): void {
    if (this.state !== 'open') throw new Error(`half-closed a stream that is ${this.state}`);
    this.state = 'half-closed';
    this.onHalfClose?.();
  }

  abort(): void {
    if (this.state === 'aborted') throw new Error('aborted twice');
    this.state = 'aborted';
  }

  interim(text: string): void {
    this.#tell({ type: 'interim', text, stability: 0.9 });
  }

  final(text: string): void {
    this.#tell({ type: 'final', text, confidence: 0.9, language: null });
  }

  close(error: Error | null = null): void {
    this.#tell({ type: 'closed', expected: error === null, error });
    this.state = 'closed';
  }

  #tell(event: RecognizerEvent): void {
    if (this.state === 'closed') throw new Error('a closed stream says nothing');
    if (this.state !== 'aborted') this.#onEvent(event);
  }
}

export class FakeRecognizer implements Recognizer {
  readonly name: string;
  readonly streams: FakeRecognizerStream[] = [];
  /** Of every stream opened from now on. */
  onHalfClose: ((stream: FakeRecognizerStream) => void) | null = null;

  constructor(name = 'dictated') {
    this.name = name;
  }

  open(options: RecognizerOptions, onEvent: (event: RecognizerEvent) => void): RecognizerStream {
    const stream = new FakeRecognizerStream(options, onEvent);
    stream.onHalfClose = () => this.onHalfClose?.(stream);
    this.streams.push(stream);
    return stream;
  }

  /** The stream that gets the sound. */
  get current(): FakeRecognizerStream {
    const stream = this.streams.at(-1);
    if (stream === undefined) throw new Error('no stream was opened');
    return stream;
  }
}

const MS_PER_CHAR = 60;

export class FakeSynthesizer implements Synthesizer {
  readonly name = 'tone';
  readonly asked: Utterable[] = [];
  /** Everything fails. */
  dead = false;
  /** Texts that fail, and how often they still do. */
  readonly failures = new Map<string, number>();
  /** Awaited before the first sound. */
  delay: (() => Promise<void>) | null = null;

  async *synthesize(utterable: Utterable, signal: AbortSignal): AsyncIterable<Buffer> {
    this.asked.push(utterable);
    if (this.dead) throw new Error('the synthesiser is dead');
    const failures = this.failures.get(utterable.text) ?? 0;
    if (failures > 0) {
      this.failures.set(utterable.text, failures - 1);
      throw new Error('the synthesiser is unwell');
    }
    await this.delay?.();
    const pcm = tone(utterable.text.length * MS_PER_CHAR);
    for (let start = 0; start < pcm.length; start += 3_000) {
      await Promise.resolve();
      signal.throwIfAborted();
      yield pcm.subarray(start, start + 3_000);
    }
  }
}

export const toneMs = (text: string): number => text.length * MS_PER_CHAR;

/** 20 ms of a voice that is not the bot's: by chance, the same each time. */
export function strangeFrame(): Buffer {
  const pcm = Buffer.alloc(640);
  let seed = 7;
  for (let index = 0; index < 320; index += 1) {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
    pcm.writeInt16LE(Math.round((seed / 2 ** 32 - 0.5) * 24_000), index * 2);
  }
  return pcm;
}

/** 200 Hz at half volume. */
export function tone(ms: number): Buffer {
  const samples = Math.round(ms * 16);
  const pcm = Buffer.alloc(samples * 2);
  for (let index = 0; index < samples; index += 1)
    pcm.writeInt16LE(Math.round(16_000 * Math.sin((2 * Math.PI * 200 * index) / 16_000)), index * 2);
  return pcm;
}
