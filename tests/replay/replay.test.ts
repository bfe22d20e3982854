import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, expect, test } from 'vitest';
import { workflowBundle } from '../kit/workflow-bundle.ts';

const folder = path.resolve(import.meta.dirname, 'histories');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

interface Recorded {
  workflowId: string;
  history: { events: Record<string, unknown>[] };
}

const read = (file: string): Recorded => JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as Recorded;

async function replay({ workflowId, history }: Recorded): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, historyFromJSON(history), workflowId);
}

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
});

test('[DU1] there are histories of each workflow', () => {
  const kinds = new Set(files.map((file) => file.split('.')[0]));
  expect([...kinds].sort()).toEqual(['call', 'callback', 'campaign', 'line', 'missed-calls', 'wrap-up']);
});

test.each(files)('[DU1] %s replays with the code as it stands', async (file) => {
  await replay(read(file));
});

test('[DU2] a history with another step in it is refused', async () => {
  const recorded = read(files.find((file) => file.startsWith('call.hardships')) ?? '');
  const text = JSON.stringify(recorded).replaceAll('"findDialled"', '"somethingElse"');
  expect(text).not.toBe(JSON.stringify(recorded));
  await expect(replay(JSON.parse(text) as Recorded)).rejects.toBeInstanceOf(DeterminismViolationError);
});
