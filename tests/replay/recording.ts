/** Histories are kept as `<workflow>.<story>.<release>.json`; one that was recorded before stays. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { House } from '../workflow/house.ts';

const folder = path.resolve(import.meta.dirname, 'histories');
const release = process.argv[2] ?? 'v0.3';

export async function record(house: House, workflowId: string, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const history = await house.client.getHandle(workflowId).fetchHistory();
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
