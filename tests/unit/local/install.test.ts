import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { whatIsMissing } from '../../../local/install.mjs';

const lock = (version: string): string =>
  JSON.stringify({
    packages: {
      '': {},
      'node_modules/a': { version },
      'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
    },
  });

describe('are the packages there?', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'evercall-install-'));
    onTestFinished(() => {
      rmSync(root, { recursive: true });
    });
    writeFileSync(path.join(root, 'package-lock.json'), lock('1.0.0'));
  });

  function installed(version: string): void {
    mkdirSync(path.join(root, 'node_modules'), { recursive: true });
    const packages = { 'node_modules/a': { version } };
    writeFileSync(path.join(root, 'node_modules', '.package-lock.json'), JSON.stringify({ packages }));
  }

  test('[BT14] a fresh checkout has none', () => {
    expect(whatIsMissing(root)).toMatch(/no packages/);
  });

  test('[BT14] what someone installed by hand counts', () => {
    installed('1.0.0');
    expect(whatIsMissing(root)).toBeUndefined();
  });

  test('[BT14] a changed lock asks for an installation, until it was installed', () => {
    installed('1.0.0');
    expect(whatIsMissing(root)).toBeUndefined();
    writeFileSync(path.join(root, 'package-lock.json'), lock('1.1.0'));
    expect(whatIsMissing(root)).toMatch(/has changed/);
    installed('1.1.0');
    expect(whatIsMissing(root)).toBeUndefined();
  });

  test('[BT14] an installation that was broken off counts as none', () => {
    mkdirSync(path.join(root, 'node_modules'));
    expect(whatIsMissing(root)).toMatch(/has changed/);
  });
});
