/** What a new release makes of the workflows that it finds open. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';
import { replayed, type OpenHistory } from '../../workers/open-workflows.ts';
import { workflowBundle } from '../kit/workflow-bundle.ts';

const folder = path.resolve(import.meta.dirname, 'histories');
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => readFileSync(path.join(folder, name), 'utf8'));

async function* open(histories: string[]): AsyncGenerator<OpenHistory> {
  for (const text of histories) {
    const { workflowId, history } = JSON.parse(text) as { workflowId: string; history: unknown };
    yield { workflowId, history: historyFromJSON(history) };
  }
}

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
});

test('[DU3] all that go on with this code are passed over in silence', async () => {
  const verdict = await replayed(open(texts), { bundle: await workflowBundle(), untilMs: Infinity });
  expect(verdict).toEqual({ replayed: texts.length, refused: [], cutShort: false });
});

test('[DU3] one that would not go on is named, and the others are looked at all the same', async () => {
  const broken = texts.map((text) => text.replaceAll('"findDialled"', '"somethingElse"'));
  const changed = broken.filter((text, index) => text !== texts[index]);
  expect(changed.length).toBeGreaterThan(0);
  const ids = changed.map((text) => (JSON.parse(text) as { workflowId: string }).workflowId);
  const verdict = await replayed(open(broken), { bundle: await workflowBundle(), untilMs: Infinity });
  expect(verdict).toMatchObject({ replayed: texts.length, cutShort: false });
  expect(verdict.refused.map((each) => each.workflowId).sort()).toEqual(ids.sort());
  expect(verdict.refused[0]?.reason).toMatch(/determinism|activity/i);
});

test('[DU3] when the time is over the rest is left, and that is told', async () => {
  const verdict = await replayed(open(texts), { bundle: await workflowBundle(), untilMs: 0 });
  expect(verdict).toEqual({ replayed: 0, refused: [], cutShort: true });
});
