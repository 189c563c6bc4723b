import { defineConfig } from '@playwright/test';

/** Appearance, without audio. Nothing is measured in real time, so two browsers may share the machine. */
export default defineConfig({
  testDir: '.',
  workers: 2,
  fullyParallel: true,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  reporter: 'list',
  outputDir: '../../test-results/looks',
  projects: [
    { name: 'looks', grepInvert: /@variant/ },
    { name: 'look-variants', grep: /@variant/ },
  ],
  snapshotPathTemplate: '{testDir}/references/{arg}{ext}',
  // Other versions of Chromium render edges and text slightly differently.
  expect: { toHaveScreenshot: { maxDiffPixelRatio: 0.02, animations: 'disabled' } },
});
