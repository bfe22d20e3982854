/** What the network itself plays into one leg: talk and stream, in the NCCO or by PUT. */
import { frames, type Frame } from './sound.ts';

export class Player {
  #playing: { pcm: Int16Array; loops: number; frames: Generator<Frame>; done: () => void } | undefined;

  /** `loops` 0 is endless. Resolves when it has been played, stopped or replaced. */
  play(pcm: Int16Array, loops: number, signal?: AbortSignal): Promise<void> {
    this.stop();
    if (pcm.length === 0 || signal?.aborted === true) return Promise.resolve();
    return new Promise((done) => {
      const playing = { pcm, loops, frames: frames(pcm), done };
      this.#playing = playing;
      signal?.addEventListener('abort', () => {
        if (this.#playing === playing) this.stop();
      });
    });
  }

  stop(): void {
    const { done } = this.#playing ?? {};
    this.#playing = undefined;
    done?.();
  }

  next(): Frame | undefined {
    const playing = this.#playing;
    if (playing === undefined) return undefined;
    const next = playing.frames.next();
    if (next.done !== true) return next.value;
    if (playing.loops === 1) {
      this.stop();
      return undefined;
    }
    playing.loops = Math.max(0, playing.loops - 1);
    playing.frames = frames(playing.pcm);
    return this.next();
  }
}
