import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { createDoor } from '../../media/door.ts';
import { MediaHost } from '../../media/host.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { metricsHandler, openMetricsDoor } from '../../telemetry/metrics-door.ts';
import { FakeLeg } from '../kit/fake-leg.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function opened(apiKeys: string[]): Promise<number> {
  const place = { port: 0, apiKeys };
  const server = await openMetricsDoor(metricsHandler(createMetrics(), place), place, pino({ enabled: false }));
  servers.push(server);
  return (server.address() as AddressInfo).port;
}

function asked(port: number, headers: Record<string, string> = {}, path = '/metrics') {
  return new Promise<{ status: number; text: string }>((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    })
      .on('error', reject)
      .end();
  });
}

test('[MT5] a worker serves its metrics, and nothing else', async () => {
  const port = await opened([]);
  const { status, text } = await asked(port);
  expect(status).toBe(200);
  expect(text).toContain('process_resident_memory_bytes');
  expect((await asked(port, {}, '/')).status).toBe(404);
});

test.each([
  ['another name for this machine', { host: 'evil.example' }],
  ['what was forwarded', { 'x-forwarded-for': '203.0.113.1' }],
  ['another site’s page', { origin: 'https://evil.example' }],
])('[MT5] without keys %s is refused', async (_, headers) => {
  expect((await asked(await opened([]), headers)).status).toBe(403);
});

test('[MT5] with keys, a key is asked for', async () => {
  const port = await opened(['k-1', 'k-2']);
  expect((await asked(port)).status).toBe(401);
  expect((await asked(port, { authorization: 'Bearer k-3' })).status).toBe(401);
  expect((await asked(port, { authorization: 'Bearer k-2' })).status).toBe(200);
});

test('[MT5] a media host serves its metrics at its own address', async () => {
  const host = new MediaHost(new FakeLeg().equipment);
  const door = createDoor(host, {
    tokenSecret: 'a secret',
    publicUrl: () => 'ws://127.0.0.1/media',
    metrics: metricsHandler(createMetrics(), { apiKeys: [] }),
  });
  servers.push(door);
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const { port } = door.address() as AddressInfo;
  expect((await asked(port)).text).toContain('process_cpu_seconds_total');
  expect((await asked(port, { host: 'evil.example' })).status).toBe(403);
});
