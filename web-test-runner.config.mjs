import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { playwrightLauncher } from '@web/test-runner-playwright';
import { ensureChromium } from './scripts/find-browser.mjs';
import { chromiumArguments } from './scripts/chromium-arguments.mjs';
import { webTestRunnerJsonReporter } from './scripts/web-test-runner-json-reporter.mjs';

const report = process.env['WEB_TEST_RUNNER_REPORT'];

export default {
  files: ['test/browser/**/*.test.ts'],
  nodeResolve: true,
  reporters: [defaultReporter(), ...(report ? [webTestRunnerJsonReporter(report)] : [])],
  // Audio is measured in real time: files beside each other would disturb the figures.
  concurrency: 1,
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 180_000,
  testFramework: { config: { ui: 'bdd', timeout: 20_000 } },
  plugins: [
    esbuildPlugin({
      ts: true,
      target: 'es2022',
      tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
    }),
  ],
  browsers: [
    playwrightLauncher({
      product: 'chromium',
      launchOptions: {
        executablePath: await ensureChromium(),
        args: [...chromiumArguments, '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'],
      },
    }),
  ],
};
