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

/** Gathers frames into messages of one size, so that a leg costs ten messages a second and none is too large. */
export class AudioMessages {
  readonly #messageBytes: number;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(sampleRateHz: number, messageMs: number) {
    const wanted = Math.round((sampleRateHz * messageMs) / 1000) * 2;
    this.#messageBytes = Math.max(2, Math.min(LARGEST_MESSAGE_BYTES, wanted));
  }

  /** The whole messages that this audio completes. */
  take(pcm: Buffer): Buffer[] {
    if (pcm.length === 0) return [];
    this.#held.push(pcm);
    this.#heldBytes += pcm.length;
    if (this.#heldBytes < this.#messageBytes) return [];
    const all = this.#release();
    const whole = all.length - (all.length % this.#messageBytes);
    const messages = [];
    for (let at = 0; at < whole; at += this.#messageBytes) messages.push(all.subarray(at, at + this.#messageBytes));
    if (whole < all.length) this.#held = [all.subarray(whole)];
    this.#heldBytes = all.length - whole;
    return messages;
  }

  /** What is left at the end. */
  rest(): Buffer[] {
    return this.#heldBytes === 0 ? [] : [this.#release()];
  }

  #release(): Buffer {
    const [only] = this.#held;
    const all = this.#held.length === 1 && only !== undefined ? only : Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    return all;
  }
}
