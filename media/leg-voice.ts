/** The voice of one leg, watched: a bot that nobody can hear must not go on talking. Words kept as sound play whatever has died. */
import { onFailedTry } from '../domain/speech-trouble.ts';
import type { Sentence, Voice } from './voice.ts';

/** `excuse`: a sentence is lost, and something that lies ready as sound explains the silence. `give_up`: nothing can be made into sound. */
export type OnVoiceTrouble = (trouble: 'excuse' | 'give_up') => void;

export function watchedVoice(voice: Voice, onTrouble: OnVoiceTrouble): Voice {
  let failedTries = 0;
  const failed = (): void => {
    failedTries += 1;
    const trouble = onFailedTry(failedTries);
    if (trouble !== null) onTrouble(trouble);
  };
  return {
    async *speak(sentence: Sentence, options: { keep: boolean; signal: AbortSignal }) {
      const kept = voice.isReady(sentence);
      let sounds = false;
      try {
        for await (const frames of voice.speak(sentence, options)) {
          sounds = true;
          if (!kept) failedTries = 0;
          yield frames;
        }
      } catch (error) {
        if (!sounds && !calledOff(options.signal)) failed();
        throw error;
      }
    },
    prepare: (sentence) => voice.prepare(sentence),
    isReady: (sentence) => voice.isReady(sentence),
  };
}

/** By an interruption; a sentence that came too late is aborted with an error of its own. */
function calledOff(signal: AbortSignal): boolean {
  return signal.aborted && (signal.reason as Error | undefined)?.name === 'AbortError';
}
