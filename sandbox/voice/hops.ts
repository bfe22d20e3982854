/** A stream of sound in steps of 20 ms, each with the window of 32 ms that begins there. What is dear to know of a step is found out when asked for. */
import { BANDS, isVoiced, shapeInto, WINDOW_SAMPLES } from './spectrum.ts';

export const HOP_SAMPLES = 320;
/** Two seconds; a full one is left to the hops that still look at it. */
const STORE_SAMPLES = 100 * HOP_SAMPLES;

/** 20 ms of the stream. */
export class Hop {
  readonly index: number;
  readonly window: Int16Array;
  readonly voiced: boolean;
  #code: number | undefined;
  #shape: Float32Array | undefined;

  constructor(index: number, window: Int16Array) {
    this.index = index;
    this.window = window;
    this.voiced = isVoiced(window);
  }

  /** -1 when it is silent. */
  get code(): number {
    if (this.#code === undefined) this.#look();
    return this.#code ?? -1;
  }

  get shape(): Float32Array {
    if (this.#shape === undefined) this.#look();
    return this.#shape ?? noShape;
  }

  #look(): void {
    this.#shape = this.voiced ? new Float32Array(BANDS) : noShape;
    this.#code = this.voiced ? shapeInto(this.window, this.#shape) : -1;
  }
}

const noShape = new Float32Array(BANDS);

export class HopStream {
  #store = new Int16Array(STORE_SAMPLES);
  #from = 0;
  #end = 0;
  #count = 0;

  /** The hops that this sound completes. */
  push(pcm: Int16Array): Hop[] {
    const hops: Hop[] = [];
    for (let at = 0; at < pcm.length; at += HOP_SAMPLES) {
      this.#append(pcm.length <= HOP_SAMPLES ? pcm : pcm.subarray(at, at + HOP_SAMPLES));
      while (this.#end - this.#from >= WINDOW_SAMPLES) {
        hops.push(new Hop(this.#count, this.#store.subarray(this.#from, this.#from + WINDOW_SAMPLES)));
        this.#count += 1;
        this.#from += HOP_SAMPLES;
      }
    }
    return hops;
  }

  #append(pcm: Int16Array): void {
    if (this.#end + pcm.length > STORE_SAMPLES) {
      const left = this.#store.subarray(this.#from, this.#end);
      this.#store = new Int16Array(STORE_SAMPLES);
      this.#store.set(left);
      this.#from = 0;
      this.#end = left.length;
    }
    this.#store.set(pcm, this.#end);
    this.#end += pcm.length;
  }

  get count(): number {
    return this.#count;
  }
}
