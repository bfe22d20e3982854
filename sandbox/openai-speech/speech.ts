/** `POST /v1/audio/speech` as openedai-speech, Kokoro-FastAPI and speaches do it; the voice decides the language. */
import { z } from 'zod';
import { linear16 } from '../speech/sound-formats.ts';
import { SPEECH_HZ, synthesizeWithWords } from '../voice/espeak.ts';
import { resample } from '../voice/resample.ts';
import type { SpokenRegister } from '../voice/spoken.ts';
import { HttpError } from '../http.ts';
import type { SynthesisFaults } from './faults.ts';
import { unprocessable } from './transcription.ts';

const requestSchema = z.looseObject({
  model: z.string().min(1),
  input: z.string(),
  voice: z.string().min(1),
  response_format: z.enum(['mp3', 'opus', 'aac', 'flac', 'wav', 'pcm']).default('mp3'),
  speed: z.number().min(0.25).max(4).default(1),
});

export type SpeechRequest = z.infer<typeof requestSchema>;

export interface Sound {
  contentType: string;
  bytes: Buffer;
}

/** OpenAI's names speak whatever language the text is in, as openedai-speech lets them. */
const ANY_LANGUAGE = ['alloy', 'echo', 'fable', 'onyx', 'nova', 'shimmer'];
/** `de_DE-thorsten-medium`. */
const PIPER = /^([a-z]{2}_[A-Z]{2})-\w+-(x_low|low|medium|high)$/;

export function readRequest(body: unknown): SpeechRequest {
  const parsed = requestSchema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw unprocessable(issue?.path.join('.') ?? '', issue?.message ?? 'invalid');
  }
  if (parsed.data.input.trim() === '') throw new HttpError(400, { error: { message: 'Empty Input', param: 'input' } });
  return parsed.data;
}

export async function speak(request: SpeechRequest, register: SpokenRegister, faults: SynthesisFaults): Promise<Sound> {
  const language = languageOf(request);
  const speech = await synthesizeWithWords(request.input, { language, rate: request.speed });
  register.register({ text: request.input, language, pcm: speech.pcm, words: speech.words, saidAtMs: Date.now() });
  const rate = faults.sampleRateHz;
  const samples = linear16(resample(speech.pcm, SPEECH_HZ, rate));
  if (faults.answersAs !== null) return { contentType: faults.answersAs, bytes: samples };
  switch (request.response_format) {
    case 'pcm':
      return { contentType: faults.tellsRate ? `audio/pcm;rate=${String(rate)}` : 'audio/pcm', bytes: samples };
    case 'wav':
      return { contentType: 'audio/wav', bytes: Buffer.concat([streamedHeader(rate), samples]) };
    default:
      throw new HttpError(400, { error: { message: `the stand-in has no encoder for ${request.response_format}` } });
  }
}

function languageOf({ voice, input }: SpeechRequest): string {
  const piper = PIPER.exec(voice)?.[1];
  if (piper !== undefined) return piper.replace('_', '-');
  if (!ANY_LANGUAGE.includes(voice))
    throw new HttpError(400, { detail: { error: 'validation_error', message: `Voice '${voice}' not found.` } });
  if (/[іїєґ]/i.test(input)) return 'uk-UA';
  return /\p{Script=Cyrillic}/u.test(input) ? 'ru-RU' : 'en-US';
}

/** As ffmpeg writes it into a pipe: sizes unknown, its own name in a list before the samples. */
function streamedHeader(sampleRateHz: number): Buffer {
  const header = Buffer.alloc(78);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(0xffff_ffff, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRateHz, 24);
  header.writeUInt32LE(sampleRateHz * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('LIST', 36, 'latin1');
  header.writeUInt32LE(26, 40);
  header.write('INFOISFT', 44, 'latin1');
  header.writeUInt32LE(14, 52);
  header.write('Lavf60.16.100', 56, 'latin1');
  header.write('data', 70, 'latin1');
  header.writeUInt32LE(0xffff_ffff, 74);
  return header;
}
