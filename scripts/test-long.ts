/**
 * `npm run test:long`: the slow suites. Property tests with many runs, the further rows of the tables, dozens of
 * page closes, a long call with dropped connections, Firefox and WebKit, the package, the examples. `-- --only soak,package`
 * runs some of them. The last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { prepareBuild } from './bootstrap.mjs';
import { installDebianPackages } from './debian-packages.mjs';
import { runTypeScript } from './run-command.mjs';
import { check, chosenStages, playwright, runStages, vitest, webTestRunner, type Run } from './suites.js';

/** Program → the Debian package that contains it. */
const BROWSERS = {
  'firefox-esr': 'firefox-esr',
  pulseaudio: 'pulseaudio',
  WebKitWebDriver: 'webkit2gtk-driver',
  Xvfb: 'xvfb',
};
/** `npm run test:examples -- wordpress` runs the files whose names contain the word. */
const { positionals: filters } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true });
/** Mostly real time. `SOAK_MINUTES=2` is a quick look. */
const SOAK = ['--minutes', process.env['SOAK_MINUTES'] ?? '20'];
const PROPERTIES = ['session-property', 'call-property', 'replies', 'unheard-sound', 'playback-random'];

const inProject = (folder: string): Run =>
  // vitest runs the files that match any of its filters.
  vitest([
    '--config=vitest.integrations.config.ts',
    ...(filters[0] ? filters : ['']).map((each) => folder + each),
  ]);

const STAGES = [
  [{ name: 'properties', run: vitest(PROPERTIES, { PROPERTY_FACTOR: '10' }) }],
  [{ name: 'variants', run: playwright(['--project=variants']) }],
  [
    {
      name: 'look-variants',
      run: playwright(['-c', 'test/looks/playwright.config.ts', '--project=look-variants']),
    },
  ],
  [{ name: 'long', run: playwright(['--project=long']) }],
  [
    { name: 'soak', run: check(() => runTypeScript('test/bench/soak/soak.ts', SOAK)) },
    { name: 'package', run: inProject('test/package/') },
  ],
  [{ name: 'components', run: withBrowsers(webTestRunner('test/cross-browser/web-test-runner.config.mjs')) }],
  [{ name: 'browsers', run: withBrowsers(playwright(['-c', 'test/cross-browser/playwright.config.ts'])) }],
  [{ name: 'examples', run: inProject('test/examples/') }],
];

/** @returns the Debian packages of missing browsers. */
function missingBrowsers(): string[] {
  const missing = Object.entries(BROWSERS).filter(([program]) => spawnSync('which', [program]).status !== 0);
  return missing.map(([, debianPackage]) => debianPackage);
}

/** Installs missing browsers if this process may. Without them, the suite is skipped. */
function withBrowsers(run: Run): Run {
  return async (name) => {
    await installDebianPackages(missingBrowsers());
    const missing = missingBrowsers().join(' ');
    if (missing === '') return run(name);
    console.log(`Skipped: this needs packages of Debian or Ubuntu: sudo apt-get install ${missing}`);
    return { passed: 0, failed: 0, skipped: 1, failures: [] };
  };
}

const stages = chosenStages(STAGES);
if ((await prepareBuild()) === 0) {
  await runStages(stages);
} else {
  console.error('The build failed, and so would everything that follows.');
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
}
