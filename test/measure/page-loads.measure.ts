import type { Browser, Page } from '@playwright/test';
import { startAgent, type AgentServer } from '../../agent/server.js';
import { agentPageHtml, openAgentPage, startCall, waitForState } from '../support/agent-page.js';
import { AgentTap } from '../support/agent-tap.js';
import { machineLoad, type Claim } from '../support/figures.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';
import { listenToPages, seamMs, SPEAKER_CHANNEL } from '../support/page-seam.js';
import { recordSpeaker, untilAudible } from '../support/speaker-recorder.js';
import { controlOf, startControls } from './controls.js';
import { median, percentile, summary, type Scenario } from './scenario.js';

const LOADS = Number(process.env['PAGE_LOADS'] ?? 50);
const WORDS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const WAIT_MS = 20_000;

const CONTINUES: Claim = {
  figure: 'conversations that continue over a page load in mid-reply',
  bound: 'at least',
  limit: 98,
  unit: '%',
};
const LISTENS: Claim = {
  figure: 'load event to microphone sound at the service, median',
  bound: 'at most',
  limit: 1_500,
  unit: 'ms',
};
const TWICE: Claim = {
  figure: 'words of a reply lost or repeated over a page load',
  bound: 'at most',
  limit: 0,
  unit: '',
};
const OPEN: Claim = {
  figure: 'sessions left open after a call over two pages',
  bound: 'at most',
  limit: 0,
  unit: '',
};

interface Load {
  readonly continued: boolean;
  readonly listensMs: number;
  /** Number of words that were not heard exactly once. */
  readonly wrongWords: number;
  /** Audio between the last sample of one page and the first of the next, ms; negative if it was heard twice. */
  readonly missingMs: number | undefined;
}

const wordsOf = (page: Page) =>
  page.evaluate(() =>
    (window.agent as unknown as { transcript: { role: string; text: string }[] }).transcript
      .filter(({ role }) => role === 'agent')
      .map(({ text }) => text)
      .join(' ')
      .toLowerCase()
      .match(/\w+/g),
  );

/** @param speed 1: the rest of the reply has not arrived when the page is left. 4: it has. */
async function loadOnce(browser: Browser, agent: AgentServer, tap: AgentTap, speed: number): Promise<Load> {
  const earlier = tap.replies.length;
  const html = agentPageHtml({
    'token-url': `${agent.url}/voice-token?fault=${encodeURIComponent(`speed=${speed}`)}`,
    'keep-across-pages': '',
    greeting: `${WORDS.join(', ')}.`,
  });
  const link = '<a id="next" href="/?next">Next</a></body>';
  await using web = await servePage(html.replace('</body>', link), { '/listen': '<!doctype html>' });
  const context = await browser.newContext({ permissions: ['microphone'] });
  const firstSoundsMs: number[] = [];
  let connections = 0;
  const onConnection = (): void => {
    connections++;
  };
  const onMessage = ({ message, atMs }: { message?: { type: string } | undefined; atMs: number }): void => {
    if (message?.type === 'input.audio') firstSoundsMs[connections] ??= atMs;
  };
  agent.events.on('connection', onConnection).on('client-message', onMessage);
  try {
    const listener = await listenToPages(context, `${web.url}listen`);
    const page = await context.newPage();
    await recordSpeaker(page, { channel: SPEAKER_CHANNEL });
    await openAgentPage(page, web.url);
    await page.waitForFunction(() => customElements.get('voice-agent-extras') !== undefined);
    const refusal = await startCall(page);
    if (refusal !== undefined) throw new Error(`The call did not start: ${refusal}.`);
    await waitForState(page, 'speaking');
    await untilAudible(page, 1_500);
    await Promise.all([page.waitForURL(/next/), page.click('#next')]);
    await page.waitForLoadState('load');
    const continued = await page
      .waitForFunction(
        (last) =>
          (window.agent as unknown as { transcript: { text: string }[] } | null)?.transcript
            .map(({ text }) => text)
            .join(' ')
            .toLowerCase()
            .includes(last) && window.agent.state === 'listening',
        WORDS.at(-1)!,
        { timeout: WAIT_MS },
      )
      .then(
        () => true,
        () => false,
      );
    const loadedMs = await page.evaluate(() => {
      const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      return performance.timeOrigin + navigation!.loadEventEnd;
    });
    const words = (await wordsOf(page)) ?? [];
    const [before, after] = await listener.levels();
    await page.evaluate(() => window.agent.stop());
    return {
      continued,
      listensMs: (firstSoundsMs[2] ?? Infinity) - loadedMs,
      wrongWords: WORDS.filter((word) => words.filter((said) => said === word).length !== 1).length,
      missingMs: before && after && seamMs(before, after, tap.replies[earlier]!.sound('audio/pcm')),
    };
  } finally {
    agent.events.off('connection', onConnection).off('client-message', onMessage);
    await context.close();
  }
}

export const scenario: Scenario = {
  name: 'page-loads',
  about: `${LOADS} calls (\`PAGE_LOADS\`) with \`keep-across-pages\`, each left by a link in the middle of a reply. For every other one the rest of the reply had arrived; its recordings of both pages are laid side by side.`,
  claims: [CONTINUES, LISTENS, TWICE, OPEN],
  async run() {
    const agent = await startAgent();
    const tap = new AgentTap(agent.events);
    const sessions = new Set<string>();
    agent.events.on('server-message', ({ message, sessionId }) => {
      if (message.type === 'session.ready' && sessionId) sessions.add(sessionId);
    });
    agent.events.on('session-over', ({ sessionId }) => sessions.delete(sessionId));
    const browser = await launchChromium({ animated: true, microphone: 'silent' });
    const loads: Load[] = [];
    try {
      await using controls = await startControls(browser);
      for (let at = 0; at < LOADS; at++)
        loads.push(await loadOnce(browser, agent, tap, at % 2 === 0 ? 1 : 4));
      const control = controlOf(await controls.read(), 'worklet', 0.9, 20);
      const load = machineLoad();
      const until = Date.now() + 40_000;
      while (sessions.size > 0 && Date.now() < until) await new Promise((next) => setTimeout(next, 500));
      const listens = loads.map(({ listensMs }) => listensMs);
      const seams = loads.filter((_, at) => at % 2 === 1).map((one) => one.missingMs);
      const found = seams.filter((ms) => ms !== undefined);
      return [
        {
          what: 'loads that the conversation continues over',
          value: (loads.filter(({ continued }) => continued).length / loads.length) * 100,
          unit: '%',
          claim: CONTINUES,
          control,
          load,
        },
        {
          what: 'load event to sound at the service',
          value: median(listens),
          unit: 'ms',
          detail: summary(listens),
          claim: LISTENS,
          control,
          load,
        },
        {
          what: 'words lost or said twice',
          value: loads.reduce((sum, { wrongWords }) => sum + wrongWords, 0),
          unit: '',
          claim: TWICE,
          control,
          load,
        },
        {
          what: 'sound missing where one page ends and the next begins',
          value: median(found),
          unit: 'ms',
          detail: `lowest / highest ${percentile(found, 0).toFixed(0)} / ${percentile(found, 1).toFixed(0)}; ${found.length} of ${seams.length} places found`,
          load,
        },
        { what: 'sessions left open', value: sessions.size, unit: '', claim: OPEN, control, load },
      ];
    } finally {
      await browser.close();
      await agent.close();
    }
  },
};
