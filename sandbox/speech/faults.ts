/**
 * What can be made to go wrong with the stand-in's ears and voice, and its limits: an object whose fields can be set, one by one
 * (`faults.stt.silent = true`) or in part (`faults.stt = { silent: true }`, null = none), as JSON merged over it does.
 */
import { z } from 'zod';

const waitMs = z.number().min(0).max(600_000);
const statusCode = z.number().int().min(1).max(16);

const recognitionSchema = z.strictObject({
  /** Takes audio and says nothing, not even goodbye; heeded at any moment. */
  silent: z.boolean(),
  unavailable: z.boolean(),
  resourceExhausted: z.boolean(),
  /** Ends the stream with `closeCode` after so many bytes of audio. */
  closeAfterBytes: z.number().int().min(0).nullable(),
  closeCode: statusCode,
  /** To how many of the next streams the above applies; null = to all. */
  failingStreams: z.number().int().min(0).nullable(),
  interims: z.enum(['normal', 'none']),
  interimEveryMs: z.number().min(20).max(60_000),
  /** The final is made after so much silence, counted in audio, and sent `finalDelayMs` later. */
  finalAfterQuietMs: z.number().int().min(100).max(10_000).multipleOf(20),
  finalDelayMs: waitMs,
  /** Google ends a stream after 305 s. */
  streamLimitMs: z.number().min(1).max(10_000_000),
  /** Google ends a stream to which nothing came for about 10 s. */
  noAudioLimitMs: z.number().min(1).max(10_000_000),
});

const synthesisSchema = z.strictObject({
  silent: z.boolean(),
  unavailable: z.boolean(),
  resourceExhausted: z.boolean(),
  /** Breaks off with ABORTED in the middle of the sound. */
  abortHalfway: z.boolean(),
  failingRequests: z.number().int().min(0).nullable(),
  /** Streaming is answered UNIMPLEMENTED, as by a service that has only the unary method. */
  noStreaming: z.boolean(),
  firstByteDelayMs: waitMs,
  chunkDelayMs: waitMs,
  /** A stream to which no text comes is aborted. */
  idleLimitMs: z.number().min(1).max(10_000_000),
});

export type RecognitionFaults = z.infer<typeof recognitionSchema>;
export type SynthesisFaults = z.infer<typeof synthesisSchema>;

export interface SpeechFaults {
  get stt(): RecognitionFaults;
  /** Throws a ZodError that names the field, and then changes nothing. */
  set stt(change: Partial<RecognitionFaults> | null);
  get tts(): SynthesisFaults;
  set tts(change: Partial<SynthesisFaults> | null);
}

const faultsChange = z.strictObject({
  stt: recognitionSchema.partial().nullable().optional(),
  tts: synthesisSchema.partial().nullable().optional(),
});

const soundEars: RecognitionFaults = {
  silent: false,
  unavailable: false,
  resourceExhausted: false,
  closeAfterBytes: null,
  closeCode: 13,
  failingStreams: null,
  interims: 'normal',
  interimEveryMs: 200,
  finalAfterQuietMs: 560,
  finalDelayMs: 0,
  streamLimitMs: 305_000,
  noAudioLimitMs: 10_000,
};

const soundVoice: SynthesisFaults = {
  silent: false,
  unavailable: false,
  resourceExhausted: false,
  abortHalfway: false,
  failingRequests: null,
  noStreaming: false,
  firstByteDelayMs: 0,
  chunkDelayMs: 0,
  idleLimitMs: 5_000,
};

export function noFaults(): SpeechFaults {
  const stt = { ...soundEars };
  const tts = { ...soundVoice };
  return Object.seal({
    get stt(): RecognitionFaults {
      return stt;
    },
    set stt(change: Partial<RecognitionFaults> | null) {
      Object.assign(stt, change === null ? soundEars : recognitionSchema.partial().parse(change));
    },
    get tts(): SynthesisFaults {
      return tts;
    },
    set tts(change: Partial<SynthesisFaults> | null) {
      Object.assign(tts, change === null ? soundVoice : synthesisSchema.partial().parse(change));
    },
  });
}

/** All of a change or, when it throws a ZodError, nothing of it. */
export function changeFaults(faults: SpeechFaults, change: unknown): SpeechFaults {
  const wanted = faultsChange.parse(change);
  if (wanted.stt !== undefined) faults.stt = wanted.stt as Partial<RecognitionFaults> | null;
  if (wanted.tts !== undefined) faults.tts = wanted.tts as Partial<SynthesisFaults> | null;
  return faults;
}

export function resetFaults(faults: SpeechFaults): SpeechFaults {
  return changeFaults(faults, { stt: null, tts: null });
}

/** The faults of one new stream: counts it, and spares it once the count is used up. */
export function recognitionFaultsForNext(faults: SpeechFaults): RecognitionFaults {
  const { stt } = faults;
  if (stt.failingStreams === null) return { ...stt };
  if (stt.failingStreams === 0)
    return { ...stt, silent: false, unavailable: false, resourceExhausted: false, closeAfterBytes: null };
  stt.failingStreams -= 1;
  return { ...stt };
}

export function synthesisFaultsForNext(faults: SpeechFaults): SynthesisFaults {
  const { tts } = faults;
  if (tts.failingRequests === null) return { ...tts };
  if (tts.failingRequests === 0)
    return { ...tts, silent: false, unavailable: false, resourceExhausted: false, abortHalfway: false };
  tts.failingRequests -= 1;
  return { ...tts };
}
