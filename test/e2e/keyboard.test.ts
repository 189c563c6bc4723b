/** A whole call by keyboard only, checked in the accessibility tree, in every layout, against the local agent. */
import { expect, test, type Locator, type Page } from '@playwright/test';
import { startAgent } from '../../agent/server.js';
import { agentPageHtml, openAgentPage, waitForEvents, waitForState } from '../support/agent-page.js';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';

/** Long enough that a slow machine reaches the interruption, which ends it. */
const GREETING =
  'Welcome to our house. Here is a greeting that goes on for so long that somebody may interrupt it. '.repeat(
    4,
  );
const MOST_STOPS = 12;

interface Opened extends AsyncDisposable {
  readonly page: Page;
  readonly agent: Locator;
}

async function openWith(attributes: Readonly<Record<string, string>>): Promise<Opened> {
  const agent = await startAgent();
  const web = await servePage(
    agentPageHtml({ 'token-url': `${agent.url}/voice-token`, greeting: GREETING, ...attributes }),
  );
  const browser = await launchChromium({ microphone: 'silent' });
  const page = await browser.newPage({ viewport: { width: 480, height: 720 } });
  await openAgentPage(page, web.url);
  return {
    page,
    // A floating element has no box, and Playwright does not search elements without one.
    agent: page.getByRole('dialog').or(page.locator('voice-agent:not([layout=floating])')),
    async [Symbol.asyncDispose]() {
      await browser.close();
      await web[Symbol.asyncDispose]();
      await agent.close();
    },
  };
}

/** Presses Tab until the control has the focus. */
async function tabTo(page: Page, control: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  const hasFocus = () =>
    control.evaluate((element) => (element.getRootNode() as ShadowRoot).activeElement === element);
  for (let stop = 0; stop < MOST_STOPS && !(await hasFocus()); stop++) await page.keyboard.press(key);
  await expect(control).toBeFocused();
}

/** Each stop of Tab in the element must be visible, and below or next to the previous one. */
async function expectOrderOfSight(page: Page): Promise<void> {
  const stops = await page.evaluate(() => {
    const root = window.agent.shadowRoot!;
    return [...root.querySelectorAll<HTMLElement>('button, input, [tabindex="0"]')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.tabIndex >= 0)
      .map((element) => {
        const { top, bottom, left } = element.getBoundingClientRect();
        return { name: element.getAttribute('aria-label') ?? element.textContent.trim(), top, bottom, left };
      });
  });
  expect(stops.length).toBeGreaterThan(0);
  stops.slice(1).forEach((stop, index) => {
    const before = stops[index]!;
    const isBelow = stop.top >= before.bottom - 1;
    const isBeside = stop.left > before.left && stop.top < before.bottom && stop.bottom > before.top;
    expect(isBelow || isBeside, `${before.name} → ${stop.name}`).toBe(true);
  });
}

/** From the focus on the start button to the end of the call. @param midway Runs while the agent speaks. */
async function holdCall({ page, agent }: Opened, midway?: () => Promise<void>): Promise<void> {
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  await page.keyboard.press('Enter');
  await waitForState(page, 'speaking');
  await expect(agent).toMatchAriaSnapshot(`
    - status: Speaking
    - timer "Duration": /\\d:\\d\\d/
  `);
  await expect(button('End conversation'), 'the focus stays').toBeFocused();
  await expectOrderOfSight(page);
  await midway?.();

  await tabTo(page, button('Interrupt the agent'));
  await page.keyboard.press('Enter');
  await waitForEvents(page, 'interruption');
  await waitForState(page, 'listening');
  await expect(button('Interrupt the agent'), 'it is not taken away').toBeFocused();
  await expect(agent.getByRole('log')).toMatchAriaSnapshot(`
    - log "Transcript": /Agent.*Interrupted/
  `);

  await page.keyboard.press('m');
  await expect(button('Mute microphone')).toHaveAttribute('aria-pressed', 'true');
  await tabTo(page, button('Mute microphone'), 'Shift+Tab');
  await page.keyboard.press('Space');
  await expect(button('Mute microphone')).toHaveAttribute('aria-pressed', 'false');

  await tabTo(page, page.getByRole('textbox', { name: 'Type a message' }));
  await page.keyboard.type('Do you have a room for two?');
  await page.keyboard.press('Enter');
  await expect(agent.getByRole('log')).toContainText('Do you have a room for two?');
  await waitForEvents(page, 'reply-start', 2);

  await tabTo(page, button('End conversation'));
  await page.keyboard.press('Enter');
  await waitForState(page, 'ended');
  await expect(button('Start conversation'), 'the focus stays').toBeFocused();
}

