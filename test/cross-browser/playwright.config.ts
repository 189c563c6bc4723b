import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // No retries: firefox-page.ts handles Firefox's known deadlock before a test begins.
  retries: 0,
  timeout: 240_000,
  reporter: 'list',
  outputDir: '../../test-results/browsers',
});
