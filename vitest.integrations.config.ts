import { defineConfig } from 'vitest/config';

/** The slow suites: the packed tarball, and the examples. Each is a script of its own. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts', 'test/examples/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 3_000_000,
  },
});
