/**
 * A page that is left during a call must send `session.end`. Without it, the service keeps and bills the session for
 * another half minute. `PAGE_CLOSES=100 npm run test:long -- --only long` sets the number of attempts.
 */
import { expect, test } from '@playwright/test';
import { launchChromium } from '../support/launch-chromium.js';
import { leaveManyTimes } from '../support/page-leaving.js';

const CLOSES = Number(process.env['PAGE_CLOSES'] ?? 24);

test(
  `session.end reaches the server when the page goes away: ${CLOSES} times, busy and idle`,
  { tag: '@long' },
  async () => {
    test.setTimeout(120_000 + CLOSES * 30_000);
    const browser = await launchChromium();
    try {
      const { times, missed } = await leaveManyTimes(browser, CLOSES);
      console.log(`session.end arrived ${times.length} of ${CLOSES} times`);
      expect(missed.length, missed.join('; ')).toBeLessThanOrEqual(CLOSES / 100);
    } finally {
      await browser.close();
    }
  },
);
