/** Twenty dials whose giver dies before it hears that the network took them. */
import { expect, test } from 'vitest';
import { crashDials } from '../kit/crash-dials.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';

const SEED = Number(process.env['CRASH_SEED'] ?? 21);
const system = systemForFile();

test(
  `[DI6] [PA3] twenty dials by campaign, promise and API, each taken by the network as the worker dies: twenty rings (CRASH_SEED=${SEED})`,
  { timeout: 300_000 },
  async () => {
    const tell = (line: string): void => void process.stdout.write(`${line}\n`);
    const result = await crashDials(system, { many: 20, seed: SEED, newNumber, tell });
    expect(result).toMatchObject({ dials: 20, rings: 20, wrong: [], crashes: 20 });
    expect(result.stillTalking).toBe(result.talks);
  },
);
