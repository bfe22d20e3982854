/** Telephone numbers for tests. The line remembers who called: a number that was used before, by another test or by an earlier try, has a past. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';

/** Below it are colleagues' numbers, in the configuration. */
const FIRST_BLOCK = 10;
const given: string[] = [];

/** Never given before: each file has a block of its own, and counts through it over all tries. */
export function newNumber(): string {
  const number = `${blockOfThisFile()}${String(given.length).padStart(3, '0')}`;
  given.push(number);
  return number;
}

/** Those that this file has used so far. */
export const numbersGiven = (): readonly string[] => [...given];

/** What all numbers of this file begin with. */
export function blockOfThisFile(): string {
  const file = expect.getState().testPath;
  if (file === undefined) throw new Error('only while tests run');
  const files = readdirSync(path.dirname(file)).filter((name) => name.endsWith('.test.ts'));
  return `+4477009${String(FIRST_BLOCK + files.sort().indexOf(path.basename(file)))}`;
}
