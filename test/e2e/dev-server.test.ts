import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test, type Page } from '@playwright/test';
import { startAgent } from '../../agent/server.js';
import { Voice } from '../../agent/voice.js';
import { startDevServer } from '../support/dev-server-process.js';
import { launchChromium } from '../support/launch-chromium.js';
import { medianPitchHz } from '../support/pitch.js';
import { readSpeaker, recordSpeaker } from '../support/speaker-recorder.js';
import { findStretches, soundMs } from '../support/sound-level.js';
import { installSpokenMicrophone, sayAloud } from '../support/spoken-microphone.js';

const API_KEY = 'local-key-that-no-page-may-ever-see';

/** A visitor's call: press the button, hear the greeting, say something, hear an answer, hang up. */
async function holdConversation(page: Page): Promise<void> {
  const element = page.locator('voice-agent');
  expect(await element.getAttribute('greeting')).toBeTruthy();
  // That of the page takes ten seconds.
  const greeting = 'Hello! Ask me whatever you like, and I will answer.';
  await element.evaluate((agent, text) => agent.setAttribute('greeting', text), greeting);
  await page.getByRole('button', { name: 'Start conversation' }).click();
  await expect(element).toHaveAttribute('state', 'speaking');
  await expect(element, 'the greeting is shown').toContainText(greeting);
  await expect(element).toHaveAttribute('state', 'listening');
  await sayAloud(page, await Voice.shared.speak('Hello there, how are you today?', 'michael', 8_000));
  await expect(element, 'what was heard is shown').toContainText('s of speech');
  await expect(element, 'and answered').toHaveAttribute('state', 'speaking');
  // A context whose output stops is replaced: the greeting may be in two recordings.
  const heard = (await readSpeaker(page)).filter((recording) => soundMs(recording) > 0);
  const stretches = heard.map((recording) => findStretches(recording, { minGapMs: 30 }));
  const heardMs = heard.reduce((sum, recording) => sum + soundMs(recording, 30), 0);
  expect(heardMs, `the greeting was heard: ${JSON.stringify(stretches)}`).toBeGreaterThan(2_000);
  const longest = heard.reduce((a, b) => (soundMs(b) > soundMs(a) ? b : a));
  expect(medianPitchHz(longest), 'in a human voice').toBeGreaterThan(70);
  await page.getByRole('button', { name: 'End conversation' }).click();
  await expect(element).toHaveAttribute('state', 'ended');
}

async function withTalkingVisitor(run: (page: Page) => Promise<void>): Promise<void> {
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await installSpokenMicrophone(page);
    await recordSpeaker(page);
    await run(page);
  } finally {
    await browser.close();
  }
}

test('npm start serves a page on which a visitor talks with the local agent', async () => {
  await using server = await startDevServer();
  expect(server.output()).toContain('local agent');
  await withTalkingVisitor(async (page) => {
    const problems: string[] = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto(server.url);
    await holdConversation(page);
    expect(problems).toEqual([]);
  });
});

test('with a key npm start talks to the service, and the key never reaches the page', async () => {
  const upstream = await startAgent({ apiKey: API_KEY });
  try {
    await using server = await startDevServer({
      ASSEMBLYAI_API_KEY: API_KEY,
      ASSEMBLYAI_TOKEN_URL: `${upstream.url}/v1/token`,
      ASSEMBLYAI_WS_URL: upstream.wsUrl,
    });
    expect(server.output()).toContain('live');
    await withTalkingVisitor(async (page) => {
      const seen: Promise<string>[] = [];
      const sockets: string[] = [];
      page.on('response', (response) => {
        seen.push(
          response.text().catch(() => ''),
          response.headersArray().then(JSON.stringify),
        );
      });
      page.on('request', (request) => seen.push(request.allHeaders().then(JSON.stringify)));
      page.on('websocket', (socket) => {
        sockets.push(socket.url());
        const note = ({ payload }: { payload: string | Buffer }) =>
          seen.push(Promise.resolve(String(payload)));
        socket.on('framereceived', note);
        socket.on('framesent', note);
      });
      await page.goto(server.url);
      await holdConversation(page);
      const texts = await Promise.all(seen);
      expect(texts.length).toBeGreaterThan(20);
      expect(
        texts.some((text) => text.includes('"token"')),
        'the token endpoint was seen',
      ).toBe(true);
      for (const text of [...texts, ...sockets, await page.content()]) expect(text).not.toContain(API_KEY);
    });
    expect(upstream.agent.sessionCount, 'the session was ended').toBe(0);
    expect(server.output()).not.toContain(API_KEY);
  } finally {
    await upstream.close();
  }
});

test('Ctrl-C ends npm start and frees its port', async () => {
  await using server = await startDevServer();
  expect((await fetch(server.url)).status).toBe(200);
  expect(await server.interrupt()).toBe(0);
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNREFUSED');
});
