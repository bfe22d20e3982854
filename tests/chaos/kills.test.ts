/** Any process dies in mid-call, and the call goes on. Real processes, real sockets, SIGKILL. */
import { afterEach, expect, test } from 'vitest';
import {
  goesOn,
  heardAgainAfterMs,
  mediaWorker,
  talkingCall,
  timesAsked,
  untilTheBotSpeaks,
} from '../kit/live-call.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';

const system = systemForFile();
const heard: string[] = [];
afterEach(() => {
  for (const line of heard.splice(0)) process.stdout.write(`${line}\n`);
});

const LONG = { timeout: 150_000 };

test(
  '[RC1] [RC6] the media worker that owns the socket is killed while the bot speaks: the same call goes on',
  LONG,
  async () => {
    const number = newNumber();
    const call = await talkingCall(system, number);
    await untilTheBotSpeaks(system, number);
    const holder = await mediaWorker(system);
    const killedAtMs = Date.now();
    system.kill(holder);
    const afterMs = await heardAgainAfterMs(system, number, { sinceMs: killedAtMs, words: /sorry/i });
    heard.push(`the bot was heard again ${afterMs.toFixed(0)} ms after the kill`);
    const done = await goesOn(system, call);
    expect(timesAsked(done, /e-?mail address\?/i)).toBe(1);
    expect(timesAsked(done, /sorry/i)).toBeGreaterThanOrEqual(1);
  },
);

test('[RC6] both media workers are killed at once: the same call goes on with a new one', LONG, async () => {
  const number = newNumber();
  const call = await talkingCall(system, number);
  await untilTheBotSpeaks(system, number);
  const killedAtMs = Date.now();
  for (const name of ['media-1', 'media-2']) system.kill(name);
  const afterMs = await heardAgainAfterMs(system, number, { sinceMs: killedAtMs, words: /sorry/i });
  heard.push(`the bot was heard again ${afterMs.toFixed(0)} ms after both kills`);
  await goesOn(system, call);
});

test.each(['calls', 'api', 'temporal', 'mongo'])(
  '[RC9] %s is killed in mid-call: the call goes on',
  LONG,
  async (name) => {
    const call = await talkingCall(system, newNumber());
    system.kill(name);
    const done = await goesOn(system, call);
    expect(timesAsked(done, /e-?mail address\?/i)).toBe(1);
  },
);
