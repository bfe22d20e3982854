import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadConfig } from '../../../config/load.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'evercall-countries-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const loadedWith = (from: string, to: string): ReturnType<typeof loadConfig> => {
  const file = path.join(folder, 'config.yaml');
  writeFileSync(
    file,
    `dialing: { countries: { GB: { calling_hours: [{ days: [1], from: '${from}', to: '${to}' }] } } }\n`,
  );
  return loadConfig({ CONFIG_FILE: file, MEDIA_TOKEN_SECRET: 'x' });
};

test('[CH4] the configuration has a country’s hours', () => {
  expect(loadedWith('21:00', '24:00').dialing.hoursByCountry['GB']).toEqual([
    { days: [1], from: '21:00', to: '24:00' },
  ]);
});

test.each([
  ['22:00', '02:00'],
  ['09:00', '09:00'],
  ['09:00', '24:30'],
])('[CH5] hours from %s to %s are refused with the field named', (from, to) => {
  expect(() => loadedWith(from, to)).toThrow('dialing.countries.GB.calling_hours');
});
