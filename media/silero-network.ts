/**
 * Silero v5 for one window at a time: spectrum, four convolutions, one step of a memory, a verdict. Computed here and not by a general
 * runtime, whose own work is most of the time of so small a network: 0.15 ms of processor a window on a busy machine instead of 0.3 in
 * one run after another and 0.76 at the pace of calls; and the answer is there at once.
 */
import { MatrixKernel, type Block, type Matrix } from './matrix-kernel.ts';
import type { Weights } from './silero-weights.ts';
import { FREQUENCIES, spectra } from './spectrum.ts';
import { WINDOW_SAMPLES } from './vad-window.ts';

/** v5 wants the end of the window before in front of each; without it probabilities flutter. */
const CONTEXT_SAMPLES = 64;
const INPUT_SAMPLES = CONTEXT_SAMPLES + WINDOW_SAMPLES;
/** Behind the window comes its own end, mirrored. */
const MIRRORED_SAMPLES = 64;
const FRAME_STEP = 128;
const FRAMES = 4;
/** Frequencies, and room for them that vectors divide. */
const SPECTRUM = FREQUENCIES;
const SPECTRUM_ROOM = 132;
const TAPS = 3;
const MEMORY = 128;
const GATES = 4;

const LAYERS = [
  { name: 'encoder.0', from: SPECTRUM, room: SPECTRUM_ROOM, to: 128, moments: FRAMES, stride: 1, taps: [0, 1, 2] },
  { name: 'encoder.1', from: 128, room: 128, to: 64, moments: 4, stride: 2, taps: [0, 1, 2] },
  // Of so few moments some taps meet nothing but the silence around them.
  { name: 'encoder.2', from: 64, room: 64, to: 64, moments: 2, stride: 2, taps: [1, 2] },
  { name: 'encoder.3', from: 64, room: 64, to: 128, moments: 1, stride: 1, taps: [1] },
] as const;

interface Layer {
  matrix: Matrix;
  bias: Float32Array;
  /** A silent moment, what the layer before has found, a silent moment. */
  input: Block;
  room: number;
  stride: number;
  firstTap: number;
  /** Results. */
  moments: number;
}

/** What an ear remembers from window to window. */
export class SileroMemory {
  readonly context = new Float32Array(CONTEXT_SAMPLES);
  readonly hidden = new Float32Array(MEMORY);
  readonly cell = new Float32Array(MEMORY);
}

/** Weights 223,000, sound and results 5,000. */
const FLOATS = 240_000;

export class SileroNetwork {
  readonly #kernel = new MatrixKernel(FLOATS);
  readonly #samples = this.#kernel.block(INPUT_SAMPLES + MIRRORED_SAMPLES);
  readonly #found = this.#kernel.block(FRAMES * MEMORY);
  /** What the convolutions have found, and what was remembered. */
  readonly #moment = this.#kernel.block(2 * MEMORY);
  readonly #gates = this.#kernel.block(GATES * MEMORY);
  readonly #layers: readonly Layer[];
  readonly #recurrent: Matrix;
  readonly #gateBias: Float32Array;
  readonly #verdict: Float32Array;
  readonly #verdictBias: number;

