/** Who hears and who speaks: the sections `speech`, `stt` and `tts`, and a second Google beside the first. */
import { z } from 'zod';

const SERVICES = ['google', 'google_second', 'openai'] as const;
export type SpeechService = (typeof SERVICES)[number];

/** One name, or several in the order in which they are preferred. */
const services = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z
    .array(z.enum(SERVICES))
    .min(1)
    .refine((names) => new Set(names).size === names.length, 'names a service twice')
    .default(['google']),
);

const address = z
  .string()
  .regex(/^https?:\/\//, 'must be an address like http://gpu-1:8000')
  .nullable()
  .default(null);

export const speechSections = {
  speech: z.strictObject({ recognizer: services, synthesizer: services }).prefault({}),
  /** Transcription by a server of one's own on OpenAI's wire. */
  stt: z
    .strictObject({
      /** With or without /v1; null = OPENAI_SPEECH_BASE_URL. */
      url: address,
      model: z.string().min(1).default('Systran/faster-whisper-small'),
      response_format: z.enum(['verbose_json', 'json']).default('verbose_json'),
      /** New sound between two questions about a growing utterance; 0 = only the whole is asked about. */
      interim_every_ms: z.number().int().min(0).max(10_000).default(700),
    })
    .prefault({}),
  /** Synthesis by such a server. */
  tts: z
    .strictObject({
      url: address,
      model: z.string().min(1).default('tts-1'),
      response_format: z.enum(['wav', 'pcm']).default('wav'),
      /** Of `pcm`, where the server does not say. */
      pcm_rate_hz: z.number().int().min(8_000).max(48_000).default(24_000),
      /** `en-GB`, `en` or `*` → the server's name of a voice. */
      voices: z.record(z.string(), z.string().min(1)).default({}),
    })
    .prefault({}),
} as const;

/** Under `google`: what differs from the first; an address is for tests and proxies. */
export const secondGoogle = z
  .strictObject({
    location: z.string().nullable().default(null),
    recognition_model: z.string().nullable().default(null),
    speech_url: z.string().nullable().default(null),
    tts_url: z.string().nullable().default(null),
  })
  .prefault({});

type Sections = { [Name in keyof typeof speechSections]: z.infer<(typeof speechSections)[Name]> };

export interface SpeechConfig {
  /** Preferred first. */
  recognizers: SpeechService[];
  synthesizers: SpeechService[];
  /** Null = nobody asks for it. */
  openaiStt: { url: string; model: string; responseFormat: 'verbose_json' | 'json'; interimEveryMs: number } | null;
  openaiTts: {
    url: string;
    model: string;
    responseFormat: 'wav' | 'pcm';
    pcmRateHz: number;
    voices: Record<string, string>;
  } | null;
  openaiApiKey: string | null;
}

export interface SpeechSecrets {
  /** For both, where the section names none. */
  baseUrl: string | null;
  apiKey: string | null;
}

export function speechFrom({ speech, stt, tts }: Sections, secrets: SpeechSecrets): SpeechConfig {
  const asked = (names: SpeechService[]): boolean => names.includes('openai');
  return {
    recognizers: speech.recognizer,
    synthesizers: speech.synthesizer,
    openaiStt: asked(speech.recognizer)
      ? {
          url: given('stt', stt.url ?? secrets.baseUrl),
          model: stt.model,
          responseFormat: stt.response_format,
          interimEveryMs: stt.interim_every_ms,
        }
      : null,
    openaiTts: asked(speech.synthesizer)
      ? {
          url: given('tts', tts.url ?? secrets.baseUrl),
          model: tts.model,
          responseFormat: tts.response_format,
          pcmRateHz: tts.pcm_rate_hz,
          voices: tts.voices,
        }
      : null,
    openaiApiKey: secrets.apiKey,
  };
}

function given(section: 'stt' | 'tts', url: string | null): string {
  if (url !== null) return url;
  const names = section === 'stt' ? 'speech.recognizer' : 'speech.synthesizer';
  throw new Error(
    `${section}.url is not set: ${names} names openai, and neither it nor OPENAI_SPEECH_BASE_URL says where that is`,
  );
}
