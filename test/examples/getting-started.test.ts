/** Runs the commands and code of the getting-started guide in an empty folder, up to the first call. `wordpress.test.ts` tests WordPress. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/project-root.mjs';
import { startProgram } from '../support/example-project.js';
import { prepareTalk } from '../support/example-talk.js';
import { packCheckout, runIn } from '../support/packed-project.js';
import { holdCall, openPage } from '../support/page-call.js';
import { codeBlocks } from '../support/readme-blocks.js';

const talk = prepareTalk();
let base: string;
let tarball: string;
let guide: string;

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'voice-agent-newcomer-'));
  tarball = await packCheckout(base);
  guide = await readFile(join(projectRoot, 'docs/guides/getting-started.md'), 'utf8');
});

afterAll(() => rm(base, { recursive: true, force: true }));

/** The code of one section. The tarball replaces the published package, and a free port the agent's usual one. */
function section(title: string): string[] {
  const text = guide.split(/^## /m).find((each) => each.startsWith(`${title}\n`)) ?? '';
  return codeBlocks(text).map(({ code }) =>
    code
      .replace(/(npm install .*)voice-agent-element/, `$1${tarball}`)
      .replaceAll('http://localhost:8787', `http://localhost:${String(talk.agent.port)}`),
  );
}

/** Starts a server by the last command of a section. */
const serve = (folder: string, command: string) =>
  startProgram(folder, 'sh', ['-c', command], { NEXT_TELEMETRY_DISABLED: '1' });

/** @param open makes the call button visible */
async function expectFirstWord(url: string, open?: string): Promise<void> {
  const { page, consoleErrors } = await openPage(talk.browser, url);
  if (open !== undefined) await page.locator(open).click();
  await holdCall(page, () => page.getByText('Hello there!').first().waitFor());
  expect(consoleErrors).toEqual([]);
  await page.context().close();
}

test('in plain HTML, with one line and with the tag', async () => {
  const [install = '', line = '', start = '', tag = ''] = section('Plain HTML');
  const folder = await mkdtemp(join(base, 'plain-'));
  await runIn(folder, 'sh', ['-ec', install]);
  expect(line.trim()).not.toContain('\n');
  await writeFile(join(folder, 'index.html'), line);
  await using server = await serve(folder, start);
  await expectFirstWord(server.urls[0]!, 'voice-agent .launcher');
  await writeFile(join(folder, 'index.html'), tag);
  await expectFirstWord(server.urls[0]!);
});

test('in Next.js', async () => {
  const [install = '', page = '', start = ''] = section('Next.js');
  const folder = await mkdtemp(join(base, 'next-'));
  await runIn(folder, 'sh', ['-ec', install.replace('npx ', 'npx --yes ')]);
  await writeFile(join(folder, 'shop/app/page.tsx'), page);
  await using server = await serve(join(folder, 'shop'), start);
  await expectFirstWord(server.urls[0]!);
});
