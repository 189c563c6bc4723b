import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AgentRecording } from '../../agent/recording.js';
import { startAgent, type AgentServer } from '../../agent/server.js';
import { Voice } from '../../agent/voice.js';
import { installExample, type ExampleProject } from '../support/example-project.js';
import { holdCall, launchQuietChromium, openPage } from '../support/page-call.js';
import { serveFolder } from '../support/static-server.js';

let agent: AgentServer;
let recording: AgentRecording;
let browser: Browser;

beforeAll(async () => {
  agent = await startAgent();
  recording = new AgentRecording(agent.events);
  // The first words of a process take long on a busy machine.
  await Voice.shared.speak('Hello.', 'alba', 24_000);
  browser = await launchQuietChromium();
});

afterAll(async () => {
  await browser.close();
  await agent.close();
});

/** Talks on a page of the example, and looks at what the framework made of events, properties and the session. */
async function expectConversation(url: string, name: string): Promise<void> {
  const before = recording.connections.length;
  const { page, complaints } = await openPage(browser, url);
  await page.waitForFunction(() => document.querySelector('#state')?.textContent === 'idle');
  await holdCall(page);
  await page.waitForFunction(() => document.querySelector('#state')?.textContent === 'ended');
  expect(await page.locator('#words').textContent()).toContain(`Hello from ${name}`);
  expect(complaints).toEqual([]);
  const sessions = recording.connections.slice(before);
  expect(sessions).toHaveLength(1);
  const update = sessions[0]!.clientMessages.find(({ message }) => message.type === 'session.update');
  expect(JSON.stringify(update)).toContain('get_time');
  await page.context().close();
}

for (const [folder, name] of [
  ['react', 'React'],
  ['vue', 'Vue'],
  ['svelte', 'Svelte'],
] as const) {
  describe(`the example for ${name}`, () => {
    let example: ExampleProject;

    beforeAll(async () => {
      example = await installExample(folder);
    });
    afterAll(() => example[Symbol.asyncDispose]());

    test('passes its types, builds for production, and holds one session', async () => {
      process.env['VITE_TOKEN_URL'] = `${agent.url}/voice-token`;
      await example.run('npm', ['run', 'build']);
      expect(await readdir(join(example.folder, 'dist'))).toContain('index.html');
      await using server = await serveFolder(join(example.folder, 'dist'));
      await expectConversation(`${server.origin}/`, name);
    });

    test('holds one session in development, where modules are replaced and React mounts twice', async () => {
      const program = await example.start('npx', ['vite', '--host', '127.0.0.1', '--port', '0'], {
        VITE_TOKEN_URL: `${agent.url}/voice-token`,
      });
      await expectConversation(program.urls[0]!, name);
    });
  });
}

describe('the example for Angular', () => {
  let example: ExampleProject;

  beforeAll(async () => {
    example = await installExample('angular');
  });
  afterAll(() => example[Symbol.asyncDispose]());

  test('passes strict templates, builds for production, and holds one session', async () => {
    await example.run('npm', ['run', 'build']);
    const index = join(example.folder, 'dist/index.html');
    const html = await readFile(index, 'utf8');
    await writeFile(index, html.replace('http://127.0.0.1:8787', agent.url));
    await using server = await serveFolder(join(example.folder, 'dist'));
    await expectConversation(`${server.origin}/`, 'Angular');
  });
});
