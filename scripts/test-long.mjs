/**
 * `npm run test:long`: what takes longer than a developer waits. Properties many times over, pages that close by the dozen,
 * a call of minutes with cuts, Firefox and WebKit, the packed tarball, the examples. `-- --only soak,package` runs some of
 * it. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { bootstrap } from './bootstrap.mjs';
import { runCommand, runTypeScript } from './run-command.mjs';
import { check, chosenStages, runPlaywright, runStages, runVitest, runWebTestRunner } from './suites.mjs';

/** Debian's packages of the browsers, by the program that each brings. */
const BROWSERS = {
  'firefox-esr': 'firefox-esr',
  pulseaudio: 'pulseaudio',
  WebKitWebDriver: 'webkit2gtk-driver',
  Xvfb: 'xvfb',
};
const INTEGRATIONS = ['--config=vitest.integrations.config.ts'];
/** `npm run test:examples -- wordpress` */
const { positionals: filters } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
/** Mostly real time. `SOAK_MINUTES=2` is a quick look. */
const SOAK_MINUTES = process.env['SOAK_MINUTES'] ?? '20';

const STAGES = [
  [
    {
      name: 'properties',
      run: () =>
        runVitest(
          'properties.json',
          ['session-property', 'call-property', 'replies', 'unheard-sound', 'playback-random'],
          { PROPERTY_FACTOR: '10' },
        ),
    },
  ],
  [{ name: 'long', run: () => runPlaywright('long.json', ['--project=long']) }],
  [
    {
      name: 'soak',
      run: () =>
        check(
          async () => (await runTypeScript('test/bench/soak/soak.ts', ['--minutes', SOAK_MINUTES])) === 0,
        ),
    },
    { name: 'package', run: () => runVitest('package.json', [...INTEGRATIONS, 'test/package/', ...filters]) },
  ],
  [
    {
      name: 'components',
      run: () =>
        withBrowsers(() =>
          runWebTestRunner('components.json', 'test/cross-browser/web-test-runner.config.mjs'),
        ),
    },
  ],
  [
    {
      name: 'browsers',
      run: () =>
        withBrowsers(() => runPlaywright('browsers.json', ['-c', 'test/cross-browser/playwright.config.ts'])),
    },
  ],
  [
    {
      name: 'examples',
      run: () => runVitest('examples.json', [...INTEGRATIONS, 'test/examples/', ...filters]),
    },
  ],
];

/** @returns Debian's packages of the browsers that are not there. */
const missingBrowsers = () =>
  Object.entries(BROWSERS)
    .filter(([program]) => spawnSync('which', [program]).status !== 0)
    .map(([, debianPackage]) => debianPackage);

/**
 * Installs the browsers that are missing, where this process may; without them the suite is skipped.
 *
 * @param {() => Promise<import('./suites.mjs').Counts>} run
 */
async function withBrowsers(run) {
  const wanted = missingBrowsers();
  if (wanted.length > 0 && process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await runCommand('apt-get', ['-qq', 'update'], { env, quiet: true });
    const options = ['-qq', 'install', '-y', '--no-install-recommends'];
    await runCommand('apt-get', [...options, ...wanted], { env, quiet: true });
  }
  const missing = missingBrowsers();
  if (missing.length === 0) return run();
  console.log(`Skipped: this needs packages of Debian or Ubuntu: sudo apt-get install ${missing.join(' ')}`);
  return { passed: 0, failed: 0, skipped: 1 };
}

const stages = chosenStages(STAGES);
await bootstrap();
const { ensureChromium } = await import('./find-browser.mjs');
process.env['CHROMIUM_PATH'] = await ensureChromium();
const isBuilt =
  (await runTypeScript('scripts/generate.ts')) === 0 &&
  (await runTypeScript('scripts/bundle.ts', ['--skip-type-check'])) === 0;
if (isBuilt) {
  await runStages(stages);
} else {
  console.error('The build failed, and so would everything that follows.');
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
