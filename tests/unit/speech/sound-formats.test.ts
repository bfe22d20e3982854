import { expect, test } from 'vitest';
import {
  changeFaults,
  noFaults,
  recognitionFaultsForNext,
  resetFaults,
  synthesisFaultsForNext,
} from '../../../sandbox/speech/faults.ts';
import { IncomingSound } from '../../../sandbox/speech/incoming-sound.ts';
import { linear16, mulaw, samplesOfLinear16, samplesOfMulaw } from '../../../sandbox/speech/sound-formats.ts';

test('[SB61] mu-law keeps every loudness within a sixteenth, and silence silent', () => {
  const samples = Int16Array.from({ length: 400 }, (_, i) => Math.round(32_000 * Math.sin(i / 9) * (i / 400)));
  const back = samplesOfMulaw(mulaw(samples));
  for (const [i, sample] of samples.entries())
    expect(Math.abs((back[i] ?? 0) - sample)).toBeLessThanOrEqual(Math.abs(sample) / 16 + 8);
  expect([...samplesOfMulaw(mulaw(new Int16Array(3)))]).toEqual([0, 0, 0]);
  expect(mulaw(Int16Array.of(0))[0]).toBe(0xff);
});

test('[SB62] samples survive the wire bit by bit, and bytes in any pieces become frames of 20 ms', () => {
  const samples = Int16Array.from({ length: 1_000 }, (_, i) => ((i * 7_919) % 65_536) - 32_768);
  const bytes = linear16(samples);
  expect(samplesOfLinear16(bytes)).toEqual(samples);
  const incoming = new IncomingSound({ encoding: 'LINEAR16', sampleRateHz: 16_000 });
  const frames = [];
  for (let at = 0; at < bytes.length; at += 33) frames.push(...incoming.push(bytes.subarray(at, at + 33)));
  expect(frames.map((frame) => frame.length)).toEqual([320, 320, 320]);
  expect(Int16Array.from(frames.flatMap((frame) => [...frame]))).toEqual(samples.subarray(0, 960));
  const narrow = new IncomingSound({ encoding: 'MULAW', sampleRateHz: 8_000 });
  expect(narrow.push(Buffer.alloc(320, 0xff)).map((frame) => frame.length)).toEqual([320, 320]);
});

test('[SB63] faults are changed in part, checked, counted and taken back', () => {
  const faults = noFaults();
  changeFaults(faults, { stt: { unavailable: true, failingStreams: 2 }, tts: { silent: true, failingRequests: 1 } });
  expect([1, 2, 3].map(() => recognitionFaultsForNext(faults).unavailable)).toEqual([true, true, false]);
  expect([1, 2].map(() => synthesisFaultsForNext(faults).silent)).toEqual([true, false]);
  expect(() => changeFaults(faults, { stt: { interimEveryMs: 1, finalDelayMs: 5 } })).toThrow(/interimEveryMs/);
  expect(faults.stt.finalDelayMs).toBe(0);
  expect(JSON.parse(JSON.stringify(resetFaults(faults)))).toEqual(JSON.parse(JSON.stringify(noFaults())));
  Object.assign(faults, { stt: { finalDelayMs: 7 } });
  expect(faults.stt).toMatchObject({ finalDelayMs: 7, streamLimitMs: 305_000 });
  faults.stt.silent = true;
  Object.assign(faults, { stt: null });
  expect(faults.stt).toMatchObject({ finalDelayMs: 0, silent: false });
  expect(() => Object.assign(faults, { sst: {} })).toThrow(TypeError);
});
