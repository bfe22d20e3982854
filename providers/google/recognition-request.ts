/** The first message of a recognition stream, and audio cut to messages that the service takes. */
import type { protos } from '@google-cloud/speech';
import type { RecognizerOptions } from '../stt.ts';
import { recognitionLanguage } from './voices.ts';

type StreamingRecognizeRequest = protos.google.cloud.speech.v2.IStreamingRecognizeRequest;

export interface RequestSettings {
  recognizer: string;
  model: string;
  automaticPunctuation: boolean;
}

// cloud_speech.proto, StreamingRecognizeRequest.audio: "must be 15 KB or less".
export const LARGEST_MESSAGE_BYTES = 15_360;
// Quotas page: 5,000 phrases a request, 100 characters a phrase.
const MOST_HINTS = 5_000;
const LONGEST_HINT = 100;
const HINT_BOOST = 10;

export function configMessage(asked: RecognizerOptions, settings: RequestSettings): StreamingRecognizeRequest {
  const phrases = [...new Set(asked.hints.map((hint) => hint.trim()))]
    .filter((hint) => hint !== '' && hint.length <= LONGEST_HINT)
    .slice(0, MOST_HINTS)
    .map((value) => ({ value, boost: HINT_BOOST }));
  return {
    recognizer: settings.recognizer,
    streamingConfig: {
      config: {
        explicitDecodingConfig: { encoding: 'LINEAR16', sampleRateHertz: asked.sampleRateHz, audioChannelCount: 1 },
        model: settings.model,
        languageCodes: [recognitionLanguage(asked.language)],
        features: { enableAutomaticPunctuation: settings.automaticPunctuation },
        ...(phrases.length === 0 ? {} : { adaptation: { phraseSets: [{ inlinePhraseSet: { phrases } }] } }),
      },
      // No voiceActivityTimeout: it would end the stream after every turn, and a call is one long stream.
      streamingFeatures: { interimResults: true, enableVoiceActivityEvents: true },
    },
  };
}

/** As it comes, but none too large: whoever hears knows what hurries, and a message costs the same however much is in it. */
export function audioMessages(pcm: Buffer): Buffer[] {
  if (pcm.length <= LARGEST_MESSAGE_BYTES) return pcm.length === 0 ? [] : [pcm];
  const messages = [];
  for (let at = 0; at < pcm.length; at += LARGEST_MESSAGE_BYTES)
    messages.push(pcm.subarray(at, at + LARGEST_MESSAGE_BYTES));
  return messages;
}

// cloud_speech.proto (v2), StreamingRecognizeRequest: `bytes audio = 5`; a field of bytes is its number and kind, its length, the bytes.
const AUDIO = (5 << 3) | 2;
const MORE = 0x80;

/** Fifteen a second on each call. */
export function audioInBytes({ audio }: StreamingRecognizeRequest): Buffer | null {
  if (!(audio instanceof Uint8Array)) return null;
  const length: number[] = [];
  let left = audio.length;
  for (; left >= MORE; left >>>= 7) length.push((left & (MORE - 1)) | MORE);
  const head = [AUDIO, ...length, left];
  const bytes = Buffer.allocUnsafe(head.length + audio.length);
  bytes.set(head);
  bytes.set(audio, head.length);
  return bytes;
}
