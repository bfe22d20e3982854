/** Any process dies in mid-call, and the call goes on. Real processes, real sockets, SIGKILL. */
import { describe, expect, test } from 'vitest';
import {
  goesOn,
  heardAgainAfterMs,
  mediaWorker,
  talkingCall,
  timesAsked,
  untilTheBotSpeaks,
} from '../kit/live-call.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemPool } from '../kit/system-for-tests.ts';

/** Its turn to have a system included. */
const LONG = { timeout: 400_000 };
/** A kill is felt by every call of its system. */
const { withSystem } = systemPool(2);

const tell = (line: string): void => void process.stdout.write(`${line}\n`);

describe.concurrent('killed in mid-call', LONG, () => {
  test('[RC1] [RC6] the media worker that owns the socket, while the bot speaks: the same call goes on', () =>
    withSystem(async (system) => {
      const number = newNumber();
      const call = await talkingCall(system, number);
      await untilTheBotSpeaks(system, number);
      const holder = await mediaWorker(system);
      const killedAtMs = Date.now();
      system.kill(holder);
      const afterMs = await heardAgainAfterMs(system, number, { sinceMs: killedAtMs, words: /sorry/i });
      tell(`the bot was heard again ${afterMs.toFixed(0)} ms after the kill`);
      const done = await goesOn(system, call);
      expect(timesAsked(done, /e-?mail address\?/i)).toBe(1);
      expect(timesAsked(done, /sorry/i)).toBeGreaterThanOrEqual(1);
    }));

  test('[RC6] both media workers at once: the same call goes on with a new one', () =>
    withSystem(async (system) => {
      const number = newNumber();
      const call = await talkingCall(system, number);
      await untilTheBotSpeaks(system, number);
      const killedAtMs = Date.now();
      for (const name of ['media-1', 'media-2']) system.kill(name);
      const afterMs = await heardAgainAfterMs(system, number, { sinceMs: killedAtMs, words: /sorry/i });
      tell(`the bot was heard again ${afterMs.toFixed(0)} ms after both kills`);
      await goesOn(system, call);
    }));

  test.each(['calls', 'api', 'temporal', 'mongo'])('[RC9] %s: the call goes on', (name) =>
    withSystem(async (system) => {
      const call = await talkingCall(system, newNumber());
      system.kill(name);
      const done = await goesOn(system, call);
      expect(timesAsked(done, /e-?mail address\?/i)).toBe(1);
    }),
  );
});
