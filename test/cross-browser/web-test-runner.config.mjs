/**
 * `npm run test:browsers`: the component tests in Firefox and WebKit, with Lit's production build, which the
 * built files hold; `npm test` has them in Chromium with Lit's development build, which complains of more. Run by tsx, since what it imports is TypeScript.
 */
import usual from '../../web-test-runner.config.mjs';
import { openFirefox } from './firefox-page.js';
import { remoteLauncher } from './remote-launcher.js';
import { openWebKit } from './webkit-page.js';

export default {
  ...usual,
  nodeResolve: { exportConditions: ['production', 'browser', 'import', 'default'] },
  browsers: [remoteLauncher('Firefox', openFirefox), remoteLauncher('WebKit', openWebKit)],
};
