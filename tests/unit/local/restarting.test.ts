import { describe, expect, test } from 'vitest';
import { importantPart } from '../../../local/log-lines.ts';
import { judgeDeath, type Death } from '../../../local/restarting.ts';

const crash: Death = { livedMs: 300, wasReady: false, signal: null };

function judgeInARow(deaths: Death[]): { delayMs: number; isLoop: boolean }[] {
  let quickDeaths = 0;
  return deaths.map((death) => {
    const verdict = judgeDeath(death, quickDeaths);
    quickDeaths = verdict.quickDeaths;
    return { delayMs: verdict.delayMs, isLoop: verdict.isLoop };
  });
}

describe('starting again what died', () => {
  test('[BT8] the first time at once, then ever slower, and from the third time on it is called a loop', () => {
    const verdicts = judgeInARow(Array.from({ length: 10 }, () => crash));
    expect(verdicts[0]).toEqual({ delayMs: 0, isLoop: false });
    expect(verdicts[2]?.isLoop).toBe(true);
    expect(verdicts.at(-1)?.delayMs).toBe(15_000);
    const delays = verdicts.map((verdict) => verdict.delayMs);
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
  });

  test('[BT8] a steady life forgives what was before', () => {
    const verdicts = judgeInARow([crash, crash, crash, { livedMs: 60_000, wasReady: true, signal: null }, crash]);
    expect(verdicts.slice(3)).toEqual([
      { delayMs: 0, isLoop: false },
      { delayMs: 0, isLoop: false },
    ]);
  });

  test('[BT8] killed from outside, however often, it is back at once', () => {
    const verdicts = judgeInARow(
      Array.from({ length: 6 }, () => ({ livedMs: 900, wasReady: true, signal: 'SIGKILL' as const })),
    );
    expect(verdicts.every((verdict) => verdict.delayMs === 0 && !verdict.isLoop)).toBe(true);
  });
});

describe('which log lines reach the terminal', () => {
  test.each([
    ['{"level":30,"msg":"turn committed"}', undefined],
    ['{"level":40,"msg":"webhook refused"}', 'webhook refused'],
    ['{"level":50,"msg":"write failed","err":{"message":"no server"}}', 'write failed: no server'],
    ['{"level":50,"msg":"call lost","pii":{"phone":"+447700900123"}}', 'call lost'],
    ['{"level":"ERROR","msg":"core"}', 'core'],
    ['plain words', undefined],
    ['{broken', undefined],
  ])('[BT9] %s', (line, expected) => {
    expect(importantPart(line)).toBe(expected);
  });
});