  constructor(weights: Weights) {
    const kernel = this.#kernel;
    this.#layers = LAYERS.map((layer) => newLayer(kernel, weights, layer));
    const ofInput = weights('decoder.rnn.weight_ih', [GATES * MEMORY, MEMORY]);
    const ofMemory = weights('decoder.rnn.weight_hh', [GATES * MEMORY, MEMORY]);
    this.#recurrent = kernel.matrix({ rows: GATES * MEMORY, width: 2 * MEMORY }, (row, place) =>
      place < MEMORY ? (ofInput[row * MEMORY + place] ?? 0) : (ofMemory[row * MEMORY + place - MEMORY] ?? 0),
    );
    const other = weights('decoder.rnn.bias_hh', [GATES * MEMORY]);
    this.#gateBias = weights('decoder.rnn.bias_ih', [GATES * MEMORY]).map((one, row) => one + (other[row] ?? 0));
    this.#verdict = weights('decoder.decoder.2.weight', [1, MEMORY, 1]);
    this.#verdictBias = weights('decoder.decoder.2.bias', [1])[0] ?? 0;
  }

  /** Probability of speech in the window, samples in ±1. */
  judge(window: Float32Array, memory: SileroMemory): number {
    this.#listen(window, memory);
    this.#transform();
    for (const [index, layer] of this.#layers.entries()) this.#convolve(layer, this.#layers[index + 1]);
    this.#moment.floats.set(memory.hidden, MEMORY);
    this.#kernel.multiply(this.#recurrent, { sound: this.#moment, count: 1, step: 0 }, this.#gates);
    return this.#remember(memory);
  }

  /** Of a window that it is not asked about only its end matters, before the next. */
  pass(window: Float32Array, { context }: SileroMemory): void {
    context.set(window.subarray(WINDOW_SAMPLES - CONTEXT_SAMPLES));
  }

  #listen(window: Float32Array, memory: SileroMemory): void {
    const samples = this.#samples.floats;
    samples.set(memory.context);
    samples.set(window, CONTEXT_SAMPLES);
    for (let index = 0; index < MIRRORED_SAMPLES; index += 1)
      samples[INPUT_SAMPLES + index] = samples[INPUT_SAMPLES - 2 - index] ?? 0;
    this.pass(window, memory);
  }

  /** Loudness by frequency, of four moments, behind the silent one before them. */
  #transform(): void {
    const floats = this.#layers[0]?.input.floats;
    if (floats === undefined) return;
    for (let moment = 0; moment < FRAMES; moment += 2)
      spectra(this.#samples.floats, moment * FRAME_STEP, {
        floats,
        at: (moment + 1) * SPECTRUM_ROOM,
        room: SPECTRUM_ROOM,
      });
  }

  #convolve({ matrix, bias, input, room, stride, firstTap, moments }: Layer, next: Layer | undefined): void {
    const columns = { sound: input, from: firstTap * room, count: moments, step: stride * room };
    this.#kernel.multiply(matrix, columns, this.#found);
    const found = this.#found.floats;
    const to = next?.input.floats ?? this.#moment.floats;
    const from = next?.room ?? 0;
    const { length } = bias;
    for (let moment = 0; moment < moments * length; moment += length)
      for (let index = 0; index < length; index += 1) {
        const value = (found[moment + index] as number) + (bias[index] as number);
        to[from + moment + index] = value > 0 ? value : 0;
      }
  }

  /** One step of the memory, and what it says of the window. */
  #remember({ hidden, cell }: SileroMemory): number {
    const gates = this.#gates.floats;
    const bias = this.#gateBias;
    let score = this.#verdictBias;
    for (let index = 0; index < MEMORY; index += 1) {
      // No lists taken apart here: they were a third of all that a media host allocates.
      const open = index;
      const keep = open + MEMORY;
      const fresh = keep + MEMORY;
      const tell = fresh + MEMORY;
      const kept = sigmoid((gates[keep] as number) + (bias[keep] as number)) * (cell[index] as number);
      const news = tanh((gates[fresh] as number) + (bias[fresh] as number));
      const now = kept + sigmoid((gates[open] as number) + (bias[open] as number)) * news;
      const known = sigmoid((gates[tell] as number) + (bias[tell] as number)) * tanh(now);
      cell[index] = now;
      hidden[index] = known;
      if (known > 0) score += known * (this.#verdict[index] as number);
    }
    return sigmoid(score);
  }
}

function newLayer(
  kernel: MatrixKernel,
  weights: Weights,
  { name, from, room, to, moments, stride, taps }: (typeof LAYERS)[number],
): Layer {
  const given = weights(`${name}.reparam_conv.weight`, [to, from, TAPS]);
  const bias = weights(`${name}.reparam_conv.bias`, [to]);
  const matrix = kernel.matrix({ rows: to, width: taps.length * room }, (row, place) => {
    const [tap, channel] = [taps[Math.floor(place / room)] ?? 0, place % room];
    return channel < from ? (given[(row * from + channel) * TAPS + tap] ?? 0) : 0;
  });
  const results = Math.floor((moments - 1) / stride) + 1;
  return { matrix, bias, input: kernel.block((moments + 2) * room), room, stride, firstTap: taps[0], moments: results };
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
/** Half the time of Math.tanh. */
const tanh = (value: number): number => 2 / (1 + Math.exp(-2 * value)) - 1;
