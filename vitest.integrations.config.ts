import { defineConfig } from 'vitest/config';

/** The suites `package` and `examples` of `npm run test:long`. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts', 'test/examples/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 3_000_000,
  },
});
