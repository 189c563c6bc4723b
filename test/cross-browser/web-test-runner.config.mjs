/** `npm run test:browsers`: the component tests in Firefox and WebKit. Run by tsx, since what it imports is TypeScript. */
import usual from '../../web-test-runner.config.mjs';
import { openFirefox } from './firefox-page.js';
import { remoteLauncher } from './remote-launcher.js';
import { openWebKit } from './webkit-page.js';

export default {
  ...usual,
  browsers: [remoteLauncher('Firefox', openFirefox), remoteLauncher('WebKit', openWebKit)],
};
