import { machineLoad, type Claim } from '../support/figures.js';
import { leaveManyTimes } from '../support/page-leaving.js';
import { launchChromium } from '../support/launch-chromium.js';
import { controlOf, startControls } from './controls.js';
import { median, summary, type Scenario } from './scenario.js';

const CLOSES = Number(process.env['PAGE_CLOSES'] ?? 36);
const ENDS: Claim = {
  figure: 'pages left during a call that end their session',
  bound: 'at least',
  limit: 99,
  unit: '%',
};

export const scenario: Scenario = {
  name: 'page-close',
  about: `Pages that are closed, reloaded or left during a call, idle and busy, ${CLOSES} in total (\`PAGE_CLOSES\`): how often, and how soon, \`session.end\` reaches the server.`,
  claims: [ENDS],
  async run() {
    const browser = await launchChromium({ animated: true });
    try {
      await using controls = await startControls(browser);
      const { times, missed } = await leaveManyTimes(browser, CLOSES);
      const lateness = await controls.read();
      const load = machineLoad();
      return [
        {
          what: 'sessions ended by pages that were left',
          value: (times.length / CLOSES) * 100,
          unit: '%',
          ...(missed.length > 0 && { detail: `missed: ${missed.join('; ')}` }),
          claim: ENDS,
          control: controlOf(lateness, 'worker', 0.99, 100),
          load,
        },
        {
          what: 'from leaving to `session.end`',
          value: median(times),
          unit: 'ms',
          detail: summary(times),
          load,
        },
      ];
    } finally {
      await browser.close();
    }
  },
};
