/** Parts requested by attribute, from the built files. The tag loads the second file from its own folder. */
import { expect, test, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startAgent } from '../../agent/server.js';
import type { Messages } from '../../components/locales/en.js';
import type { VoiceAgentElement } from '../../components/voice-agent/voice-agent.js';
import { agentPageHtml, openAgentPage, startCall, stopCall, waitForEvents } from '../support/agent-page.js';
import { writeMicrophoneFile, scheduleMicrophone } from '../support/fake-microphone.js';
import { projectRoot } from '../../scripts/project-root.mjs';
import { launchChromium, type ChromiumOptions } from '../support/launch-chromium.js';
import { untilPressCounts } from '../support/page-call.js';
import { servePage } from '../support/page-server.js';
import { codeBlocks } from '../support/readme-blocks.js';
import { measureTone } from '../support/tone-fit.js';
import { makeTone } from '../support/tones.js';

const EVERYTHING = { devices: '', record: '', 'save-transcript': '', debug: '', sounds: '' };
const GREETING = 'Hello there, this is a greeting that lasts a while.';

interface OpenedParts extends AsyncDisposable {
  readonly page: Page;
  readonly consoleErrors: string[];
}

/** A page with all parts against the local agent. */
async function openParts(
  attributes: Readonly<Record<string, string>> = EVERYTHING,
  options: ChromiumOptions = {},
  change = (html: string) => html,
): Promise<OpenedParts> {
  const agent = await startAgent();
  const web = await servePage(
    change(agentPageHtml({ 'token-url': `${agent.url}/voice-token`, greeting: GREETING, ...attributes })),
  );
  const browser = await launchChromium({
    ...options,
    switches: ['--use-fake-device-for-media-stream=device-count=2'],
  });
  const context = await browser.newContext({ acceptDownloads: true });
  await context.grantPermissions(['microphone', 'clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const consoleErrors: string[] = [];
  page.on('console', (message) => {
    // This page has no icon.
    if (['error', 'warning'].includes(message.type()) && !message.text().includes('404'))
      consoleErrors.push(message.text());
  });
  page.on('pageerror', (error) => consoleErrors.push(error.message));
  await openAgentPage(page, web.url);
  return {
    page,
    consoleErrors,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await web[Symbol.asyncDispose]();
      await agent.close();
    },
  };
}

interface Stereo {
  readonly rateHz: number;
  readonly left: Float32Array;
  readonly right: Float32Array;
}

function readStereo(file: Buffer): Stereo {
  expect(file.toString('ascii', 0, 4) + file.toString('ascii', 8, 16)).toBe('RIFFWAVEfmt ');
  expect([file.readUInt16LE(20), file.readUInt16LE(22), file.readUInt16LE(34)]).toEqual([1, 2, 16]);
  const frames = (file.length - 44) / 4;
  const track = (offset: number) =>
    Float32Array.from({ length: frames }, (_, frame) => file.readInt16LE(44 + frame * 4 + offset) / 32_768);
  return { rateHz: file.readUInt32LE(24), left: track(0), right: track(2) };
}

const rms = (samples: Float32Array) =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length);

/** The loudest stretch of half a second. */
function loudest(samples: Float32Array, rateHz: number): Float32Array {
  const length = Math.round(rateHz / 2);
  let best = samples.subarray(0, length);
  for (let at = length; at + length <= samples.length; at += length) {
    const next = samples.subarray(at, at + length);
    if (rms(next) > rms(best)) best = next;
  }
  return best;
}

/** The pages in `docs/guides/parts.md`, with the paths of the test server. */
async function guideBlock(language: string, says: string): Promise<string> {
  const guide = await readFile(join(projectRoot, 'docs/guides/parts.md'), 'utf8');
  const block = codeBlocks(guide).find((each) => each.language === language && each.code.includes(says));
  if (!block) throw new Error(`The guide has no code that shows "${says}".`);
  return block.code.replaceAll("'./voice-agent", "'/dist/voice-agent");
}

