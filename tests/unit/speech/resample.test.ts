import { describe, expect, test } from 'vitest';
import { Resampler } from '../../../providers/resample.ts';
import { WavStripper, wavFile } from '../../../providers/wav.ts';

const LEG_HZ = 16_000;

function tone(hz: number, rateHz: number): Buffer {
  const pcm = Buffer.alloc(rateHz * 2);
  for (let at = 0; at < rateHz; at += 1)
    pcm.writeInt16LE(Math.round(10_000 * Math.sin((2 * Math.PI * hz * at) / rateHz)), at * 2);
  return pcm;
}

function resampled(pcm: Buffer, rateHz: number, pieceBytes = pcm.length): Buffer {
  const resampler = new Resampler(rateHz, LEG_HZ);
  const out: Buffer[] = [];
  for (let at = 0; at < pcm.length; at += pieceBytes) out.push(resampler.push(pcm.subarray(at, at + pieceBytes)));
  return Buffer.concat([...out, resampler.rest()]);
}

/** Without the edges, where the filter has not all it needs. */
function samples(pcm: Buffer): number[] {
  return Array.from({ length: pcm.length / 2 - 2_000 }, (_, at) => pcm.readInt16LE((at + 1_000) * 2));
}

describe('sound at another rate', () => {
  test.each([8_000, 22_050, 24_000, 44_100, 48_000])(
    '[ST118] from %i Hz every sample stands where it stood',
    (rateHz) => {
      for (const hz of [300, 1_000, 3_000]) {
        const sound = resampled(tone(hz, rateHz), rateHz);
        expect(sound.length).toBe(LEG_HZ * 2);
        const ideal = samples(tone(hz, LEG_HZ));
        expect(Math.max(...samples(sound).map((sample, at) => Math.abs(sample - (ideal[at] ?? 0))))).toBeLessThan(20);
      }
    },
  );

  test.each([22_050, 24_000, 44_100])(
    '[ST118] what lies above the leg’s band is gone at %i Hz, not folded into the voice',
    (rateHz) => {
      for (const hz of [8_700, 10_500]) {
        const loudest = Math.max(...samples(resampled(tone(hz, rateHz), rateHz)).map(Math.abs));
        // 60 dB below the tone.
        expect(loudest).toBeLessThan(10);
      }
    },
  );

  test('[ST118] the sound is the same however it was cut', () => {
    const whole = resampled(tone(1_000, 22_050), 22_050);
    for (const pieceBytes of [2, 334, 4_098])
      expect(resampled(tone(1_000, 22_050), 22_050, pieceBytes).equals(whole)).toBe(true);
  });
});

test('[ST50] what follows the samples in a file is no sound', () => {
  const pcm = tone(300, 8_000);
  const file = Buffer.concat([wavFile(pcm, 8_000), Buffer.from('LIST\x04\0\0\0tags', 'latin1')]);
  const stripper = new WavStripper();
  const out = [];
  for (let at = 0; at < file.length; at += 701) out.push(stripper.take(file.subarray(at, at + 701)));
  expect(Buffer.concat([...out, stripper.rest()]).equals(pcm)).toBe(true);
  expect(stripper.format).toMatchObject({ sampleRateHz: 8_000, channels: 1, bitsPerSample: 16 });
});
