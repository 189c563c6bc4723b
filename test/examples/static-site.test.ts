import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import getPort from 'get-port';
import { AgentTap } from '../support/agent-tap.js';
import { installExample, type ExampleProject } from '../support/example-project.js';
import { prepareTalk } from '../support/example-talk.js';
import { runIn } from '../support/packed-project.js';
import { holdCall, openPage } from '../support/page-call.js';
import { listenToPages, seamMs, SPEAKER_CHANNEL } from '../support/page-seam.js';
import { recordSpeaker, untilAudible } from '../support/speaker-recorder.js';
import { serveFolder } from '../support/static-server.js';

interface Tag extends HTMLElement {
  readonly state: string;
  readonly transcript: readonly { readonly text: string }[];
  start(): Promise<void>;
  stop(): Promise<void>;
  reply(instructions: string): void;
}

declare global {
  var tag: () => Tag | null;
}

/** Runs in every page. */
function defineTag(): void {
  globalThis.tag = () => document.querySelector<Tag>('voice-agent');
}

const NUMBERS = ['one', 'two', 'three', 'four', 'five'];

const talk = prepareTalk();
let example: ExampleProject;

beforeAll(async () => {
  example = await installExample('static-site');
});

afterAll(() => example[Symbol.asyncDispose]());

test('a snippet in a Markdown page holds a call, in the language it says, without a request to anybody else', async () => {
  await runIn(example.folder, 'env', [`TOKEN_URL=${talk.agent.url}/voice-token`, 'npm', 'run', 'build']);
  await using server = await serveFolder(join(example.folder, '_site'));
  const { page, consoleErrors, asked } = await openPage(talk.browser, `${server.origin}/`);
  await holdCall(page);
  await page
    .getByRole('button', { name: /Anruf|Gespräch/ })
    .first()
    .waitFor();
  // An attribute loads the parts.
  await page.evaluate(() => document.querySelector('voice-agent')!.setAttribute('debug', ''));
  await page.locator('voice-agent-extras').waitFor();
  expect(consoleErrors, 'nothing is missing').toEqual([]);
  for (const file of ['voice-agent.js', 'voice-agent-parts.js', 'locales/de.js'])
    expect(asked).toContain(`${server.origin}/voice-agent/${file}`);
  const strangers = asked.filter((url) => /^https?:/.test(url) && !url.startsWith(server.origin));
  expect(strangers.every((url) => url.startsWith(talk.agent.url))).toBe(true);
  await page.context().close();
});

test('a call continues over five pages: left in the middle of a reply, the next page plays the rest, and no word twice', async () => {
  const tokenUrl = `TOKEN_URL=${talk.agent.url}/voice-token?fault=speed=4`;
  await runIn(example.folder, 'env', [tokenUrl, 'npm', 'run', 'build']);
  await using server = await serveFolder(join(example.folder, '_site'));
  const tap = new AgentTap(talk.agent.events);
  const sessions: string[] = [];
  talk.agent.events.on('client-message', ({ message }) => {
    if (message?.type.startsWith('session.')) sessions.push(message.type);
  });
  const context = await talk.browser.newContext({ permissions: ['microphone'] });
  await recordSpeaker(context, { channel: SPEAKER_CHANNEL });
  const listener = await listenToPages(context, `${server.origin}/voice-agent/locales/de.js`);
  const page = await context.newPage();
  await page.goto(`${server.origin}/`);
  const isReady = () =>
    page.waitForFunction(() => customElements.get('voice-agent-extras') !== undefined && tag() !== null);
  await page.addInitScript(defineTag);
  await page.evaluate(defineTag);
  await isReady();
  await page.evaluate(() => tag()!.start());
  for (const [index, name] of ['rooms', 'prices', 'directions', 'contact', ''].entries()) {
    await page.waitForFunction(() => tag()!.state === 'listening');
    const words = `Page ${NUMBERS[index]} is about many things: breakfast, boats, bicycles, the lake, and the way to the station.`;
    await page.evaluate((text) => tag()!.reply(`Say this, word for word: "${text}"`), words);
    await page.waitForFunction(() => tag()!.state === 'speaking');
    await untilAudible(page, 1_500);
    const path = name === '' ? '/' : `/${name}/`;
    await page.locator(`nav a[href="${path}"]`).click();
    await page.waitForURL(`${server.origin}${path}`);
    await isReady();
    // The words that the service had not sent yet are another reply, with its own line.
    await page.waitForFunction(
      (text) =>
        tag()!.state === 'listening' &&
        tag()!
          .transcript.map((entry) => entry.text)
          .join(' ')
          .includes(text),
      words,
    );
    const said = await page.evaluate(() =>
      tag()!
        .transcript.map(({ text }) => text)
        .join(' '),
    );
    expect(said.split(`Page ${NUMBERS[index]} `), said).toHaveLength(2);
    // The service had sent the first reply completely, so it is heard without another one.
    if (index === 0) {
      const [before, after] = await listener.levels();
      const seam = seamMs(before!, after!, tap.replies.at(-1)!.sound('audio/pcm'));
      expect(Math.abs(seam ?? Infinity), 'less than a word is lost or heard twice').toBeLessThan(250);
    }
  }
  await page.evaluate(() => tag()!.stop());
  await page.waitForFunction(() => tag()!.state === 'ended');
  expect(sessions).toEqual(['session.update', ...NUMBERS.map(() => 'session.resume'), 'session.end']);
  await context.close();
});

test('is served by its one command', async () => {
  const program = await example.start('npm', ['start', '--', `--port=${String(await getPort())}`], {
    TOKEN_URL: `${talk.agent.url}/voice-token`,
  });
  const { page, consoleErrors } = await openPage(talk.browser, program.urls[0]!);
  await holdCall(page);
  expect(consoleErrors).toEqual([]);
  await page.context().close();
});
