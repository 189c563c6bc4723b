import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import getPort from 'get-port';
import { installExample, type ExampleProject } from '../support/example-project.js';
import { expectConversation, prepareTalk } from '../support/example-talk.js';
import { holdCall, openPage } from '../support/page-call.js';
import { serveFolder } from '../support/static-server.js';

const talk = prepareTalk();

/** Edits a page's source during a call. The call either continues, or ends like that of a removed tag. There are never two. */
async function expectHotReload(
  example: ExampleProject,
  url: string,
  file: string,
): Promise<'kept' | 'ended'> {
  const { page, consoleErrors } = await openPage(talk.browser, url);
  await page.waitForFunction(() => document.querySelector('#state')?.textContent === 'idle');
  await page.evaluate(() => Object.assign(document.querySelector('voice-agent')!, { isFirst: true }));
  await page.locator('voice-agent .call').first().click();
  await page.waitForFunction(() => document.querySelector('#state')?.textContent === 'speaking');
  const source = join(example.folder, file);
  const text = await readFile(source, 'utf8');
  await writeFile(source, text.replace('The agent is', 'Your agent is'));
  await page.getByText('Your agent is').waitFor();
  const isKept = await page.evaluate(() => 'isFirst' in document.querySelector('voice-agent')!);
  if (isKept) {
    expect(talk.agent.agent.sessionCount).toBe(1);
    await page.locator('voice-agent .call').first().click();
    await page.waitForFunction(() => document.querySelector('#state')?.textContent === 'ended');
  }
  await expect.poll(() => talk.agent.agent.sessionCount, { timeout: 10_000 }).toBe(0);
  // A new call with the current tag works like the first one.
  expect(await holdCall(page)).toMatchObject({ sessionHost: 'worker' });
  expect(consoleErrors).toEqual([]);
  await page.context().close();
  return isKept ? 'kept' : 'ended';
}

for (const [folder, name, file, call] of [
  ['react', 'React', 'src/app.tsx', 'kept'],
  ['vue', 'Vue', 'src/app.vue', 'kept'],
  ['svelte', 'Svelte', 'src/app.svelte', 'ended'],
] as const) {
  describe(`the example for ${name}`, () => {
    let example: ExampleProject;

    beforeAll(async () => {
      example = await installExample(folder);
    });
    afterAll(() => example[Symbol.asyncDispose]());

    test('passes its types, builds for production, and holds one session', async () => {
      process.env['VITE_TOKEN_URL'] = `${talk.agent.url}/voice-token`;
      await example.run('npm', ['run', 'build']);
      expect(await readdir(join(example.folder, 'dist'))).toContain('index.html');
      await using server = await serveFolder(join(example.folder, 'dist'));
      await expectConversation(talk, `${server.origin}/`, name);
    });

    test(`holds one session in development, where React mounts twice; a call whose page is edited is ${call}`, async () => {
      const program = await example.start('npm', ['start', '--', '--host', '127.0.0.1', '--port', '0'], {
        VITE_TOKEN_URL: `${talk.agent.url}/voice-token`,
      });
      await expectConversation(talk, program.urls[0]!, name);
      expect(await expectHotReload(example, program.urls[0]!, file)).toBe(call);
    });
  });
}

describe('the example for Angular', () => {
  let example: ExampleProject;

  beforeAll(async () => {
    example = await installExample('angular');
    const index = join(example.folder, 'src/index.html');
    const html = await readFile(index, 'utf8');
    await writeFile(index, html.replace('http://127.0.0.1:8787', talk.agent.url));
  });
  afterAll(() => example[Symbol.asyncDispose]());

  test('passes strict templates, builds for production, and holds one session', async () => {
    await example.run('npm', ['run', 'build']);
    await using server = await serveFolder(join(example.folder, 'dist'));
    await expectConversation(talk, `${server.origin}/`, 'Angular');
  });

  test('holds one session in development; a call whose page is edited is ended', async () => {
    const parameters = ['start', '--', '--host', '127.0.0.1', '--port', String(await getPort())];
    const program = await example.start('npm', parameters);
    await expectConversation(talk, program.urls[0]!, 'Angular');
    expect(await expectHotReload(example, program.urls[0]!, 'src/app.ts')).toBe('ended');
  });
});
