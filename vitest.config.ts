import { defineConfig } from 'vitest/config';

/** One project per kind of test, so that each runs alone (`npm run test:unit`) and all run in the order of cost. */
export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    globalSetup: ['tests/kit/shared-system.ts'],
  },
});
