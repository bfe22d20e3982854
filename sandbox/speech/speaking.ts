/** What both synthesis methods share: the voice, the sound, the refusals. What is said is entered where the phones look it up. */
import { status } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import { SPEECH_HZ, synthesizeWithWords } from '../voice/espeak.ts';
import { resample } from '../voice/resample.ts';
import type { SpokenRegister } from '../voice/spoken.ts';
import type { SpeechFaults, SynthesisFaults } from './faults.ts';
import { linear16, mulaw } from './sound-formats.ts';
import { chooseVoice, type ChosenVoice, type VoiceRequest } from './voices.ts';

export interface SynthesisContext {
  botSpeech: SpokenRegister;
  faults: SpeechFaults;
  log: Logger | undefined;
}

export interface SpeakRequest {
  text: string;
  voice: ChosenVoice;
  encoding: string;
  sampleRateHz: number;
  speakingRate: number;
}

export class Unfit extends Error {
  readonly code: number;
  readonly details: string;

  constructor(code: number, details: string) {
    super(details);
    this.code = code;
    this.details = details;
  }
}

export const NATURAL_HZ = 24_000;
const LONGEST_TEXT_BYTES = 5_000;

/** Headerless sound in the encoding asked for; the words are registered at the moment they can be heard. */
export async function speak(request: SpeakRequest, context: SynthesisContext): Promise<Buffer> {
  if (Buffer.byteLength(request.text) > LONGEST_TEXT_BYTES)
    throw new Unfit(status.INVALID_ARGUMENT, 'Text is longer than the limit of 5000 bytes.');
  const rate = request.speakingRate === 0 ? 1 : request.speakingRate;
  if (rate < 0.25 || rate > 2) throw new Unfit(status.INVALID_ARGUMENT, 'speaking_rate must be between 0.25 and 2.0.');
  const hz = request.sampleRateHz === 0 ? NATURAL_HZ : request.sampleRateHz;
  if (hz < 8_000 || hz > 48_000)
    throw new Unfit(status.INVALID_ARGUMENT, 'sample_rate_hertz must be between 8000 and 48000.');
  if (!['PCM', 'LINEAR16', 'MULAW'].includes(request.encoding))
    throw new Unfit(status.INVALID_ARGUMENT, `Encoding ${request.encoding} is not spoken here.`);
  const { language, variant } = request.voice;
  const speech = await synthesizeWithWords(request.text, {
    language,
    rate,
    ...(variant === undefined ? {} : { voice: variant }),
  });
  context.botSpeech.register({
    text: request.text,
    language,
    pcm: speech.pcm,
    words: speech.words,
    saidAtMs: Date.now(),
  });
  const samples = resample(speech.pcm, SPEECH_HZ, hz);
  return request.encoding === 'MULAW' ? mulaw(samples) : linear16(samples);
}

export function voiceOf(asked: VoiceRequest | null): ChosenVoice {
  const voice = chooseVoice(asked ?? { languageCode: '', name: '' });
  if (typeof voice === 'string') throw new Unfit(status.INVALID_ARGUMENT, voice);
  return voice;
}

export function refuseByFault(faults: SynthesisFaults): void {
  if (faults.unavailable) throw new Unfit(status.UNAVAILABLE, 'The service is currently unavailable.');
  if (faults.resourceExhausted)
    throw new Unfit(status.RESOURCE_EXHAUSTED, "Quota exceeded for quota metric 'All requests' per minute.");
}

export function refusalFor(error: unknown, log: Logger | undefined): { code: number; details: string } {
  if (error instanceof Unfit) return { code: error.code, details: error.details };
  log?.error({ err: error }, 'synthesis failed');
  return { code: status.INTERNAL, details: error instanceof Error ? error.message : String(error) };
}