test('built-in and custom parts show and control an agent without a tag', async () => {
  const agent = await startAgent();
  const page = await guideBlock('html', 'provideVoiceAgent(');
  const own = await guideBlock('js', 'class CallState');
  const options = `tokenUrl: '${agent.url}/voice-token', greeting: '${GREETING}'`;
  await using web = await servePage(`<!doctype html><html lang="en">
    ${page.replace("tokenUrl: '/voice-token'", options)}
    <script type="module">
      ${own}
      document.querySelector('#desk').append(document.createElement('call-state'));
    </script></html>`);
  const browser = await launchChromium();
  try {
    const opened = await browser.newPage();
    await opened.context().grantPermissions(['microphone']);
    const problems: string[] = [];
    opened.on('pageerror', (error) => problems.push(error.message));
    await opened.goto(web.url);
    await expect(opened.locator('call-state')).toHaveText('idle');
    await opened.getByRole('button', { name: 'Start conversation' }).click();
    await expect(opened.locator('call-state')).toHaveText('speaking');
    await expect(opened.getByText(GREETING)).toBeVisible();
    await opened.getByRole('button', { name: 'Mute microphone' }).click();
    await expect(opened.getByRole('button', { name: 'Mute microphone', pressed: true })).toBeVisible();
    await opened.getByRole('button', { name: 'End conversation' }).click();
    await expect(opened.locator('call-state')).toHaveText('ended');
    expect(problems).toEqual([]);
  } finally {
    await browser.close();
    await agent.close();
  }
});

test('the second file is loaded only when one of its parts is requested', async () => {
  await using plain = await openParts({});
  const loaded = (page: Page) =>
    page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.includes('parts')));
  expect(await loaded(plain.page)).toBe(false);
  await plain.page.evaluate(() => window.agent.setAttribute('debug', ''));
  await plain.page.getByRole('button', { name: 'Connection quality' }).click();
  await expect(plain.page.getByRole('table', { name: 'Connection quality' })).toBeVisible();
  expect(await loaded(plain.page)).toBe(true);
});

test('a language that the page adds is that of all elements, whichever file they are from', async () => {
  await using opened = await openParts({ id: 'agent' }, {}, (html) =>
    html.replace('lang="en"', 'lang="pl"').replace(
      '</body>',
      `<voice-agent-controls for="agent"></voice-agent-controls>
      <script type="module" src="/dist/voice-agent-parts.js"></script></body>`,
    ),
  );
  const { page } = opened;
  await expect(page.getByRole('button', { name: 'Start conversation' })).toHaveCount(2);
  await page.evaluate(async () => {
    const element = (await customElements.whenDefined('voice-agent')) as typeof VoiceAgentElement;
    element.addLanguage('pl', { start: 'Zacznij rozmowę' } as Messages);
  });
  await expect(page.getByRole('button', { name: 'Zacznij rozmowę' })).toHaveCount(2);
});

test('without the second file the call works, and one console message names it', async () => {
  const agent = await startAgent();
  await using web = await servePage(
    agentPageHtml({ 'token-url': `${agent.url}/voice-token`, greeting: GREETING, debug: '', record: '' }),
  );
  const browser = await launchChromium({ microphone: 'silent' });
  try {
    const page = await browser.newPage();
    const warnings: string[] = [];
    page.on('console', (message) => message.type() === 'warning' && warnings.push(message.text()));
    await page.route('**/voice-agent-parts.js', (route) => route.fulfill({ status: 404 }));
    await openAgentPage(page, web.url);
    expect(await startCall(page)).toBeUndefined();
    await waitForEvents(page, 'session-ready');
    expect(warnings).toEqual(['<voice-agent>: voice-agent-parts.js could not be loaded.']);
  } finally {
    await browser.close();
    await agent.close();
  }
});

