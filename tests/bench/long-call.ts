/** A call of very many turns on the time-skipping server, and how long its history takes to replay: what a call worker pays that takes it over. */
import { Worker } from '@temporalio/worker';
import { callWorkflowId } from '../../domain/ids.ts';
import { workflowBundle } from '../kit/workflow-bundle.ts';
import { House, jumpingClock } from '../workflow/house.ts';
import { historyCost, mean } from './history-cost.ts';

export interface LongCall {
  turns: number;
  /** One in so many turns has a tool. */
  toolEvery: number;
  events: number;
  bytes: number;
  eventsATurn: number;
  bytesATurn: number;
  /** One after another in a worker that is up: what a living worker pays that takes such a call over. */
  replay: { ms: number; cpuMs: number; withStartMs: number };
}

type History = Parameters<typeof Worker.runReplayHistory>[1];

const REPLAYS = 5;
const ANSWER =
  'Thank you, I have noted that. A colleague will look at the pipe tomorrow between eight and ten. Is there anything else?';
const UTTERANCE =
  'And could you please also tell the neighbours below, because the water has come through their ceiling?';

export async function replayLongCall({ turns = 200, toolEvery = 5 } = {}): Promise<LongCall> {
  const env = await jumpingClock();
  const house = await House.open(env);
  try {
    const { callId } = await house.ringIn();
    const { connectId } = await house.attach(callId, 'h1');
    const host = await house.host('h1');
    host.answer = ({ say, round, utterance }) => {
      if (say !== null) return { said: say };
      if (round > 0 || !utterance.startsWith('Number')) return { said: ANSWER };
      const updates = [{ field: 'order_number', value: utterance.slice(7) }];
      return {
        said: '',
        ended: 'awaiting_tools',
        toolCalls: [{ toolUseId: `t-${utterance.slice(7)}`, name: 'update_claim', arguments: { updates } }],
      };
    };
    for (let turn = 1; turn <= turns; turn += 1)
      await house.turn(callId, connectId, { utterance: turn % toolEvery === 0 ? `Number ${String(turn)}` : UTTERANCE });
    const workflowId = callWorkflowId(callId);
    const history = await house.client.getHandle(workflowId).fetchHistory();
    const cost = historyCost(history.events ?? []);
    return {
      turns,
      toolEvery,
      events: cost.events,
      bytes: cost.bytes,
      eventsATurn: mean(cost.turns.map((turn) => turn.events)),
      bytesATurn: mean(cost.turns.map((turn) => turn.bytes)),
      replay: await replayTime(workflowId, history),
    };
  } finally {
    await house.fresh();
    await house[Symbol.asyncDispose]();
    await env.teardown();
  }
}

interface Took {
  ms: number;
  cpuMs: number;
}

/** With the first replay the worker comes up and loads the workflows: what the others cost is the difference. */
async function replayTime(workflowId: string, history: History): Promise<LongCall['replay']> {
  const one = await replays(1, { workflowId, history });
  const more = await replays(1 + REPLAYS, { workflowId, history });
  const each = (part: keyof Took): number => Math.round((more[part] - one[part]) / REPLAYS);
  return { ms: each('ms'), cpuMs: each('cpuMs'), withStartMs: Math.round(one.ms) };
}

async function replays(times: number, recorded: { workflowId: string; history: History }): Promise<Took> {
  const workflows = await workflowBundle();
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  async function* again(): AsyncGenerator<{ workflowId: string; history: History }> {
    for (let replay = 0; replay < times; replay += 1) yield await Promise.resolve(recorded);
  }
  for await (const { error } of Worker.runReplayHistories({ workflowBundle: workflows }, again()))
    if (error !== undefined) throw error;
  const { user, system } = process.cpuUsage(before);
  return { ms: performance.now() - startedAtMs, cpuMs: (user + system) / 1_000 };
}

if (import.meta.main) process.stdout.write(`${JSON.stringify(await replayLongCall(), null, 2)}\n`);
