import { expect, test } from 'vitest';
import { benchSettings } from '../../bench/settings.ts';

test('[QT14] a comparison has two sides that differ in what was named', () => {
  expect(benchSettings(['--early', 'both', '--flag', 'vad_cutoff_timeout_ms=200']).sides).toEqual([
    { name: 'early_thinking=on', flags: { vad_cutoff_timeout_ms: 200, early_thinking: true }, env: {} },
    { name: 'early_thinking=off', flags: { vad_cutoff_timeout_ms: 200, early_thinking: false }, env: {} },
  ]);
  expect(benchSettings(['--pair', 'env:MEDIA_WORKERS=1,2']).sides).toEqual([
    { name: 'MEDIA_WORKERS=1', flags: {}, env: { MEDIA_WORKERS: '1' } },
    { name: 'MEDIA_WORKERS=2', flags: {}, env: { MEDIA_WORKERS: '2' } },
  ]);
});

test('[QT14] --max and --replay may stand alone', () => {
  expect(benchSettings(['--max', '--replay', '--calls', '1,50'])).toMatchObject({
    max: 200,
    replayTurns: 200,
    calls: [1, 50],
  });
  expect(benchSettings(['--max', '80'])).toMatchObject({ max: 80, replayTurns: null });
});

test('[QT14] other voices, noise and delays are those of the bench but for what is named', () => {
  const { around } = benchSettings(['--voices', 'f1,whisper', '--delays', 'firstTokenMs=800,interimEveryMs=0']);
  expect(around).toMatchObject({ voices: ['f1', 'whisper'], noise: 0 });
  expect(around.delays).toEqual({ ...benchSettings([]).around.delays, firstTokenMs: 800, interimEveryMs: 0 });
});

test.each([
  [['--calls', '0'], /--calls 0: whole numbers from 1/u],
  [['--calls', '1,many'], /--calls many/u],
  [['--scenario', 'shouting'], /no scenario "shouting"; there are talk/u],
  [['--early', 'perhaps'], /on, off or both/u],
  [['--pair', 'early_thinking=on'], /two values/u],
  [['--early', 'on', '--pair', 'early_thinking=on,off'], /give one/u],
  [['--flag', 'early_thinking=perhaps'], /no value for a switch/u],
  [['--env', 'NAME'], /write name=value/u],
  [['--delays', 'firstTokenMs'], /write name=value/u],
  [['--delays', 'settledInterimAfterMs=200'], /no delay "settledInterimAfterMs"; there are interimEveryMs/u],
  [['--delays', 'firstTokenMs=soon'], /whole numbers/u],
  [['--noise', 'much'], /--noise much/u],
  [['--unknown'], /--unknown/u],
])('[QT14] %j is refused with the reason', (args, reason) => {
  expect(() => benchSettings(args)).toThrow(reason);
});
