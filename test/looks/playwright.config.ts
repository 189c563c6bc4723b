import { defineConfig } from '@playwright/test';

/** How the element looks, without sound: nothing is measured in real time here, so two browsers may share the machine. */
export default defineConfig({
  testDir: '.',
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: 'list',
  outputDir: '../../test-results/looks',
  snapshotPathTemplate: '{testDir}/references/{arg}{ext}',
  // Another Chromium draws edges and letters a little differently.
  expect: { toHaveScreenshot: { maxDiffPixelRatio: 0.02, animations: 'disabled' } },
});
