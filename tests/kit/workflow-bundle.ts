/** The workflows as the calls worker runs them, built once for all test files and systems: three seconds of a core each otherwise. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkflowBundle } from '@temporalio/worker';
import { workflowBundle as buildOnce } from '../../workers/workflow-bundle.ts';
import { createLog } from '../../telemetry/log.ts';

const kept = path.resolve(import.meta.dirname, '../.work');
const log = createLog('tests', { level: 'error', showPersonalData: false });

let bundle: Promise<WorkflowBundle> | undefined;

/** Its text, not its place: when the sources change, the next to build removes the file. */
export function workflowBundle(): Promise<WorkflowBundle> {
  bundle ??= buildOnce(kept, log).then(async ({ codePath }) => ({ code: await readFile(codePath, 'utf8') }));
  return bundle;
}

/** Where a calls worker with that data folder looks before it builds. */
export async function bundleInto(dataDir: string): Promise<void> {
  const { codePath } = await buildOnce(kept, log);
  const folder = path.join(dataDir, 'bundles');
  mkdirSync(folder, { recursive: true });
  copyFileSync(codePath, path.join(folder, path.basename(codePath)));
}
