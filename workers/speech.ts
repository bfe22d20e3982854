/** The ears and the voice of a media host, as configured: one service, or several of which one stands in for another. */
import type { Config } from '../config/load.ts';
import type { SpeechService } from '../config/speech.ts';
import { Breaker } from '../media/breaker.ts';
import { failOverRecognizer } from '../media/ears-fail-over.ts';
import { observedRecognizer, observedSynthesizer, type Watch } from '../media/observed.ts';
import type { Pacer } from '../media/pacer.ts';
import { failOverSynthesizer } from '../media/voice-fail-over.ts';
import { createGoogleRecognizer } from '../providers/google/recognizer.ts';
import { createGoogleSynthesizer } from '../providers/google/synthesizer.ts';
import { createOpenAiRecognizer } from '../providers/openai-speech/recognizer.ts';
import { createOpenAiSynthesizer } from '../providers/openai-speech/synthesizer.ts';
import type { Recognizer } from '../providers/stt.ts';
import type { Synthesizer } from '../providers/tts.ts';
import type { Logger } from '../telemetry/log.ts';

/** With somebody else to ask, a single failure sends the next stream or sentence there; after this the first is tried again. */
const FIRST_PAUSE_MS = 2_000;

export interface Speech {
  recognizer: Recognizer;
  synthesizer: Synthesizer;
  close(): Promise<void>;
}

type Closable<Service> = Service & { close?: () => Promise<void> };

export function speechOf(config: Config, kit: { pacer: Pacer; log: Logger; watch: Watch }): Speech {
  const recognizers = config.speech.recognizers.map((name) => recognizerOf(name, config));
  const synthesizers = config.speech.synthesizers.map((name) => synthesizerOf(name, config));
  const { pacer, log, watch } = kit;
  const choosing = { breaker: new Breaker({ firstPauseMs: FIRST_PAUSE_MS }), pacer, log };
  const ears = recognizers.map((recognizer) => observedRecognizer(recognizer, watch));
  const voices = synthesizers.map((synthesizer) => observedSynthesizer(synthesizer, watch));
  const [only] = ears;
  return {
    // One alone is asked again and again, whatever it says.
    recognizer: only !== undefined && ears.length === 1 ? only : failOverRecognizer(ears, choosing),
    synthesizer: failOverSynthesizer(voices, choosing),
    close: async () => {
      await Promise.all([...recognizers, ...synthesizers].map(async (service) => service.close?.()));
    },
  };
}

function recognizerOf(name: SpeechService, config: Config): Closable<Recognizer> {
  switch (name) {
    case 'google':
      return createGoogleRecognizer(googleOptions(config));
    case 'google_second':
      return { ...createGoogleRecognizer(secondGoogle(config)), name };
    case 'openai': {
      const { openaiStt, openaiApiKey } = config.speech;
      if (openaiStt === null) throw new Error('stt is not configured');
      return createOpenAiRecognizer({ ...openaiStt, apiKey: openaiApiKey ?? undefined });
    }
  }
}

function synthesizerOf(name: SpeechService, config: Config): Closable<Synthesizer> {
  switch (name) {
    case 'google':
      return createGoogleSynthesizer({ ...googleOptions(config), voices: googleVoices(config) });
    case 'google_second':
      return { ...createGoogleSynthesizer({ ...secondGoogle(config), voices: googleVoices(config) }), name };
    case 'openai': {
      const { openaiTts, openaiApiKey } = config.speech;
      if (openaiTts === null) throw new Error('tts is not configured');
      return createOpenAiSynthesizer({ ...openaiTts, apiKey: openaiApiKey ?? undefined });
    }
  }
}

function googleOptions({ google }: Config) {
  return {
    speechUrl: google.speechUrl ?? undefined,
    ttsUrl: google.ttsUrl ?? undefined,
    credentialsFile: google.credentialsFile ?? undefined,
    projectId: google.projectId,
    location: google.location,
    model: google.recognitionModel ?? undefined,
  };
}

function secondGoogle(config: Config) {
  const { speechUrl, ttsUrl, location, recognitionModel } = config.google.second;
  const first = googleOptions(config);
  return {
    ...first,
    speechUrl: speechUrl ?? first.speechUrl,
    ttsUrl: ttsUrl ?? first.ttsUrl,
    location: location ?? first.location,
    ttsLocation: location ?? undefined,
    model: recognitionModel ?? first.model,
  };
}

/** By language; a server of one's own has its own names. */
function googleVoices({ languages }: Config): Record<string, string> {
  return Object.fromEntries(languages.flatMap(({ code, voice }) => (voice === null ? [] : [[code, voice]])));
}
