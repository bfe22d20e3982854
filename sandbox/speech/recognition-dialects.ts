/** Speech v1 and v2 on the wire: how each opens a stream, carries audio and tells what was heard. */
import { status } from '@grpc/grpc-js';
import type { Dialect, Refusal, StreamSettings } from './recognition-session.ts';
import type { Recognised } from './utterances.ts';

interface Duration {
  seconds: string | number;
  nanos: number;
}

interface VoiceActivityTimeout {
  speechStartTimeout: Duration | null;
  speechEndTimeout: Duration | null;
}

interface Decoding {
  encoding: string;
  sampleRateHertz: number;
  audioChannelCount: number;
}

interface PhraseSet {
  phrases: { value: string; boost: number }[];
}

export interface V2Request {
  recognizer: string;
  streamingRequest?: 'streamingConfig' | 'audio';
  audio?: Buffer;
  streamingConfig?: {
    config: {
      explicitDecodingConfig?: Decoding;
      languageCodes: string[];
      adaptation: { phraseSets: { inlinePhraseSet?: PhraseSet }[] } | null;
    } | null;
    streamingFeatures: {
      interimResults: boolean;
      enableVoiceActivityEvents: boolean;
      voiceActivityTimeout: VoiceActivityTimeout | null;
    } | null;
  };
}

export interface V1Request {
  streamingRequest?: 'streamingConfig' | 'audioContent';
  audioContent?: Buffer;
  streamingConfig?: {
    config: { encoding: string; sampleRateHertz: number; audioChannelCount: number; languageCode: string } | null;
    interimResults: boolean;
    enableVoiceActivityEvents: boolean;
    voiceActivityTimeout: VoiceActivityTimeout | null;
  };
}

const LARGEST_V2_AUDIO_BYTES = 15_360;
const LARGEST_V1_AUDIO_BYTES = 25_600;
const RECOGNIZER_NAME = /^projects\/[^/]+\/locations\/[^/]+\/recognizers\/[^/]+$/;

export const v2Dialect: Dialect<V2Request, object> = {
  settings(first) {
    if (first.streamingRequest !== 'streamingConfig')
      return invalid('Malformed request: the first message must contain a streaming_config.');
    if (!RECOGNIZER_NAME.test(first.recognizer))
      return invalid("Invalid resource field value in the request: 'recognizer'.");
    const { config, streamingFeatures } = first.streamingConfig ?? { config: null, streamingFeatures: null };
    if (config === null) return invalid('streaming_config.config must be set.');
    if (config.languageCodes.length === 0) return invalid('language_codes must not be empty.');
    const decoding = config.explicitDecodingConfig;
    if (decoding === undefined) return invalid('Audio without a header needs explicit_decoding_config.');
    const unfit = unfitDecoding(decoding) ?? unfitPhrases(config.adaptation?.phraseSets ?? []);
    return unfit ?? streamSettings(decoding, streamingFeatures);
  },
  audio: (later) => audioOf(later.audio, LARGEST_V2_AUDIO_BYTES),
  response: (told) => responseOf(told, { endOffset: 'resultEndOffset', eventOffset: 'speechEventOffset' }),
  timeoutResponse: null,
};

export const v1Dialect: Dialect<V1Request, object> = {
  settings(first) {
    const streaming = first.streamingConfig;
    if (first.streamingRequest !== 'streamingConfig' || streaming?.config == null) {
      return invalid('Malformed data with message type: the first message must contain a streaming_config.');
    }
    if (streaming.config.languageCode === '') return invalid('language_code must be set.');
    const unfit = unfitDecoding(streaming.config);
    return unfit ?? streamSettings(streaming.config, streaming);
  },
  audio: (later) => audioOf(later.audioContent, LARGEST_V1_AUDIO_BYTES),
  response: (told) => responseOf(told, { endOffset: 'resultEndTime', eventOffset: 'speechEventTime' }),
  timeoutResponse: { results: [], speechEventType: 'SPEECH_ACTIVITY_TIMEOUT' },
};

function streamSettings(
  decoding: Decoding,
  features: {
    interimResults: boolean;
    enableVoiceActivityEvents: boolean;
    voiceActivityTimeout: VoiceActivityTimeout | null;
  } | null,
): StreamSettings {
  return {
    sound: { encoding: decoding.encoding === 'MULAW' ? 'MULAW' : 'LINEAR16', sampleRateHz: decoding.sampleRateHertz },
    interimResults: features?.interimResults ?? false,
    voiceActivityEvents: features?.enableVoiceActivityEvents ?? false,
    speechStartTimeoutMs: milliseconds(features?.voiceActivityTimeout?.speechStartTimeout),
    speechEndTimeoutMs: milliseconds(features?.voiceActivityTimeout?.speechEndTimeout),
  };
}

function unfitDecoding(decoding: Decoding): Refusal | null {
  if (decoding.encoding !== 'LINEAR16' && decoding.encoding !== 'MULAW')
    return invalid(`Encoding ${decoding.encoding} is not understood here.`);
  if (decoding.sampleRateHertz % 50 !== 0) return invalid('sample_rate_hertz must be a multiple of 50 here.');
  if (decoding.sampleRateHertz < 8_000 || decoding.sampleRateHertz > 48_000)
    return invalid('sample_rate_hertz must be between 8000 and 48000.');
  if (decoding.audioChannelCount > 1) return invalid('Only one channel is understood here.');
  return null;
}

function unfitPhrases(sets: { inlinePhraseSet?: PhraseSet }[]): Refusal | null {
  const phrases = sets.flatMap((set) => set.inlinePhraseSet?.phrases ?? []);
  if (phrases.length > 5_000) return invalid('Too many phrases: at most 5000 in a request.');
  if (phrases.some((phrase) => phrase.value.length > 100)) return invalid('A phrase has at most 100 characters.');
  if (phrases.some((phrase) => phrase.boost < 0 || phrase.boost > 20))
    return invalid('boost must be above 0 and at most 20.');
  return null;
}

function audioOf(audio: Buffer | undefined, largestBytes: number): Buffer | Refusal {
  if (audio === undefined) return invalid('Malformed request: after the first message only audio may come.');
  if (audio.length > largestBytes)
    return invalid(`Audio chunk of ${audio.length} bytes exceeds the limit of ${largestBytes} bytes.`);
  return audio;
}

function responseOf(told: Recognised, names: { endOffset: string; eventOffset: string }): object {
  if (told.type === 'began' || told.type === 'ended') {
    const speechEventType = told.type === 'began' ? 'SPEECH_ACTIVITY_BEGIN' : 'SPEECH_ACTIVITY_END';
    return { results: [], speechEventType, [names.eventOffset]: duration(told.atMs) };
  }
  const result = {
    isFinal: told.type === 'final',
    stability: told.type === 'interim' ? told.stability : 0,
    [names.endOffset]: duration(told.atMs),
    // Google answers in small letters whatever was asked.
    languageCode: told.language.toLowerCase(),
    alternatives: [{ transcript: told.text, confidence: told.type === 'final' ? told.confidence : 0, words: [] }],
  };
  return { results: [result] };
}

function duration(ms: number): Duration {
  return { seconds: Math.floor(ms / 1000), nanos: Math.round(ms % 1000) * 1_000_000 };
}

function milliseconds(value: Duration | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value.seconds) * 1000 + value.nanos / 1e6;
}

function invalid(details: string): Refusal {
  return { code: status.INVALID_ARGUMENT, details };
}
