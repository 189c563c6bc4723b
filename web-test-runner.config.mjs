import { fileURLToPath } from 'node:url';
import { esbuildPlugin } from '@web/dev-server-esbuild';
import { defaultReporter } from '@web/test-runner';
import { playwrightLauncher } from '@web/test-runner-playwright';
import { ensureChromium } from './scripts/find-browser.mjs';
import { chromiumArguments } from './test/support/chromium-arguments.mjs';
import { webTestRunnerJsonReporter } from './test/support/web-test-runner-json-reporter.mjs';

const report = process.env['WEB_TEST_RUNNER_REPORT'];

export default {
  files: ['test/browser/**/*.test.ts'],
  nodeResolve: true,
  reporters: [defaultReporter(), ...(report ? [webTestRunnerJsonReporter(report)] : [])],
  concurrency: 2,
  browserStartTimeout: 60_000,
  testsStartTimeout: 60_000,
  testsFinishTimeout: 300_000,
  // Generous: it only means that something never came.
  testFramework: { config: { ui: 'bdd', timeout: 60_000 } },
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
