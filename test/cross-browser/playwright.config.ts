import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // Firefox’s known deadlock is dealt with before a test begins; see firefox-page.ts.
  retries: 0,
  timeout: 240_000,
  reporter: 'list',
  outputDir: '../../test-results/browsers',
});
