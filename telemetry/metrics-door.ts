/** `/metrics` of a process: as the api's, for this machine only, or with keys for whoever brings one. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isForwarding, isLoopback } from '../domain/this-machine.ts';
import type { Logger } from './log.ts';
import { METRICS_CONTENT_TYPE, type Metrics } from './metrics.ts';

export type ServeMetrics = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface MetricsAccess {
  apiKeys: readonly string[];
}

export function metricsHandler(metrics: Metrics, access: MetricsAccess): ServeMetrics {
  const keys = access.apiKeys.map(sha256);
  return async (request, response) => {
    const refusal = refusalOf(request, keys);
    if (refusal === null) response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE }).end(await metrics.page());
    else response.writeHead(refusal, { 'content-type': 'text/plain' }).end('metrics are not for you\n');
  };
}

/** For a process that has no HTTP server of its own. Metrics that cannot be served stop no work. */
export function openMetricsDoor(
  serve: ServeMetrics,
  place: MetricsAccess & { port: number },
  log: Logger,
): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://metrics');
    if (request.method !== 'GET' || pathname !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    serve(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'metrics could not be written');
      response.destroy();
    });
  });
  return new Promise((resolve) => {
    server.once('error', (error) => {
      log.error({ err: error, port: place.port }, 'metrics cannot be served');
      resolve(server);
    });
    server.unref().listen(place.port, place.apiKeys.length === 0 ? '127.0.0.1' : '0.0.0.0', () => {
      resolve(server);
    });
  });
}

function refusalOf({ headers }: IncomingMessage, keys: readonly Buffer[]): 401 | 403 | null {
  if (keys.length === 0) {
    const fromHere = isLoopback(headers.host ?? '') && !Object.keys(headers).some(isForwarding);
    return fromHere && headers.origin === undefined && headers['sec-fetch-site'] !== 'cross-site' ? null : 403;
  }
  const given = sha256(/^bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
  return keys.reduce((found, key) => timingSafeEqual(given, key) || found, false) ? null : 401;
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
