/** What can be made to go wrong with the self-hosted server's ears and voice. */
import { z } from 'zod';

const waitMs = z.number().min(0).max(600_000);
const status = z.number().int().min(400).max(599).nullable();

const transcriptionSchema = z.strictObject({
  /** Takes the sound and never answers. */
  silent: z.boolean(),
  http: status,
  retryAfterS: z.number().min(0).nullable(),
  delayMs: waitMs,
  /** To how many of the next requests the above applies; null = to all. */
  failingRequests: z.number().int().min(0).nullable(),
  /** Like a server that knows no segments. */
  plain: z.boolean(),
  /** What is "heard" where nobody spoke: Whisper's habit. */
  invents: z.string(),
});

const synthesisSchema = z.strictObject({
  silent: z.boolean(),
  http: status,
  retryAfterS: z.number().min(0).nullable(),
  /** The connection is reset in the middle of the sound. */
  abortHalfway: z.boolean(),
  failingRequests: z.number().int().min(0).nullable(),
  firstByteDelayMs: waitMs,
  chunkBytes: z.number().int().min(1).max(1_000_000),
  chunkDelayMs: waitMs,
  sampleRateHz: z.union([z.literal(16_000), z.literal(22_050), z.literal(24_000), z.literal(44_100)]),
  /** `audio/pcm` without a rate, as Kokoro-FastAPI sends it. */
  tellsRate: z.boolean(),
  /** A server that does not know the format asked for answers in its own. */
  answersAs: z.string().nullable(),
});

export type TranscriptionFaults = z.infer<typeof transcriptionSchema>;
export type SynthesisFaults = z.infer<typeof synthesisSchema>;

export interface ServerFaults {
  stt: TranscriptionFaults;
  tts: SynthesisFaults;
}

const change = z.strictObject({
  stt: transcriptionSchema.partial().nullable().optional(),
  tts: synthesisSchema.partial().nullable().optional(),
});

const soundEars: TranscriptionFaults = {
  silent: false,
  http: null,
  retryAfterS: null,
  delayMs: 0,
  failingRequests: null,
  plain: false,
  invents: ' Thank you.',
};

const soundVoice: SynthesisFaults = {
  silent: false,
  http: null,
  retryAfterS: null,
  abortHalfway: false,
  failingRequests: null,
  firstByteDelayMs: 0,
  chunkBytes: 4_096,
  chunkDelayMs: 0,
  sampleRateHz: 22_050,
  tellsRate: true,
  answersAs: null,
};

export const noFaults = (): ServerFaults => ({ stt: { ...soundEars }, tts: { ...soundVoice } });

/** All of a change or, when it throws a ZodError, nothing of it; null puts back as it was. */
export function changeFaults(faults: ServerFaults, wish: unknown): ServerFaults {
  const { stt, tts } = change.parse(wish);
  if (stt !== undefined) Object.assign(faults.stt, stt ?? soundEars);
  if (tts !== undefined) Object.assign(faults.tts, tts ?? soundVoice);
  return faults;
}

/** The faults of one request: counts it, and spares it once the count is used up. */
export function faultsForNext<Faults extends TranscriptionFaults | SynthesisFaults>(faults: Faults): Faults {
  if (faults.failingRequests === null) return { ...faults };
  if (faults.failingRequests === 0) return { ...faults, silent: false, http: null, abortHalfway: false };
  faults.failingRequests -= 1;
  return { ...faults };
}
