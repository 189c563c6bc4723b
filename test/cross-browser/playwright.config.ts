import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // Firefox's tab deadlocks now and then with PulseAudio, before anything of ours runs.
  retries: 1,
  timeout: 120_000,
  reporter: 'list',
  outputDir: '../../test-results/browsers',
});
