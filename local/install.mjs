// Brings node_modules in line with package-lock.json. Plain JavaScript: it runs before anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const STAMP = 'node_modules/.evercall-installed';

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** npm leaves a list of what it installed; someone who ran `npm install` by hand need not wait for it again. */
export function installedMatches(lock, installed) {
  if (installed?.packages === undefined) return false;
  return Object.entries(lock.packages).every(([place, wanted]) => {
    const found = installed.packages[place];
    if (place === '' || wanted.link) return true;
    if (found === undefined) return Boolean(wanted.optional || wanted.peer || wanted.devOptional);
    return found.version === wanted.version;
  });
}

/** `undefined` when everything is there, otherwise what is wrong, in words. */
export function whatIsMissing(root) {
  const lockText = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
  const stampFile = path.join(root, STAMP);
  if (!existsSync(path.join(root, 'node_modules'))) return 'no packages are installed yet';
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sha256(lockText)) return undefined;
  const installed = readJson(path.join(root, 'node_modules', '.package-lock.json'));
  if (installedMatches(JSON.parse(lockText), installed)) {
    writeFileSync(stampFile, sha256(lockText));
    return undefined;
  }
  return 'package-lock.json has changed';
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** One installation at a time in one folder: `npm ci` begins by removing what another is filling. */
async function withInstallLock(root, work) {
  const lockFile = path.join(tmpdir(), `evercall-install-${sha256(root).slice(0, 16)}.lock`);
  let said = false;
  for (;;) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    // Just created and not yet written reads as 0: whoever it is, give it a moment.
    const holder = Number(existsSync(lockFile) ? readFileSync(lockFile, 'utf8') : 0);
    const ageMs = existsSync(lockFile) ? Date.now() - statSync(lockFile).mtimeMs : 0;
    if (holder > 0 ? !isAlive(holder) : ageMs > 5_000) rmSync(lockFile, { force: true });
    else if (!said) {
      process.stderr.write('evercall: another process is installing the packages; waiting for it\n');
      said = true;
    }
    await wait(300);
  }
  try {
    return await work();
  } finally {
    rmSync(lockFile, { force: true });
  }
}

function npmCommand() {
  const script = process.env.npm_execpath;
  if (script !== undefined && /npm-cli\.c?js$/.test(script) && existsSync(script)) return [process.execPath, script];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

function runNpm(root) {
  const [command, ...before] = npmCommand();
  const started = Date.now();
  return new Promise((resolve, reject) => {
    // Nothing downloaded may run code while it is being installed. Warnings are left out: on an old Node they are dozens of
    // packages asking for a newer one, and the bundled one is what they get.
    const child = spawn(command, [...before, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      // NODE_ENV=production or npm's omit settings would leave out what `npm test` and the bundled Node need.
      env: { ...process.env, NODE_ENV: '', npm_config_omit: '', npm_config_include: 'optional' },
    });
    const stop = () => child.kill('SIGTERM');
    process.once('SIGTERM', stop).once('SIGINT', stop);
    const ticker = setInterval(() => {
      process.stderr.write(`evercall: … still installing (${Math.round((Date.now() - started) / 1000)} s)\n`);
    }, 5_000);
    const settle = () => {
      clearInterval(ticker);
      process.off('SIGTERM', stop).off('SIGINT', stop);
    };
    child.on('error', (error) => {
      settle();
      reject(new Error(`npm could not be run (${error.message}): install Node.js with npm, then start again.`));
    });
    child.on('exit', (code, signal) => {
      settle();
      if (code === 0) resolve();
      else
        reject(
          new Error(
            `npm ci ended with ${signal ?? `code ${code}`}: read its lines above, mend that, then start again.`,
          ),
        );
    });
  });
}

export async function installPackages(root) {
  if (whatIsMissing(root) === undefined) return;
  await withInstallLock(root, async () => {
    const reason = whatIsMissing(root);
    if (reason === undefined) return;
    const lockText = readFileSync(path.join(root, 'package-lock.json'), 'utf8');
    const count = Object.keys(JSON.parse(lockText).packages).length - 1;
    process.stderr.write(`evercall: installing ${count} packages (${reason}); about a minute the first time\n`);
    await runNpm(root);
    mkdirSync(path.join(root, 'node_modules'), { recursive: true });
    writeFileSync(path.join(root, STAMP), sha256(lockText));
  });
}
