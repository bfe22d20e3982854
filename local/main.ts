/** `npm start`: everything on one machine. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { loadDotEnv } from './dot-env.ts';
import { endLeftovers } from './leftovers.ts';
import { isOrphaned } from './parent.mjs';
import { dataFolder, makePlan, sharedVariables, temporalAddress, withoutBlanks } from './plan.ts';
import { mongoProbe, temporalProbe } from './probes.ts';
import { describeProcesses } from './processes.ts';
import { Refusal } from './refusal.ts';
import { claimDataFolder } from './run-file.ts';
import { ensureSearchAttributes } from './search-attributes.ts';
import { Supervisor } from './supervisor.ts';
import { table, withoutPassword } from './table.ts';
import { say, tolerateClosedTerminal } from './terminal.ts';
import { untilTrue } from './waiting.ts';

const root = path.resolve(import.meta.dirname, '..');
/** Someone else's server should be there already; a moment is for one that is starting too. */
const FOREIGN_SERVER_MS = 15_000;

interface Ending {
  stop: (code: number) => Promise<void>;
  hasBegun: () => boolean;
}

async function start(): Promise<void> {
  const startedAtMs = Date.now();
  loadDotEnv(root);
  const env = { ...process.env };
  const { values } = parseArgs({
    options: { 'data-dir': { type: 'string' }, entries: { type: 'string' } },
    strict: true,
  });
  if (values['data-dir']) env['DATA_DIR'] = values['data-dir'];
  const dataDir = dataFolder(withoutBlanks(env), root);
  claimDataFolder(dataDir);
  // Before the ports are chosen: what is left of an earlier run would only push this one aside.
  endLeftovers(dataDir, say);
  const plan = await makePlan(env, { root, ...(values.entries ? { entryRoot: path.resolve(values.entries) } : {}) });
  for (const warning of plan.warnings) say(`NOTE  ${warning}`);

  const processes = await describeProcesses(plan, say);
  const supervisor = new Supervisor(plan, processes, say);
  const ending = endOnSignals(supervisor);
  try {
    await supervisor.startServers();
    await checkForeignServers(plan.env, { temporal: temporalAddress(plan), mongo: processes.mongoUri });
  } catch (error) {
    if (!ending.hasBegun()) say(`evercall: ${error instanceof Error ? error.message : String(error)}`);
    await ending.stop(1);
    return;
  }
  await supervisor.startApp().catch((error: unknown) => {
    if (ending.hasBegun()) return;
    say(`evercall: ${error instanceof Error ? error.message : String(error)} (still trying; logs in ${plan.logDir})`);
  });
  if (ending.hasBegun()) return;
  const secured = Boolean(sharedVariables(plan, processes.mongoUri)['API_KEYS']);
  const run = supervisor.runFile();
  process.stdout.write(
    `${table({ run, vendors: plan.vendors, origins: processes.origins, dataDir: plan.dataDir, secured })}\n`,
  );
  say(`Up after ${((Date.now() - startedAtMs) / 1000).toFixed(1)} s.`);
}

async function checkForeignServers(
  env: NodeJS.ProcessEnv,
  addresses: { temporal: string; mongo: string },
): Promise<void> {
  const namespace = env['TEMPORAL_NAMESPACE'] ?? 'default';
  if (env['TEMPORAL_ADDRESS']) {
    if (!(await untilTrue(temporalProbe(addresses.temporal, namespace), FOREIGN_SERVER_MS))) {
      throw new Refusal(
        `TEMPORAL_ADDRESS=${addresses.temporal} does not answer for the namespace "${namespace}": start that server, mend the address, or unset it.`,
      );
    }
    await ensureSearchAttributes(addresses.temporal, namespace);
  }
  if (env['MONGODB_URI'] && !(await untilTrue(mongoProbe(addresses.mongo), FOREIGN_SERVER_MS))) {
    throw new Refusal(
      `MONGODB_URI=${withoutPassword(addresses.mongo)} does not answer: start that server, mend the address, or unset it.`,
    );
  }
}

/** A second signal changes nothing: npm and the terminal both send one, and the end is bounded anyway. */
function endOnSignals(supervisor: Supervisor): Ending {
  let stopping: Promise<void> | undefined;
  const stop = (code: number): Promise<void> => {
    stopping ??= (async () => {
      if (code === 0) say('Ending …');
      await supervisor.stop(isOrphaned());
      process.exit(code);
    })();
    return stopping;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  return { stop, hasBegun: () => stopping !== undefined };
}

tolerateClosedTerminal();
try {
  await start();
} catch (error) {
  const isSentence = error instanceof Refusal || (error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS');
  say(
    `evercall: ${isSentence && error instanceof Error ? error.message : String(error instanceof Error ? error.stack : error)}`,
  );
  process.exit(1);
}
