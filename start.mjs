// The door: installs what is missing, moves over to a Node that runs TypeScript, then hands on to the command asked for.
// Plain JavaScript on node: builtins, because it must run before anything is installed, on any Node from 20.3.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { installPackages } from './local/install.mjs';
import { helpText } from './local/help.mjs';
import { endWithParent, PARENT_PID_VARIABLE } from './local/parent.mjs';

const root = path.dirname(fileURLToPath(import.meta.url));
const OLDEST_TO_BOOTSTRAP = [20, 3];
/** The first release that strips types without a flag. */
const OLDEST_TO_RUN_TYPESCRIPT = [22, 18];

const commands = {
  start: './local/main.ts',
  test: './local/test-runner.ts',
  demo: './cli/demo.ts',
  doctor: './cli/doctor.ts',
  bench: './cli/bench.ts',
  evercall: './cli/evercall.ts',
};

function nodeIsAtLeast([major, minor]) {
  const [runningMajor, runningMinor] = process.versions.node.split('.').map(Number);
  return runningMajor > major || (runningMajor === major && runningMinor >= minor);
}

function bundledNode() {
  const program = process.platform === 'win32' ? 'node.exe' : 'node';
  const places = [
    path.join('node_modules', '.bin', program),
    path.join('node_modules', `node-${process.platform}-${process.arch}`, 'bin', program),
    // The name without "bin" is someone else's for Apple's processors.
    path.join('node_modules', `node-bin-${process.platform}-${process.arch}`, 'bin', program),
  ];
  return places.map((place) => path.join(root, place)).find((place) => existsSync(place));
}

/** Runs this same command under the bundled Node and ends as it ends. */
function moveToBundledNode() {
  const program = bundledNode();
  if (program === undefined) {
    fail(
      `Node ${process.versions.node} cannot run TypeScript and no newer one is packaged for ${process.platform}-${process.arch}: install Node 22.18 or later.`,
    );
  }
  const child = spawn(program, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [PARENT_PID_VARIABLE]: String(process.pid) },
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    fail(`The bundled Node could not be started: ${error.message}`);
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}

function fail(sentence) {
  process.stderr.write(`evercall: ${sentence}\n`);
  process.exit(1);
}

async function main() {
  const [first = 'start', ...rest] = process.argv.slice(2);
  const named = Object.hasOwn(commands, first);
  const name = named ? first : 'start';
  if (name === 'start' && process.argv.slice(2).some((word) => word === '--help' || word === '-h' || word === 'help')) {
    process.stdout.write(helpText);
    return;
  }
  if (!named && !first.startsWith('-')) fail(`there is no command "${first}". See: npm start -- --help`);
  if (!nodeIsAtLeast(OLDEST_TO_BOOTSTRAP))
    fail(`Node ${process.versions.node} is too old: install Node 20.3 or later.`);

  // The parent is watched from before the installation on: whoever ends npm means to end this too.
  endWithParent();
  await installPackages(root).catch((error) => fail(error.message));
  if (!nodeIsAtLeast(OLDEST_TO_RUN_TYPESCRIPT)) {
    moveToBundledNode();
    return;
  }
  const entry = path.join(root, commands[name]);
  if (!existsSync(entry)) fail(`the command "${name}" is not part of this release.`);
  process.argv = [process.argv[0], entry, ...(named ? rest : process.argv.slice(2))];
  await import(commands[name]);
}

await main();
