import { defineConfig } from '@playwright/test';

/** What happens, and not when: two browsers may share the machine. `npm test` runs these beside each other. */
const JOURNEYS = [
  ...[
    'dev-server',
    'device-choice',
    'faults',
    'html-tools',
    'keyboard',
    'lifecycle',
    'old-browsers',
    'one-call',
    'parts',
  ],
  ...['playground', 'readme', 'releases', 'security', 'source-maps', 'text-mode', 'touch'],
].map((name) => `**/${name}.test.ts`);

export default defineConfig({
  testDir: 'test/e2e',
  // Conversations run in real time and are measured: a second browser beside them would disturb the figures.
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: 'list',
  projects: [
    { name: 'measured', testIgnore: JOURNEYS, outputDir: 'test-results/e2e' },
    { name: 'journeys', testMatch: JOURNEYS, fullyParallel: true, outputDir: 'test-results/journeys' },
  ],
});
