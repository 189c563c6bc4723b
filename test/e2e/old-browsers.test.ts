/** Browsers that are too old for audio, or locked down: a clear message, and a text-only call instead. */
import { expect, test, type Page } from '@playwright/test';
import { messages as english } from '../../components/locales/en.js';
import { failureText } from '../../components/locales/failure-text.js';
import { agentPageHtml, readEvents, waitForState } from '../support/agent-page.js';
import { openDevicePage } from '../support/device-call.js';
import { launchChromium } from '../support/launch-chromium.js';
import { untilPressCounts } from '../support/page-call.js';
import { servePage } from '../support/page-server.js';
import { firstRows } from '../support/sample.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { answerInWriting } from '../support/written-answer.js';

interface OldBrowser {
  readonly prepare: () => void;
  readonly code: string;
}

/** Each function is sent to the page as source text. */
const OLD_BROWSERS: Readonly<Record<string, OldBrowser>> = {
  'without getUserMedia': {
    prepare: () => Object.defineProperty(navigator, 'mediaDevices', { value: undefined }),
    code: 'unsupported_browser',
  },
  'without an AudioWorklet': {
    prepare: () => delete (window as { AudioWorkletNode?: unknown }).AudioWorkletNode,
    code: 'unsupported_browser',
  },
  // The error of such a browser at the first SIMD instruction.
  'whose WebAssembly has no SIMD': {
    prepare: () => {
      WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError('invalid opcode 0xfd'));
    },
    code: 'engine_failed',
  },
};

/** A visitor who wanted to talk learns why that is not possible, and types. */
async function writeInstead(page: Page, server: ScriptedServer): Promise<void> {
  await page.getByRole('button', { name: 'Start conversation' }).click();
  await waitForState(page, 'error');
  const [{ detail } = { detail: undefined }] = await readEvents(page, 'agent-error');
  const shown = failureText(detail!, english);
  await expect(page.getByRole('alert')).toContainText(shown!.message);
  await expect(page.getByRole('alert')).toContainText(shown!.hint);
  expect(server.calls, 'the failure cost no connection').toHaveLength(0);
  await page.getByRole('button', { name: 'Type instead' }).click();
  await waitForState(page, 'listening');
  await answerInWriting(page, await server.call(), async (text) => {
    const field = page.getByRole('textbox', { name: 'Type a message' });
    await field.fill(text);
    await field.press('Enter');
  });
  await untilPressCounts();
  await page.getByRole('button', { name: 'End conversation' }).click();
  await waitForState(page, 'ended');
}

const errors = async (page: Page): Promise<string[]> =>
  (await readEvents(page, 'agent-error')).map(
    ({ detail }) => `${detail.code}${detail.fatal ? '' : ' (told)'}`,
  );

for (const [index, [where, { prepare, code }]] of Object.entries(OLD_BROWSERS).entries()) {
  test(`a browser ${where} reports that, and the call continues as text`, firstRows(2, index), async () => {
    await using opened = await openDevicePage({ prepare: (page) => page.addInitScript(prepare) });
    const { page, server } = opened;
    await writeInstead(page, server);
    const isSoundless = where !== 'without getUserMedia';
    expect(await errors(page)).toEqual(isSoundless ? [code, `${code} (told)`] : [code]);
  });
}

test('without https: the error names the page, not the browser, which disables worklets there', async () => {
  await using server = await ScriptedServer.listen();
  const token = JSON.stringify({ token: 'a-token', ws_url: server.url });
  await using web = await servePage(agentPageHtml({ 'token-url': '/voice-token' }), {
    '/voice-token': (response) => response.end(token),
  });
  const browser = await launchChromium({ switches: ['--host-resolver-rules=MAP insecure.test 127.0.0.1'] });
  try {
    const page = await browser.newPage();
    // Like Firefox and Safari.
    await page.addInitScript(() => delete (window as { AudioWorkletNode?: unknown }).AudioWorkletNode);
    await page.goto(web.url.replace('127.0.0.1', 'insecure.test'));
    await writeInstead(page, server);
    expect(await errors(page)).toEqual(['insecure_page', 'insecure_page (told)']);
  } finally {
    await browser.close();
  }
});