test('a second file that failed to load is loaded again when it is needed later', async () => {
  const agent = await startAgent();
  await using web = await servePage(agentPageHtml({ 'token-url': `${agent.url}/voice-token`, debug: '' }));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    let requests = 0;
    await page.route('**/voice-agent-parts.js', (route) =>
      ++requests === 1 ? route.abort() : route.continue(),
    );
    await page.clock.install();
    const failed = page.waitForEvent('requestfailed');
    const warned = page.waitForEvent('console', (message) => message.text().includes('could not be loaded'));
    await openAgentPage(page, web.url);
    await Promise.all([failed, warned]);
    await page.evaluate(() => window.agent.setAttribute('save-transcript', ''));
    expect(requests, 'not at once').toBe(1);
    await page.clock.fastForward(10_000);
    await page.evaluate(() => window.agent.setAttribute('record', ''));
    await expect(page.getByRole('button', { name: 'Connection quality' })).toBeVisible();
    expect(requests).toBe(2);
  } finally {
    await browser.close();
    await agent.close();
  }
});

test('devices can be changed during a call, and the choice is remembered for the next visit', async () => {
  await using opened = await openParts({ ...EVERYTHING, 'remember-devices': '' });
  const { page } = opened;
  expect(await startCall(page)).toBeUndefined();
  await page.getByRole('button', { name: 'Audio devices' }).click();
  const microphone = page.getByLabel('Microphone', { exact: true });
  const labels = await microphone.locator('option').allTextContents();
  expect(labels.length).toBeGreaterThan(2);
  await microphone.selectOption({ label: labels.at(-1)! });
  const tracks = () =>
    page.evaluate(() => window.microphoneTracks.map(({ label, readyState }) => `${label} ${readyState}`));
  await expect.poll(tracks).toEqual([expect.stringContaining('ended'), `${labels.at(-1)!} live`]);
  const speaker = page.getByLabel('Speaker', { exact: true });
  await speaker.selectOption({ index: 1 });
  expect(await page.evaluate(() => window.agent.getAttribute('state'))).not.toBe('error');
  await stopCall(page);
  await page.reload();
  await page.getByRole('button', { name: 'Audio devices' }).click();
  await expect(page.getByLabel('Microphone', { exact: true }).locator('option:checked')).toHaveText(
    labels.at(-1)!,
  );
});

test('a recording has the user on the left and the agent on the right', async () => {
  const tone = makeTone({ frequencyHz: 1000, durationMs: 20_000, amplitude: 0.3, rateHz: 48_000 });
  await using file = await writeMicrophoneFile(scheduleMicrophone([{ atMs: 0, sound: tone }]));
  await using opened = await openParts({ ...EVERYTHING, muted: '' }, { microphoneWav: file.path });
  const { page } = opened;
  await page.getByRole('button', { name: 'Record conversation' }).click();
  await page.getByRole('button', { name: 'Record conversation' }).last().click();
  const part = page.getByRole('group', { name: 'Record conversation' });
  await expect(part.getByText('Recording starts with the conversation.')).toBeVisible();
  expect(await startCall(page)).toBeUndefined();
  await waitForEvents(page, 'reply-end');
  // The user was muted until here. The microphone's tone is the user.
  await page.evaluate(() => Object.assign(window.agent, { muted: false }));
  await waitForEvents(page, 'stats', (await waitForEvents(page, 'stats')).length + 3);
  await stopCall(page);
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save recording' }).click();
  const saved = await download;
  expect(saved.suggestedFilename()).toMatch(/^conversation-\d{4}-\d\d-\d\d-\d{4}\.wav$/);
  const { rateHz, left, right } = readStereo(await readFile(await saved.path()));
  expect(left.length / rateHz).toBeGreaterThan(4);

  const half = Math.round(rateHz);
  expect(rms(left.subarray(0, half)), 'the muted user is silence').toBe(0);
  expect(rms(loudest(right, rateHz)), 'the agent speaks').toBeGreaterThan(0.01);
  const user = loudest(left, rateHz);
  expect(measureTone({ rateHz, samples: user }, 1000, 1).snrDb, 'the tone is on the left').toBeGreaterThan(
    15,
  );
  const speech = right.findIndex((sample) => Math.abs(sample) > 0.05);
  expect(rms(left.subarray(speech, speech + half)), 'and the agent is not').toBe(0);
});

