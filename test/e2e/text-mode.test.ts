/** Calls without a microphone: requested by the page, or because none is available. */
import { expect, test, type Page } from '@playwright/test';
import { agentPageHtml, readEvents, waitForEvents, waitForState } from '../support/agent-page.js';
import { openDevicePage, readWholeSpeaker } from '../support/device-call.js';
import { launchChromium } from '../support/launch-chromium.js';
import { untilPressCounts } from '../support/page-call.js';
import { servePage } from '../support/page-server.js';
import { firstRows } from '../support/sample.js';
import type { ScriptedCall } from '../support/scripted-call.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { soundMs } from '../support/sound-level.js';
import { makeTone } from '../support/tones.js';

const ANSWER = makeTone({ frequencyHz: 440, durationMs: 800, amplitude: 0.5, rateHz: 24_000 });

const codes = async (page: Page): Promise<string[]> =>
  (await readEvents(page, 'agent-error')).map(({ detail }) => detail.code);

const tracks = (page: Page): Promise<number> => page.evaluate(() => window.microphoneTracks.length);

/** Types into the text field and lets the server answer. Settles when the answer is shown or heard. */
async function writeAndAnswer(page: Page, call: ScriptedCall, answer: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Type a message' });
  await field.fill('What is left?');
  await field.press('Enter');
  await call.until('what was typed', () =>
    call.received.find(({ message }) => JSON.stringify(message).includes('What is left?')),
  );
  const replyId = `reply-${call.received.length}`;
  await call.say({ replyId, sound: ANSWER, text: answer, aheadMs: 1_000 }).finished;
  await waitForEvents(page, 'reply-end');
  await expect(page.getByRole('log', { name: 'Transcript' })).toContainText(answer);
}

for (const [index, layout] of ['panel', 'floating', 'bar'].entries()) {
  test(
    `in the layout ${layout} a typed message is answered aloud, and no microphone is requested`,
    firstRows(1, index),
    async () => {
      await using opened = await openDevicePage({ attributes: { layout, open: '', 'input-mode': 'text' } });
      const { page, server } = opened;
      await page.getByRole('button', { name: 'Start conversation' }).click();
      await waitForState(page, 'listening');
      const call = await server.call();
      await expect(page.getByRole('button', { name: 'Mute microphone' })).toHaveCount(0);
      await writeAndAnswer(page, call, 'Two rooms are left.');
      const heardMs = soundMs(await readWholeSpeaker(page));
      expect(Math.abs(heardMs - 800), `${heardMs} ms were heard of 800`).toBeLessThan(20);
      // Changes that the page may make during a call must not open one either.
      await page.evaluate(() => {
        Object.assign(window.agent, { microphoneId: 'any', releaseMicrophone: true, muted: true });
        navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
      });
      await page.evaluate(
        () => (window.agent as unknown as { updateComplete: Promise<unknown> }).updateComplete,
      );
      await page.evaluate(() => Object.assign(window.agent, { muted: false }));
      await waitForEvents(page, 'stats', 2);
      expect(await tracks(page), 'getUserMedia was never called').toBe(0);
      expect(call.packets, 'nor is the server sent any sound').toEqual([]);
      expect(await codes(page)).toEqual([]);
    },
  );
}

const SOUNDLESS: Readonly<Record<string, () => void>> = {
  'without an AudioWorklet': () => delete (window as { AudioWorkletNode?: unknown }).AudioWorkletNode,
  'without WebAssembly': () => delete (window as { WebAssembly?: unknown }).WebAssembly,
  'where the worklet is refused': () => {
    AudioWorklet.prototype.addModule = () => Promise.reject(new DOMException('refused', 'AbortError'));
  },
};

for (const [index, [where, prepare]] of Object.entries(SOUNDLESS).entries()) {
  test(
    `${where} a text-only call continues: the missing audio is reported once, and answers are shown`,
    firstRows(1, index),
    async () => {
      await using opened = await openDevicePage({
        attributes: { 'input-mode': 'text' },
        prepare: (page) => page.addInitScript(prepare),
      });
      const { page, server } = opened;
      await page.getByRole('button', { name: 'Start conversation' }).click();
      await waitForState(page, 'listening');
      await expect(page.getByRole('status').last(), 'the notice').not.toBeEmpty();
      const call = await server.call();
      await writeAndAnswer(page, call, 'Two rooms are left.');
      const errors = (await readEvents(page, 'agent-error')).map(({ detail }) => detail);
      expect(errors).toHaveLength(1);
      expect(errors[0]?.fatal).toBe(false);
      expect(errors[0]?.code).toMatch(/^(unsupported_browser|engine_failed|audio_failed)$/);
      await untilPressCounts();
      await page.getByRole('button', { name: 'End conversation' }).click();
      await waitForState(page, 'ended');
      expect((await readEvents(page, 'session-end')).map(({ detail }) => detail.reason)).toEqual(['stopped']);
      expect(await tracks(page)).toBe(0);
      // A voice call on the same page fails with the same error, and does not continue.
      await page.evaluate(async () => {
        window.agent.setAttribute('input-mode', 'voice');
        await window.agent.start().catch(() => undefined);
      });
      await waitForState(page, 'error');
      expect(await codes(page)).toEqual([errors[0]?.code, errors[0]?.code]);
    },
  );
}

test('a visitor who refuses the microphone learns where to allow it, can type instead, and learns when it is allowed', async () => {
  await using server = await ScriptedServer.listen();
  await using web = await servePage(agentPageHtml({ 'server-url': server.url, token: 'a-token' }));
  const browser = await launchChromium({ microphone: 'denied' });
  try {
    const page = await browser.newPage();
    const context = page.context();
    await page.goto(web.url);
    await page.getByRole('button', { name: 'Start conversation' }).click();
    const box = page.getByRole('alert');
    await expect(box).toContainText('The microphone is blocked.');
    await expect(box, 'in the words of this browser').toContainText('Click the icon next to the address');
    await context.grantPermissions(['microphone']);
    await expect(box).toContainText('The microphone is now allowed.');
    await expect(box).not.toContainText('Click the icon');
    await context.clearPermissions();
    await expect(box).toContainText('The microphone is blocked.');
    await page.getByRole('button', { name: 'Type instead' }).click();
    await waitForState(page, 'listening');
    expect(server.calls, 'the refusal cost no connection').toHaveLength(1);
    await writeAndAnswer(page, await server.call(), 'Two rooms are left.');
    expect(await codes(page)).toEqual(['microphone_denied']);
  } finally {
    await browser.close();
  }
});
