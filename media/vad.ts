/** Is this sound speech? Silero v5 behind a gate by loudness; by loudness alone where the model cannot be loaded. */
import type { Logger } from '../telemetry/log.ts';
import { loadSilero } from './silero.ts';
import { rmsOfWindow, type VadModel } from './vad-window.ts';

export type { Vad, VadModel } from './vad-window.ts';

/** Without a model: −38 dBFS is speech on a telephone line, its background lies below −45. */
const SPEECH_RMS = 0.0125;
const QUIET = 0.1;

export async function loadVad(log: Logger): Promise<VadModel> {
  try {
    return await loadSilero();
  } catch (error) {
    log.warn(
      { err: error },
      'the voice activity model cannot be loaded: speech is told from silence by loudness alone',
    );
    return vadByLoudness;
  }
}

export const vadByLoudness: VadModel = { name: 'loudness', newEar: () => ({ next: loudness }) };

function loudness(window: Int16Array): number {
  const probability = Math.min(1, (0.5 * rmsOfWindow(window)) / SPEECH_RMS);
  return probability < QUIET ? 0 : probability;
}
