/** `npm run demo`: one call in, one call out, told as they happen; ends with the address of the report. */
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { loadDotEnv } from '../local/dot-env.ts';
import { dataFolder, withoutBlanks } from '../local/plan.ts';
import { runningSystem, type RunFile } from '../local/run-file.ts';
import { ask, watchCall, type CallSeen, type DemoDoors } from './demo-call.ts';

const root = path.resolve(import.meta.dirname, '..');
/** A first start may build a Temporal server, which takes minutes. */
const START_PATIENCE_MS = 15 * 60_000;
const STOP_PATIENCE_MS = 20_000;
const CALLER = '447700900123';
const CALLED = '447700900129';

const say = (line: string): void => console.log(line);

async function demo(): Promise<void> {
  loadDotEnv(root);
  const env = withoutBlanks(process.env);
  const dataDir = dataFolder(env, root);
  const running = runningSystem(dataDir);
  const started = running?.ready === true ? undefined : startSystem();
  try {
    const run = running?.ready === true ? running : await untilReady(dataDir, started);
    await bothCalls(doorsOf(run, env['API_KEYS']?.split(',')[0]));
  } finally {
    if (started !== undefined) {
      await stopSystem(started);
      say('To open the reports: npm start, with the same data folder.');
    }
  }
}

async function bothCalls(doors: DemoDoors): Promise<void> {
  say('\n── A customer calls in ─────────────────────────────────────────────');
  const inbound = await ask(doors.sandbox, 'POST', {
    path: '/control/calls',
    body: { from: CALLER, scenario: 'leak' },
  });
  const first = await watchCall(doors, { phoneCallId: String(inbound['id']), number: `+${CALLER}`, say });
  tellEnd(first);

  say('\n── The bot calls a customer ────────────────────────────────────────');
  await ask(doors.sandbox, 'POST', { path: '/control/phones', body: { number: CALLED, scenario: 'leak' } });
  const placed = await ask(doors.api, 'POST', { path: '/call', body: outboundCall() });
  const callId = String(placed['call_id']);
  say(`   POST /call → ${callId}`);
  const phoneCallId = await phoneCallOf(doors, CALLED);
  const second = await watchCall(doors, { phoneCallId, number: callId, say });
  tellEnd(second);

  say('\n── Reports ─────────────────────────────────────────────────────────');
  say(`   the call that came in:  ${first.reportUrl}`);
  say(`   the call that went out: ${second.reportUrl}`);
}

function outboundCall(): object {
  return {
    bot_company: 'Contoso Insurance',
    bot_name: 'Amelie',
    phone_number: `+${CALLED}`,
    task: 'Help the customer with the damage they reported. Gather what is needed, and set a reminder for what remains to be done.',
    claim: [
      { name: 'incident_description', type: 'text', description: 'What happened' },
      { name: 'incident_datetime', type: 'datetime', description: 'When it happened' },
    ],
  };
}

function tellEnd(seen: CallSeen): void {
  say(`   — ${seen.endedBecause}, after ${Math.round(seen.lastedMs / 1000)} s`);
  for (const error of seen.errors) say(`   ! ${error}`);
  if (seen.synthesis !== null) say(`   summary: ${seen.synthesis}`);
  if (seen.next !== null) say(`   next:    ${seen.next}`);
}

/** The phone that POST /call makes ring. */
async function phoneCallOf(doors: DemoDoors, number: string): Promise<string> {
  const beganAtMs = Date.now();
  for (;;) {
    const { calls } = (await ask(doors.sandbox, 'GET', { path: '/control/calls' })) as {
      calls: { id: string; number: string; startedAt: string }[];
    };
    const found = calls.findLast((call) => call.number === number && Date.parse(call.startedAt) > beganAtMs - 5_000);
    if (found !== undefined) return found.id;
    if (Date.now() - beganAtMs > 60_000) throw new Error('the phone did not ring within a minute');
    await pause(200);
  }
}

function doorsOf(run: RunFile, apiKey: string | undefined): DemoDoors {
  if (run.urls.sandbox === null || run.urls.softphone === null) {
    throw new Error(
      'the phone network here is a real one: the demo rings only the sandbox’s phones. Unset the VONAGE_ variables to see it.',
    );
  }
  const headers: Record<string, string> = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  return { api: { url: run.urls.api, headers }, sandbox: { url: run.urls.sandbox, headers: {} } };
}

function startSystem(): ChildProcess {
  say('Nothing runs yet: starting everything (npm start), and ending it after the demo.');
  return spawn(process.execPath, [path.join(root, 'start.mjs')], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

async function untilReady(dataDir: string, started: ChildProcess | undefined): Promise<RunFile> {
  const deadlineMs = Date.now() + START_PATIENCE_MS;
  while (Date.now() < deadlineMs) {
    const run = runningSystem(dataDir);
    if (run?.ready === true) return run;
    if (started?.exitCode != null) throw new Error(`npm start ended with ${started.exitCode}: see what it says above`);
    await pause(500);
  }
  throw new Error('the system did not become ready');
}

async function stopSystem(started: ChildProcess): Promise<void> {
  if (started.exitCode !== null) return;
  say('\nending what the demo has started…');
  const ended = new Promise((resolve) => started.once('exit', resolve));
  started.kill('SIGTERM');
  await Promise.race([ended, pause(STOP_PATIENCE_MS, undefined, { ref: false })]);
}

await demo().catch((error: unknown) => {
  console.error(`demo: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
