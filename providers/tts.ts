/** Port: speech synthesis. Yields L16 mono, little-endian, at `sampleRateHz`, in pieces of any size as they come. */
export interface Utterable {
  text: string;
  /** BCP 47. */
  language: string;
  /** The vendor's voice name; null = the language's own from the configuration. */
  voice: string | null;
  /** 0.75–1.25. */
  speed: number;
  sampleRateHz: number;
}

export interface Synthesizer {
  readonly name: string;
  /** Begins when it is iterated. Throws ProviderError, or the signal's own reason once that is aborted. */
  synthesize(utterable: Utterable, signal: AbortSignal): AsyncIterable<Buffer>;
}
