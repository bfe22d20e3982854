import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The longest of their parts, a minute and more most of them: begun first, so that no part ends with one of them alone. */
const LONG = [
  'provider-trouble',
  'hard-times',
  'kills',
  'promises',
  'missed-calls',
  'campaign',
  'seeded',
  'many-promises',
  'reminders',
  'first-call',
  'own-speech',
  'opt-out',
  'traces',
  'transfer',
  'never-twice',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`));
      return at < 0 ? LONG.length : at;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}

/** For every kind of test; each kind has its folder and runs alone (`npm run test:unit`). */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Liveness alone: what passes passes as soon as it can, on a machine half as fast too.
    testTimeout: 90_000,
    hookTimeout: 240_000,
    fileParallelism: false,
    globalSetup: ['tests/kit/shared-system.ts'],
    // A test that has run out of its time leaves a request behind, which finds its connection closed: the test is told and tried again already.
    onUnhandledError: ({ message }) => message !== 'Channel has been shut down',
    sequence: { sequencer: LongestFirst },
  },
});
