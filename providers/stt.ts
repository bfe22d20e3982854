/** Port: streaming recognition. Audio is L16 mono, little-endian, `sampleRateHz`. */
export interface RecognizerOptions {
  /** BCP 47. */
  language: string;
  sampleRateHz: number;
  /** Words that this call is likely to hear: names, the company. */
  hints: string[];
  /** It takes the place of a stream that has just been left as deaf, and hears the same sound again. */
  after?: 'deaf';
}

export type RecognizerEvent =
  | { type: 'interim'; text: string; /** 0–1, 0 = unknown. */ stability: number }
  /** `text` is '' when a sound held no words. */
  | { type: 'final'; text: string; confidence: number; language: string | null }
  | { type: 'speech_began' }
  | { type: 'speech_ended' }
  /** The stream is over and takes no more audio; `expected` = its time limit or our own close. */
  | { type: 'closed'; expected: boolean; error: Error | null };

export interface RecognizerStream {
  write(pcm: Buffer): void;
  /** No more audio: forces the final, then `closed`. */
  halfClose(): void;
  /** At once, nothing more is told. `deaf`: because it has said nothing though somebody spoke. */
  abort(why?: 'deaf'): void;
}

export interface Recognizer {
  readonly name: string;
  open(options: RecognizerOptions, onEvent: (event: RecognizerEvent) => void): RecognizerStream;
}
