/** The workflows in one file, as the sandbox runs them: built once for each content, kept in the data folder. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import type { Logger } from '../telemetry/log.ts';

const root = path.resolve(import.meta.dirname, '..');
/** Everything that workflows may import. */
const SOURCES = ['workflows', 'domain'];
const NAME = /^workflows-([0-9a-f]{16})\.cjs(?:\.checked)?$/;

export async function workflowBundle(dataDir: string, log: Logger): Promise<{ codePath: string }> {
  const folder = path.resolve(dataDir, 'bundles');
  const codePath = path.join(folder, `workflows-${contentHash()}.cjs`);
  if (existsSync(codePath)) return { codePath };
  const startedAtMs = performance.now();
  const { code } = await bundleWorkflowCode({
    workflowsPath: path.join(root, 'workflows', 'index.ts'),
    workflowInterceptorModules: [path.join(root, 'workflows', 'tracing.ts')],
    logger: {
      log: () => undefined,
      trace: () => undefined,
      debug: () => undefined,
      info: () => undefined,
      warn: (message) => {
        log.warn(message);
      },
      error: (message) => {
        log.error(message);
      },
    },
  });
  await mkdir(folder, { recursive: true });
  await forgetOthers(folder, path.basename(codePath));
  // Whole or not at all: two processes may build at once.
  const draft = `${codePath}.${String(process.pid)}`;
  await writeFile(draft, code);
  await rename(draft, codePath);
  log.info({ codePath, tookMs: Math.round(performance.now() - startedAtMs) }, 'workflows bundled');
  return { codePath };
}

async function forgetOthers(folder: string, current: string): Promise<void> {
  const others = (await readdir(folder)).filter((name) => NAME.test(name) && name !== current);
  await Promise.all(others.map((name) => rm(path.join(folder, name), { force: true })));
}

/** Of the sources and of the SDK's version, with which a bundle must agree. */
function contentHash(): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const files = readdirSync(path.join(root, source), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(path.relative(root, file)).update(readFileSync(file));
  }
  hash.update(readFileSync(path.join(root, 'node_modules', '@temporalio', 'worker', 'package.json')));
  return hash.digest('hex').slice(0, 16);
}
