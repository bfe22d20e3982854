/** 16-bit samples as they lie in bytes. Every machine that Node runs on keeps the low byte first, as the wire does. */

/** Looks at the bytes themselves where it can: valid as long as they are. */
export function samplesIn(bytes: Uint8Array): Int16Array {
  const count = bytes.length >> 1;
  if (bytes.byteOffset % 2 === 0) return new Int16Array(bytes.buffer, bytes.byteOffset, count);
  const samples = new Int16Array(count);
  new Uint8Array(samples.buffer).set(bytes.subarray(0, count * 2));
  return samples;
}

/** The same memory. */
export function bytesOf(samples: Int16Array): Buffer {
  return Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
}
