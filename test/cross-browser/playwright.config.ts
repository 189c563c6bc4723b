import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: '.',
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  // Firefox’s tab deadlocks with PulseAudio, one start in four, before anything of ours runs.
  retries: 2,
  timeout: 120_000,
  reporter: 'list',
  outputDir: '../../test-results/browsers',
});
