import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { completed, missingPlatforms, type Lock } from '../../../local/complete-lock.mjs';

const lock: Lock = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-linux-x64': '1.0.0', 'a-darwin-arm64': '1.0.0' } },
    'node_modules/a-linux-x64': { version: '1.0.0' },
    'node_modules/b': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: { 'a-linux-x64': '1.0.0', '@b/core-win32-x64-msvc': '2.0.0' },
    },
  },
};

test('[BT24] what is missing for other platforms is added with its version, system and processor', () => {
  const { packages } = completed(lock);
  expect(packages['node_modules/a-darwin-arm64']).toEqual({
    version: '1.0.0',
    optional: true,
    os: ['darwin'],
    cpu: ['arm64'],
  });
  expect(packages['node_modules/@b/core-win32-x64-msvc']).toMatchObject({ dev: true, os: ['win32'], cpu: ['x64'] });
  expect(missingPlatforms(completed(lock))).toEqual([]);
});

test('[BT24] the lock of this project is complete: npm ci refuses it otherwise (node local/complete-lock.mjs mends it)', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../../package-lock.json'), 'utf8');
  expect(missingPlatforms(JSON.parse(text) as Lock)).toEqual([]);
});
