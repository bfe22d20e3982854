/** The sandbox as a process: settings from the environment, the stand-ins, one door for HTTP, one for gRPC. */
import { pino } from 'pino';
import { startSandbox } from './sandbox.ts';
import { settingsFrom } from './settings.ts';

const log = pino({ name: 'sandbox', level: process.env['LOG_LEVEL'] ?? 'info' });
const sandbox = await startSandbox(settingsFrom(process.env), log);
log.info({ http: sandbox.httpPort, grpc: sandbox.grpcPort }, 'sandbox is up');

let closing = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (closing) process.exit(1);
    closing = true;
    void sandbox.close().then(() => process.exit(0));
  });
}
