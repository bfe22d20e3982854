/** Does the worker of this container poll its task queue? Run as `node cli/worker-health.ts calls`; ends with 0 when it does. */
import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';
import { pollersOf } from '../local/pollers.ts';

const CONNECT_MS = 5_000;

const queue = process.argv[2];
if (queue === undefined) throw new Error('which task queue?');
const connection = await Connection.connect({
  address: process.env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233',
  connectTimeout: CONNECT_MS,
});
const pollers = await pollersOf(connection, process.env['TEMPORAL_NAMESPACE'] ?? 'default', queue);
process.exit(pollers.some((identity) => identity.endsWith(`@${hostname()}`)) ? 0 : 1);
