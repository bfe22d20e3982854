/** `/health`: is the process alive, and can calls be taken? Each part by name, in the shape that users of call-center-ai know. */
import { Hono } from 'hono';
import { inTime } from './in-time.ts';
import type { ApiPorts } from './ports.ts';

const PROBE_MS = 1_000;

export interface Check {
  id: string;
  status: 'ok' | 'fail';
  detail: string;
}

export async function checks(ports: ApiPorts): Promise<Check[]> {
  const { calls, store, media, settings } = ports;
  const probes = await Promise.all([
    check('temporal', async () => {
      await calls.ping(PROBE_MS);
      return 'answers';
    }),
    check('mongodb', async () => {
      await inTime('mongodb', PROBE_MS, store.ping());
      return 'answers';
    }),
    check('media', async () => {
      const hosts = (await inTime('media hosts', PROBE_MS, media.all())).filter((host) => !host.draining);
      if (hosts.length === 0) throw new Error('no media host answers');
      return hosts.map((host) => `${host.hostId} (${host.liveCalls} live)`).join(', ');
    }),
  ]);
  const vendors = settings.vendors.map(({ name, is, needed }): Check => ({
    id: name,
    status: is === 'absent' && needed ? 'fail' : 'ok',
    detail: is,
  }));
  return [...probes, ...vendors];
}

async function check(id: string, probe: () => Promise<string>): Promise<Check> {
  try {
    return { id, status: 'ok', detail: await probe() };
  } catch (error) {
    return { id, status: 'fail', detail: error instanceof Error ? error.message : String(error) };
  }
}

export function healthRoutes(ports: ApiPorts): Hono {
  const router = new Hono();
  router.get('/liveness', (context) => context.json({ status: 'ok' }));
  router.get('/readiness', async (context) => {
    const parts = await checks(ports);
    const ready = parts.every((part) => part.status === 'ok');
    return context.json({ status: ready ? 'ok' : 'fail', checks: parts }, ready ? 200 : 503);
  });
  return router;
}
