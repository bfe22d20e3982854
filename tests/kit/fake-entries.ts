/** Tiny programs in the places of the application's entries, to try the supervisor by itself. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Listens on the given ports; at its end writes down whether Temporal still answered. */
const program = (ports: string[]): string => `
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { appendFileSync } from 'node:fs';
for (const port of [${ports.map((name) => `process.env.${name}`).join(', ')}]) {
  createServer((_request, response) => response.end('ok')).listen(Number(port), '127.0.0.1');
}
const stay = setInterval(() => {}, 1000);
process.on('SIGTERM', () => {
  const note = (answer) => () => { appendFileSync(process.env.DATA_DIR + '/endings', answer + '\\n'); process.exit(0); };
  const [host, port] = process.env.TEMPORAL_ADDRESS.split(':');
  connect(Number(port), host).on('connect', note('temporal answered')).on('error', note('temporal was gone'));
});
`;

const PORTS: Readonly<Record<string, string[]>> = {
  'sandbox/main.ts': ['SANDBOX_HTTP_PORT', 'SANDBOX_GRPC_PORT'],
  'api/main.ts': ['PORT'],
  'workers/media.ts': ['MEDIA_PORT'],
  'workers/calls.ts': [],
  'workers/insights.ts': [],
};

export function writeFakeEntries(folder: string, other: Record<string, string> = {}): void {
  for (const [entry, ports] of Object.entries(PORTS)) {
    const file = path.join(folder, entry);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, other[entry] ?? program(ports));
  }
}
