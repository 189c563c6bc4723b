import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import getPort from 'get-port';
import { startAgent, type AgentServer } from '../../agent/server.js';
import { Voice } from '../../agent/voice.js';
import { installExample, type ExampleProject } from '../support/example-project.js';
import { runIn } from '../support/packed-project.js';
import { holdCall, launchQuietChromium, openPage } from '../support/page-call.js';
import { serveFolder } from '../support/static-server.js';

let agent: AgentServer;
let browser: Browser;
let example: ExampleProject;

beforeAll(async () => {
  agent = await startAgent();
  // The first words of a process take long on a busy machine.
  await Voice.shared.speak('Hello.', 'alba', 24_000);
  browser = await launchQuietChromium();
  example = await installExample('static-site');
});

afterAll(async () => {
  await example[Symbol.asyncDispose]();
  await browser.close();
  await agent.close();
});

test('a snippet in a Markdown page holds a call, in the language it says, without a request to anybody else', async () => {
  await runIn(example.folder, 'env', [`TOKEN_URL=${agent.url}/voice-token`, 'npm', 'run', 'build']);
  await using server = await serveFolder(join(example.folder, '_site'));
  const { page, complaints, asked } = await openPage(browser, `${server.origin}/`);
  await holdCall(page);
  await page
    .getByRole('button', { name: /Anruf|Gespräch/ })
    .first()
    .waitFor();
  // The parts come when an attribute asks for them.
  await page.evaluate(() => document.querySelector('voice-agent')!.setAttribute('debug', ''));
  await page.locator('voice-agent-extras').waitFor();
  expect(complaints, 'nothing is missing').toEqual([]);
  for (const file of ['voice-agent.js', 'voice-agent-parts.js', 'locales/de.js'])
    expect(asked).toContain(`${server.origin}/voice-agent/${file}`);
  const strangers = asked.filter((url) => /^https?:/.test(url) && !url.startsWith(server.origin));
  expect(strangers.every((url) => url.startsWith(agent.url))).toBe(true);
  await page.context().close();
});

test('is served by its one command', async () => {
  const program = await example.start('npm', ['start', '--', `--port=${String(await getPort())}`], {
    TOKEN_URL: `${agent.url}/voice-token`,
  });
  const { page, complaints } = await openPage(browser, program.urls[0]!);
  await holdCall(page);
  expect(complaints).toEqual([]);
  await page.context().close();
});
