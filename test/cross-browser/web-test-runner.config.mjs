/**
 * `npm run test:browsers`: the component tests in Firefox and WebKit, with Lit as it is inside the built files; `npm test` has
 * them in Chromium with Lit's development build, which complains of more. Run by tsx, since what it imports is TypeScript.
 */
import usual from '../../web-test-runner.config.mjs';
import { leaveOutOfLit } from '../../scripts/lit-inside.js';
import { openFirefox } from './firefox-page.js';
import { remoteLauncher } from './remote-launcher.js';
import { openWebKit } from './webkit-page.js';

export default {
  ...usual,
  nodeResolve: { exportConditions: ['production', 'browser', 'import', 'default'] },
  plugins: [
    {
      // Before the others, which would write it anew.
      name: 'lit-inside',
      /** @param {{ path: string, body: unknown }} context */
      transform: ({ path, body }) => (typeof body === 'string' ? leaveOutOfLit(path, body, true) : undefined),
    },
    ...usual.plugins,
  ],
  browsers: [remoteLauncher('Firefox', openFirefox), remoteLauncher('WebKit', openWebKit)],
};
