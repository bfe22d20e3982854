/**
 * What a call costs a media host: `node tests/bench/media-cpu/run.ts --legs 1,10,25,50 --seconds 20`. One line of JSON a measurement.
 *   --against DIR   another checkout's host in turns with this one's     --rounds N   how often each
 *   --vad silero,loudness     --noise DBFS   the line's background (−65)     --prof DIR   a CPU profile of each host
 *   --warm S   before it is measured (10): compilers and caches come to rest     --node ARGS   for Node, with each host
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { PHONE_VOICE, synthesize } from '../../../sandbox/voice/espeak.ts';
import { callIn, framesOf, type Score } from './callers.ts';
import { startCheapGoogle } from './google.ts';
import type { HostSettings, HostUsage } from './host.ts';

const TOKEN_SECRET = 'a secret of the bench';
const RATE_HZ = 16_000;
/** The customer speaks, then listens: about a third of the time is the customer's, half the bot's. */
const LISTENS_MS = 7_000;

const { values } = parseArgs({
  options: {
    legs: { type: 'string', default: '1,10,25' },
    seconds: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '1' },
    vad: { type: 'string', default: 'silero' },
    noise: { type: 'string', default: '-65' },
    against: { type: 'string' },
    prof: { type: 'string' },
    node: { type: 'string', default: '' },
    warm: { type: 'string', default: '10' },
  },
});

const root = path.resolve(import.meta.dirname, '../../..');
const checkouts = [...(values.against === undefined ? [] : [values.against]), root];
const said = await synthesize('It is for Friday at seven in the evening, as you wished.', { language: 'en-US' });
const google = await startCheapGoogle(Buffer.from(said.buffer, said.byteOffset, said.byteLength));
const score = await compose(Number(values.noise));

for (let round = 0; round < Number(values.rounds); round += 1)
  for (const vad of values.vad.split(','))
    for (const legs of values.legs.split(',').map(Number))
      for (const checkout of checkouts) {
        const figures = await measure(checkout, { legs, vad: vad === 'loudness' ? 'loudness' : 'silero' });
        process.stdout.write(`${JSON.stringify(figures)}\n`);
      }
google.close();
process.exit(0);

async function measure(checkout: string, { legs, vad }: { legs: number; vad: HostSettings['vad'] }) {
  const child = startHost(checkout, { speechPort: google.port, tokenSecret: TOKEN_SECRET, vad });
  child.once('exit', (code) => {
    if (code !== 0) throw new Error(`the host of ${checkout} has ended with ${String(code)}`);
  });
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  await delay(1_000);
  const idle = await usageOf(child);
  const callers = await callIn({ port, tokenSecret: TOKEN_SECRET }, legs, score);
  await delay(Number(values.warm) * 1_000);
  const before = await usageOf(child);
  callers.heard();
  const messagesBefore = google.messages;
  const ownBefore = process.cpuUsage();
  const startedAtMs = performance.now();
  await delay(Number(values.seconds) * 1_000);
  const after = await usageOf(child);
  const own = process.cpuUsage(ownBefore);
  const callSeconds = (legs * (performance.now() - startedAtMs)) / 1_000;
  const heard = callers.heard();
  callers.hangUp();
  child.send('leave');
  await once(child, 'exit');
  const answers = heard.answersMs.toSorted((left, right) => left - right);
  return {
    host: path.relative(root, checkout) || '.',
    vad,
    legs,
    cpuMsACallSecond: rounded((after.cpuMs - before.cpuMs) / callSeconds),
    userMsACallSecond: rounded((after.userMs - before.userMs) / callSeconds),
    rssMb: rounded(after.rssMb),
    rssMbACall: rounded((after.rssMb - idle.rssMb) / legs),
    heapMb: rounded(after.heapMb),
    loopP99Ms: rounded(after.loopDelayP99Ms),
    loopMaxMs: rounded(after.loopDelayMaxMs),
    turns: after.turns - before.turns,
    framesOutACallSecond: rounded(heard.frames / callSeconds),
    messagesACallSecond: rounded((google.messages - messagesBefore) / callSeconds),
    gaps: heard.gapsMs.length,
    longestGapMs: Math.max(0, ...heard.gapsMs),
    answerP50Ms: Math.round(answers[Math.floor(answers.length * 0.5)] ?? 0),
    answerP95Ms: Math.round(answers[Math.floor(answers.length * 0.95)] ?? 0),
    driverCpu: rounded((own.user + own.system) / 1_000 / callSeconds),
  };
}

function startHost(checkout: string, settings: HostSettings): ChildProcess {
  const profile = values.prof === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.prof}`];
  const given = values.node.split(' ').filter((arg) => arg !== '');
  const script = path.join(checkout, 'tests/bench/media-cpu/host.ts');
  return fork(script, [JSON.stringify(settings)], {
    execArgv: [...profile, ...given],
    env: { ...process.env, METADATA_SERVER_DETECTION: 'none' },
  });
}

async function usageOf(child: ChildProcess): Promise<HostUsage> {
  child.send('usage');
  const [usage] = (await once(child, 'message')) as [HostUsage];
  return usage;
}

/** Some sentences with the line's noise under them. */
async function compose(noiseDbfs: number): Promise<Score> {
  const noise = 32_768 * 10 ** (noiseDbfs / 20) * Math.sqrt(3);
  const frames: Buffer[] = [];
  const endsAt = new Set<number>();
  for (const text of [
    'Hello, I would like to change my reservation for Friday, please.',
    'Yes, that is right. Could you make it eight o’clock?',
    'My name is Anna Petrova, and there will be four of us.',
  ]) {
    const spoken = await synthesize(text, { language: 'en-US', voice: PHONE_VOICE });
    const pcm = new Int16Array(spoken.length + (RATE_HZ * LISTENS_MS) / 1_000);
    let loudUntil = 0;
    for (let at = 0; at < pcm.length; at += 1) {
      const voice = spoken[at] ?? 0;
      if (Math.abs(voice) > 500) loudUntil = at;
      pcm[at] = Math.max(-32_768, Math.min(32_767, Math.round(voice + (Math.random() * 2 - 1) * noise)));
    }
    endsAt.add(frames.length + Math.floor(loudUntil / 320));
    frames.push(...framesOf(pcm));
  }
  return { frames, endsAt };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
