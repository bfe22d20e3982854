/** Is it up? One probe for each kind of process. */
import { hostname } from 'node:os';
import { pollersOf } from './pollers.ts';
import { accepts } from './ports.ts';

const PROBE_MS = 1_000;

export function portProbe(port: number): () => Promise<boolean> {
  return () => accepts(port);
}

/** The port opens before the namespace can be worked with: workers started in between would fail. */
export function temporalProbe(address: string, namespace: string): () => Promise<boolean> {
  return async () => {
    const [host, port] = splitAddress(address);
    if (!(await accepts(port, host))) return false;
    const { Connection } = await import('@temporalio/client');
    try {
      const connection = await Connection.connect({ address, connectTimeout: PROBE_MS });
      try {
        await connection.withDeadline(Date.now() + PROBE_MS, () =>
          connection.workflowService.describeNamespace({ namespace }),
        );
        return true;
      } finally {
        await connection.close();
      }
    } catch {
      return false;
    }
  };
}

/** Up is a worker that takes work: its process may run and still be bundling its workflows, or wait for the server. */
export function pollerProbe(address: string, namespace: string, queue: string): (pid: number) => Promise<boolean> {
  return async (pid) => {
    const { Connection } = await import('@temporalio/client');
    try {
      const connection = await Connection.connect({ address, connectTimeout: PROBE_MS });
      try {
        return (await pollersOf(connection, namespace, queue)).includes(`${String(pid)}@${hostname()}`);
      } finally {
        await connection.close();
      }
    } catch {
      return false;
    }
  };
}

export function mongoProbe(uri: string): () => Promise<boolean> {
  return async () => {
    const { MongoClient } = await import('mongodb');
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: PROBE_MS, connectTimeoutMS: PROBE_MS });
    try {
      await client.db('admin').command({ ping: 1 });
      return true;
    } catch {
      return false;
    } finally {
      await client.close();
    }
  };
}

export function splitAddress(address: string): [host: string, port: number] {
  const at = address.lastIndexOf(':');
  if (at < 0) return [address, 7233];
  return [address.slice(0, at), Number(address.slice(at + 1))];
}
