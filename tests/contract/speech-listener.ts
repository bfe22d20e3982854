/** What a recogniser's stream has told so far, and a way to wait for more of it. */
import type { Recognizer, RecognizerEvent, RecognizerOptions, RecognizerStream } from '../../providers/stt.ts';

export const SIXTEEN_KHZ = 16_000;

export interface Listening {
  stream: RecognizerStream;
  events: RecognizerEvent[];
  /** Resolves with the first event that fits, told already or yet to come. */
  until<Type extends RecognizerEvent['type']>(
    type: Type,
    fits?: (event: RecognizerEvent & { type: Type }) => boolean,
  ): Promise<RecognizerEvent & { type: Type }>;
  finals(): string[];
  interims(): string[];
}

export function listen(recognizer: Recognizer, options: Partial<RecognizerOptions> = {}): Listening {
  const events: RecognizerEvent[] = [];
  let wake: (() => void)[] = [];
  const stream = recognizer.open({ language: 'en-US', sampleRateHz: SIXTEEN_KHZ, hints: [], ...options }, (event) => {
    events.push(event);
    for (const look of wake.splice(0)) look();
  });
  return {
    stream,
    events,
    until: async (type, fits = () => true) => {
      for (;;) {
        const found = events.find(
          (event): event is RecognizerEvent & { type: typeof type } => event.type === type && fits(event as never),
        );
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => {
          wake = [...wake, resolve];
        });
      }
    },
    finals: () => events.flatMap((event) => (event.type === 'final' ? [event.text] : [])),
    interims: () => events.flatMap((event) => (event.type === 'interim' ? [event.text] : [])),
  };
}

/** In frames of a media leg. */
export function play(stream: RecognizerStream, sound: Buffer, frameBytes = 640): void {
  for (let at = 0; at < sound.length; at += frameBytes) stream.write(sound.subarray(at, at + frameBytes));
}

export function silence(ms: number, sampleRateHz = SIXTEEN_KHZ): Buffer {
  return Buffer.alloc(Math.round((sampleRateHz * ms) / 1000) * 2);
}

export async function collect(sound: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of sound) pieces.push(piece);
  return pieces;
}
