/** Histories are kept as `<workflow>.<story>.<release>.json`; one that was recorded before stays. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { House } from '../workflow/house.ts';

const folder = path.resolve(import.meta.dirname, 'histories');
const release = process.argv[2] ?? 'v0.3';

export const record = (house: House, workflowId: string, name: string): Promise<void> =>
  recordHistory(house.client.getHandle(workflowId), name);

export async function recordHistory(handle: WorkflowHandle, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const { workflowId } = handle;
  const history = await handle.fetchHistory();
  const file = path.join(folder, `${name}.${release}.json`);
  const text = JSON.stringify({ workflowId, history: JSON.parse(historyToJSON(history)) as unknown }, null, 1);
  if (existsSync(file)) {
    process.stdout.write(`${file}: recorded before, and stays\n`);
    return;
  }
  // Stack traces name the folder of this checkout, which is nobody's business.
  await writeFile(file, `${text.replaceAll(path.resolve(folder, '../../..'), '/evercall')}\n`);
  process.stdout.write(`${file}: ${String(history.events?.length)} events\n`);
}
