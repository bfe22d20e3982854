/** What the lines of a running system know, asked of Temporal: some of it no door tells. */
import { Client, Connection } from '@temporalio/client';
import { asNumberKey, lineWorkflowId } from '../../domain/ids.ts';
import { lineView, type LineView } from '../../workflows/line/messages.ts';
import type { RunningSystem } from './system.ts';

/** Where no key hides the numbers. */
export async function lineOf(system: RunningSystem, number: string): Promise<LineView> {
  const connection = await Connection.connect({ address: system.run().temporalAddress });
  try {
    const line = new Client({ connection }).workflow.getHandle(lineWorkflowId(asNumberKey(number)));
    return await line.query(lineView);
  } finally {
    await connection.close();
  }
}
