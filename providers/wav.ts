/** WAV on the wire: takes a header off a stream of PCM, asked for or not, and makes one. */

export interface WavFormat {
  /** 1 = PCM. */
  encoding: number;
  channels: number;
  sampleRateHz: number;
  bitsPerSample: number;
}

const RIFF_HEAD_BYTES = 12;
const CHUNK_HEAD_BYTES = 8;
/** A header longer than this is no header. */
const LONGEST_HEADER_BYTES = 4_096;
/** ffmpeg writes 0xffffffff, others 0x7fffffff less the header. */
const UNKNOWN_SIZE = 0x7ff0_0000;

export class WavStripper {
  #held: Buffer = Buffer.alloc(0);
  #decided = false;
  #odd: Buffer = Buffer.alloc(0);
  /** What the header says is there; whatever follows it (a list of tags) is no sound. */
  #leftBytes = Infinity;
  format: WavFormat | null = null;

  /** The samples that are certain by now: whole ones only, a byte left over waits for its other half. */
  take(chunk: Buffer): Buffer {
    if (this.#decided) return this.#whole(chunk);
    this.#held = Buffer.concat([this.#held, chunk]);
    const dataAt = this.#dataAt();
    return dataAt === null ? Buffer.alloc(0) : this.#decide(dataAt);
  }

  /** What was too short to tell. */
  rest(): Buffer {
    return this.#decided ? Buffer.alloc(0) : this.#decide(0);
  }

  #decide(dataAt: number): Buffer {
    this.#decided = true;
    const samples = this.#held.subarray(dataAt);
    this.#held = Buffer.alloc(0);
    return this.#whole(samples);
  }

  /** Where the samples begin; 0 = no header; null = not known yet. */
  #dataAt(): number | null {
    const held = this.#held;
    if (!'RIFF'.startsWith(held.toString('latin1', 0, 4))) return 0;
    if (held.length < RIFF_HEAD_BYTES) return null;
    if (held.toString('latin1', 8, 12) !== 'WAVE') return 0;
    let at = RIFF_HEAD_BYTES;
    while (at + CHUNK_HEAD_BYTES <= held.length) {
      const id = held.toString('latin1', at, at + 4);
      const size = held.readUInt32LE(at + 4);
      at += CHUNK_HEAD_BYTES;
      if (id === 'data') {
        // Who streams does not know the size: nought, or the largest there is.
        if (size > 0 && size < UNKNOWN_SIZE) this.#leftBytes = size;
        return at;
      }
      if (id === 'fmt ' && held.length >= at + 16) this.format = formatAt(held, at);
      // Chunks are padded to even length.
      at += size + (size % 2);
    }
    return held.length > LONGEST_HEADER_BYTES ? 0 : null;
  }

  #whole(chunk: Buffer): Buffer {
    const samples = chunk.length > this.#leftBytes ? chunk.subarray(0, this.#leftBytes) : chunk;
    this.#leftBytes -= samples.length;
    const all = this.#odd.length === 0 ? samples : Buffer.concat([this.#odd, samples]);
    const even = all.length - (all.length % 2);
    this.#odd = all.subarray(even);
    return all.subarray(0, even);
  }
}

function formatAt(held: Buffer, at: number): WavFormat {
  return {
    encoding: held.readUInt16LE(at),
    channels: held.readUInt16LE(at + 2),
    sampleRateHz: held.readUInt32LE(at + 4),
    bitsPerSample: held.readUInt16LE(at + 14),
  };
}

const HEADER_BYTES = 44;

/** L16 mono as a file. */
export function wavFile(pcm: Buffer, sampleRateHz: number): Buffer {
  const file = Buffer.alloc(HEADER_BYTES + pcm.length);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(sampleRateHz, 24);
  file.writeUInt32LE(sampleRateHz * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(pcm.length, 40);
  pcm.copy(file, HEADER_BYTES);
  return file;
}
