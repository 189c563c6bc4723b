import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/wasm/**/*.test.ts'],
    // Signal processing is compared with slow reference mathematics.
    // The limits only mean that something never came: a busy machine may take ten times as long as an idle one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // With two processors, the default would be one worker.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