test('the transcript is copied, and saved as captions that the browser accepts', async () => {
  await using opened = await openParts(EVERYTHING, { microphone: 'silent' });
  const { page } = opened;
  expect(await startCall(page)).toBeUndefined();
  await waitForEvents(page, 'reply-end');
  await stopCall(page);
  await page.getByRole('button', { name: 'Save transcript' }).click();
  await page.getByRole('button', { name: 'Copy' }).click();
  await expect(page.getByText('Copied')).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(`Agent: ${GREETING}`);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Captions' }).click();
  const captions = await readFile(await (await download).path(), 'utf8');
  const cues = await page.evaluate(async (text) => {
    const video = document.createElement('video');
    const track = document.createElement('track');
    track.src = URL.createObjectURL(new Blob([text], { type: 'text/vtt' }));
    video.append(track);
    document.body.append(video);
    const loaded = new Promise((resolve) => (track.onload = resolve));
    track.track.mode = 'showing';
    await loaded;
    return [...track.track.cues!].map((cue) => ({
      startTime: cue.startTime,
      endTime: cue.endTime,
      text: (cue as VTTCue).getCueAsHTML().textContent,
    }));
  }, captions);
  expect(cues).toHaveLength(1);
  expect(cues[0]!.text).toBe(GREETING);
  const heardSeconds = cues[0]!.endTime - cues[0]!.startTime;
  expect(heardSeconds).toBeGreaterThan(1);
  expect(heardSeconds).toBeLessThan(8);
  expect(opened.consoleErrors).toEqual([]);
});

test('under the strictest policy the parts are loaded without violations', async () => {
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval' blob: 'unsafe-inline'",
    'worker-src blob:',
    "connect-src 'self' http://127.0.0.1:* ws://127.0.0.1:*",
    "require-trusted-types-for 'script'",
    'trusted-types voice-agent lit-html voice-agent-parts',
  ].join('; ');
  await using opened = await openParts(EVERYTHING, {}, (html) =>
    html.replace(
      '<title>',
      `<meta http-equiv="Content-Security-Policy" content="${policy}" /><link rel="icon" href="data:," /><title>`,
    ),
  );
  const { page, consoleErrors } = opened;
  for (const name of ['Audio devices', 'Record conversation', 'Save transcript', 'Connection quality'])
    await page.getByRole('button', { name }).first().click();
  await untilPressCounts();
  await page.getByRole('button', { name: 'Audio devices' }).click();
  await page.getByRole('button', { name: 'Test microphone' }).click();
  // The microphone beeps, because noise suppression would remove a steady tone within three seconds.
  await page.getByRole('meter').evaluate((meter) => {
    const level = () => Number(meter.getAttribute('aria-valuenow'));
    return new Promise<void>((resolve) => {
      new MutationObserver(() => level() > 20 && resolve()).observe(meter, { attributes: true });
    });
  });
  await page.getByRole('button', { name: 'Stop test' }).click();
  expect(consoleErrors.filter((line) => !line.includes('img-src'))).toEqual([]);
});

test('a quiet tone is heard at the start and at the end', async () => {
  await using opened = await openParts({ sounds: '' }, { microphone: 'silent' });
  const { page } = opened;
  await page.waitForFunction(() => customElements.get('voice-agent-sounds'));
  await page.evaluate(async () => {
    const heard: number[] = [];
    Object.assign(window, { heard });
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (when) {
      heard.push(Math.round(this.frequency.value));
      start.call(this, when);
    };
    await window.agent.start();
  });
  const heard = () => page.evaluate(() => (window as unknown as { heard: number[] }).heard);
  await expect.poll(heard).toEqual([523, 784]);
  await stopCall(page);
  await expect.poll(heard).toEqual([523, 784, 784, 523]);
});
