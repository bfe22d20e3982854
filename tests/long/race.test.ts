import { test } from 'vitest';
import { raceOn } from '../kit/call-race.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';

/** Calls at once on two cores with all their processes; fifty meet on the jumping clock in tests/workflow/races.test.ts. */
const MANY = Number(process.env['RACE'] ?? 20);
const system = systemForFile();

test(`[LN10] [LN2] ${MANY} call in while the same ${MANY} are dialled: each talks in one conversation, nobody is lost`, async () => {
  await raceOn(system, Array.from({ length: MANY }, newNumber));
}, 600_000);