test('panel: the whole call by keyboard', async () => {
  await using opened = await openWith({ 'text-input': '' });
  const { page, agent } = opened;
  await expect(agent).toMatchAriaSnapshot(`
    - region "Voice conversation":
      - status: Ready
      - paragraph: Talk with us
      - paragraph: /Press the button/
      - button "Start conversation"
  `);
  await tabTo(page, page.getByRole('button', { name: 'Start conversation' }));
  await holdCall(opened);
  await expect(agent).toMatchAriaSnapshot(`
    - region "Voice conversation":
      - status: Conversation ended
      - region "Transcript":
        - log "Transcript"
      - button "Start conversation"
  `);
});

test('bar: the whole call by keyboard', async () => {
  await using opened = await openWith({ layout: 'bar', 'text-input': '' });
  const { page, agent } = opened;
  await expect(agent).toMatchAriaSnapshot(`
    - region "Voice conversation":
      - status: Ready
      - button "Start conversation"
  `);
  await tabTo(page, page.getByRole('button', { name: 'Start conversation' }));
  await holdCall(opened);
  await expect(agent).toMatchAriaSnapshot(`
    - region "Voice conversation":
      - status: Conversation ended
      - button "Start conversation"
      - log "Transcript"
  `);
});

test('floating: the whole call by keyboard; Escape closes the card, and the call continues', async () => {
  await using opened = await openWith({ layout: 'floating', 'text-input': '' });
  const { page, agent } = opened;
  const launcher = page.getByRole('button', { name: 'Voice conversation' });
  await expect(page.getByRole('button')).toHaveCount(1);
  await expect(launcher).toHaveAttribute('aria-expanded', 'false');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await tabTo(page, launcher);
  await page.keyboard.press('Enter');
  await expect(agent).toMatchAriaSnapshot(`
    - dialog "Voice conversation":
      - button "Close"
      - region "Voice conversation":
        - status: Ready
        - button "Start conversation"
  `);
  await expect(launcher).toHaveAttribute('aria-expanded', 'true');
  await expect(page.getByRole('button', { name: 'Start conversation' })).toBeFocused();
  await holdCall(opened, async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(launcher).toBeFocused();
    expect(await page.evaluate(() => window.agent.state)).toBe('speaking');
    await page.keyboard.press('Space');
    await expect(page.getByRole('button', { name: 'End conversation' })).toBeFocused();
  });
  await tabTo(page, page.getByRole('button', { name: 'Close' }), 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(launcher).toBeFocused();
});

test('button: a call is started, muted and ended by keyboard', async () => {
  await using opened = await openWith({ layout: 'button' });
  const { page, agent } = opened;
  await expect(agent).toMatchAriaSnapshot(`
    - button "Start conversation"
    - status: Ready
  `);
  await tabTo(page, page.getByRole('button', { name: 'Start conversation' }));
  await page.keyboard.press('Space');
  await waitForState(page, 'speaking');
  await expect(agent).toMatchAriaSnapshot(`
    - button "End conversation"
    - status: Speaking
  `);
  await page.keyboard.press('m');
  await expect(page.locator('voice-agent')).toHaveJSProperty('muted', true);
  await page.keyboard.press('Space');
  await waitForState(page, 'ended');
  await expect(page.getByRole('button', { name: 'Start conversation' })).toBeFocused();
});
