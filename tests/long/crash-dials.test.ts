import { expect, test } from 'vitest';
import { crashDials } from '../kit/crash-dials.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';

const SEED = Number(process.env['CRASH_SEED'] ?? 200);
const MANY = Number(process.env['CRASHES'] ?? 200);
const system = systemForFile();

test(
  `[DI6] [PA3] two hundred dials by campaign, promise and API, each taken by the network as the worker dies: two hundred rings (CRASH_SEED=${SEED})`,
  { timeout: 7_200_000 },
  async () => {
    const tell = (line: string): void => void process.stdout.write(`${line}\n`);
    const result = await crashDials(system, { many: MANY, seed: SEED, newNumber, tell });
    process.stdout.write(`seed ${SEED}: ${JSON.stringify(result)}\n`);
    expect(result).toMatchObject({ dials: MANY, rings: MANY, wrong: [], crashes: MANY });
    expect(result.stillTalking).toBe(result.talks);
  },
);
