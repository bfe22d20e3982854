/** Every border of `.dependency-cruiser.cjs` on a small tree: what must be refused is, what must pass does. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const CRUISER = path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
const SETTINGS = ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'];

/** `importer → imported`; `type` = imported by type only. */
type Import = [importer: string, imported: string, kind?: 'type'];

const REFUSED: Import[] = [
  ['domain/a1.ts', '../providers/llm.ts', 'type'],
  ['domain/a2.ts', 'luxon'],
  ['domain/a3.ts', 'node:crypto'],
  ['workflows/b1.ts', '../activities/turn.ts'],
  ['workflows/b2.ts', '../providers/llm.ts', 'type'],
  ['workflows/b3.ts', 'node:fs'],
  ['workflows/b4.ts', 'zod'],
  ['workflows/b5.ts', '@temporalio/client'],
  ['activities/c1.ts', '../providers/google/stt.ts'],
  ['activities/c2.ts', '../config/load.ts', 'type'],
  ['activities/c3.ts', '../workflows/call/workflow.ts'],
  ['media/d1.ts', '../providers/vonage/codec.ts'],
  ['media/d2.ts', '@temporalio/client'],
  ['media/d3.ts', '../workflows/call/messages.ts'],
  ['media/d4.ts', '../sandbox/main.ts'],
  ['media/d5.ts', '../local/main.ts'],
  ['media/d6.ts', 'vitest'],
  ['media/d7.ts', 'a-package-that-nobody-declared'],
  ['api/e1.ts', '../providers/vonage/codec.ts'],
  ['api/e2.ts', '../config/load.ts'],
  ['api/e3.ts', '../workers/calls.ts'],
  ['providers/f1.ts', './google/stt.ts'],
  ['providers/google/f2.ts', '../vonage/codec.ts', 'type'],
  ['providers/google/f3.ts', '../../media/session.ts', 'type'],
  ['sandbox/g1.ts', '../api/app.ts'],
  ['sandbox/g2.ts', '../providers/google/stt.ts'],
  ['workers/h1.ts', '../tests/kit/a.ts'],
  ['workers/h2.ts', '../workflows/call/workflow.ts'],
  ['cli/i1.ts', '../activities/turn.ts'],
  ['local/i2.ts', '../workers/calls.ts'],
  ['telemetry/k1.ts', '../media/session.ts', 'type'],
  ['config/k2.ts', '../providers/llm.ts', 'type'],
  ['domain/circle-a.ts', './circle-b.ts'],
];

const ALLOWED: Import[] = [
  ['domain/z1.ts', './ids.ts'],
  ['workflows/z2.ts', '../activities/turn.ts', 'type'],
  ['workflows/z3.ts', '@temporalio/workflow'],
  ['activities/z4.ts', '../workflows/call/messages.ts'],
  ['activities/z5.ts', '../workflows/call/workflow.ts', 'type'],
  ['activities/z6.ts', '@temporalio/activity'],
  ['activities/z7.ts', '../media/session.ts'],
  ['media/call-link.ts', '@temporalio/client'],
  ['media/z8.ts', '../workflows/call/messages.ts', 'type'],
  ['workers/z9.ts', '../providers/google/stt.ts'],
  ['workers/z10.ts', '../config/load.ts'],
  ['api/main.ts', '../providers/vonage/codec.ts'],
  ['sandbox/z11.ts', '../providers/rules/brain.ts'],
  ['sandbox/z12.ts', 'ws'],
  ['providers/google/z13.ts', '../llm.ts', 'type'],
  ['providers/google/z14.ts', '@google-cloud/speech'],
  ['tests/z15.ts', '../sandbox/main.ts'],
  ['tests/z16.ts', 'vitest'],
  ['local/z17.ts', '../domain/ids.ts'],
];

interface Cruise {
  summary: { violations: { from: string; rule: { name: string } }[] };
}

let tree: string;
let violations: Cruise['summary']['violations'];

function write(file: string, text: string): void {
  mkdirSync(path.join(tree, path.dirname(file)), { recursive: true });
  writeFileSync(path.join(tree, file), text);
}

beforeAll(() => {
  tree = mkdtempSync(path.join(tmpdir(), 'evercall-borders-'));
  symlinkSync(path.join(root, 'node_modules'), path.join(tree, 'node_modules'));
  for (const file of SETTINGS) copyFileSync(path.join(root, file), path.join(tree, file));
  const imports = [...REFUSED, ...ALLOWED];
  for (const [importer, imported] of imports) {
    if (imported.startsWith('.')) write(path.join(path.dirname(importer), imported), 'export const x = 1;\n');
  }
  for (const [importer, imported, kind] of imports) {
    write(
      importer,
      kind === 'type'
        ? `import type { x } from '${imported}';\nexport type Y = typeof x;\n`
        : `import * as m from '${imported}';\nexport const y = m;\n`,
    );
  }
  write('domain/circle-b.ts', `import { y } from './circle-a.ts';\nexport const x = y;\n`);
  const folders = [...new Set(imports.map(([importer]) => importer.split('/')[0] ?? ''))];
  violations = cruise(folders).summary.violations;
});

afterAll(() => {
  rmSync(tree, { recursive: true, force: true });
});

/** It ends with the number of violations as its exit code. */
function cruise(folders: string[]): Cruise {
  const args = [CRUISER, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  try {
    return JSON.parse(execFileSync(process.execPath, args, { cwd: tree, encoding: 'utf8', maxBuffer: 1e8 })) as Cruise;
  } catch (error) {
    return JSON.parse((error as { stdout: string }).stdout) as Cruise;
  }
}

const rulesBrokenBy = (importer: string): string[] =>
  violations.filter((one) => one.from === importer).map((one) => one.rule.name);

describe('who may import whom', () => {
  test.each(REFUSED)('[QT6] %s may not import %s', (importer) => {
    expect(rulesBrokenBy(importer)).not.toEqual([]);
  });

  test.each(ALLOWED)('[QT6] %s may import %s', (importer) => {
    expect(rulesBrokenBy(importer)).toEqual([]);
  });
});
