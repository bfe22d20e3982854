/** `POST /v1/audio/transcriptions` as faster-whisper's servers do it: a whole file in, its words out. */
import { resample } from '../voice/resample.ts';
import { recognise, type HeardWords } from '../voice/fingerprint.ts';
import type { SpokenRegister } from '../voice/spoken.ts';
import { samplesOfLinear16 } from '../speech/sound-formats.ts';
import { HttpError } from '../http.ts';
import type { TranscriptionFaults } from './faults.ts';

export interface TranscriptionRequest {
  model: string;
  language: string | null;
  prompt: string | null;
  responseFormat: string;
  temperature: string | null;
  /** Of sound, at 16 kHz. */
  ms: number;
}

const HEARING_HZ = 16_000;
const FORMATS = ['json', 'text', 'verbose_json', 'srt', 'vtt'];

/** FastAPI's refusal. */
export const unprocessable = (field: string, message: string): HttpError =>
  new HttpError(422, { detail: [{ type: 'value_error', loc: ['body', field], msg: message }] });

export async function readForm(form: FormData): Promise<{ request: TranscriptionRequest; pcm: Int16Array }> {
  const field = (name: string): string | null => {
    const value = form.get(name);
    return typeof value === 'string' && value !== '' ? value : null;
  };
  const file = form.get('file');
  if (file === null || typeof file === 'string') throw unprocessable('file', 'Field required');
  const model = field('model');
  if (model === null) throw unprocessable('model', 'Field required');
  const responseFormat = field('response_format') ?? 'json';
  if (!FORMATS.includes(responseFormat))
    throw unprocessable('response_format', `Input should be ${FORMATS.join(', ')}`);
  const language = field('language');
  if (language !== null && !/^[a-z]{2,3}$/.test(language))
    throw unprocessable('language', `'${language}' is not a valid language code`);
  const pcm = samplesOfWav(Buffer.from(await file.arrayBuffer()));
  const request = {
    model,
    language,
    prompt: field('prompt'),
    responseFormat,
    temperature: field('temperature'),
    ms: Math.round(pcm.length / 16),
  };
  return { request, pcm };
}

function samplesOfWav(file: Buffer): Int16Array {
  if (file.toString('latin1', 0, 4) !== 'RIFF' || file.length < 44)
    throw new HttpError(415, { detail: 'Failed to decode audio.' });
  const rate = file.readUInt32LE(24);
  if (file.readUInt16LE(20) !== 1 || file.readUInt16LE(22) !== 1 || file.readUInt16LE(34) !== 16)
    throw new HttpError(415, { detail: 'Failed to decode audio.' });
  return resample(samplesOfLinear16(file.subarray(44)), rate, HEARING_HZ);
}

export function transcribe(
  { request, pcm }: { request: TranscriptionRequest; pcm: Int16Array },
  register: SpokenRegister,
  faults: TranscriptionFaults,
): object {
  const words = recognise(pcm, register).filter((part): part is HeardWords => part.kind === 'words');
  const segments =
    words.length === 0
      ? [segment({ id: 0, text: faults.invents, fromMs: 0, untilMs: request.ms, score: 0.2, noSpeech: 0.93 })]
      : words.map((part, id) =>
          segment({
            id,
            text: ` ${part.text}`,
            fromMs: part.atMs,
            untilMs: part.untilMs,
            score: part.score,
            noSpeech: 0.01,
          }),
        );
  const text = segments
    .map((one) => one.text)
    .join('')
    .trim();
  if (request.responseFormat !== 'verbose_json' || faults.plain) return { text };
  return {
    task: 'transcribe',
    language: request.language ?? words[0]?.entry.language.split('-')[0] ?? 'en',
    duration: request.ms / 1_000,
    text,
    words: null,
    segments,
  };
}

interface SegmentSource {
  id: number;
  text: string;
  fromMs: number;
  untilMs: number;
  score: number;
  noSpeech: number;
}

function segment({ id, text, fromMs, untilMs, score, noSpeech }: SegmentSource) {
  return {
    id,
    seek: 0,
    start: fromMs / 1_000,
    end: untilMs / 1_000,
    text,
    tokens: [50_364],
    temperature: 0,
    avg_logprob: Math.log(Math.max(0.01, Math.min(0.99, score))),
    compression_ratio: 1.2,
    no_speech_prob: noSpeech,
  };
}
