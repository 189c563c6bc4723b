import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test/e2e',
  // Nothing is judged by time: browsers may share the machine. Most of a call is waiting for sound to be played.
  workers: Number(process.env['E2E_WORKERS'] ?? 3),
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 180_000,
  // Generous: it only means that something never came.
  expect: { timeout: 30_000 },
  reporter: 'list',
  outputDir: 'test-results/e2e',
  projects: [
    { name: 'e2e', grepInvert: /@long|@variant/ },
    // `npm run test:long`: further rows of tables, and what takes long.
    { name: 'variants', grep: /@variant/ },
    { name: 'long', grep: /@long/ },
  ],
});
