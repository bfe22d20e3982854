import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A minute and more each: begun first, so that no part ends with one of them alone. */
const LONG = ['provider-trouble', 'hard-times', 'promises', 'missed-calls', 'own-speech', 'transfer', 'never-twice'];

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
    sequence: { sequencer: LongestFirst },
  },
});
