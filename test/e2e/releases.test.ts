/** Files of two releases in one folder, because of a cache or an incomplete upload. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, type Browser } from '@playwright/test';
import { projectRoot } from '../../scripts/project-root.mjs';
import { readEvents, startCall, stopCall, waitForState } from '../support/agent-page.js';
import { openBuiltPage } from '../support/built-page.js';
import { launchQuietChromium } from '../support/page-call.js';

let browser: Browser;
test.beforeAll(async () => {
  browser = await launchQuietChromium();
});
test.afterAll(() => browser.close());

/** A file of the strict build from another release. */
async function ofAnotherRelease(file: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(projectRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  const text = await readFile(join(projectRoot, 'dist/strict', file), 'utf8');
  const changed = text.replaceAll(version, '99.0.0');
  expect(changed, `${file} says its version`).not.toBe(text);
  return changed;
}

/** Without Workers, the session is loaded into the page. */
const withoutWorkers = {
  prepare: (page: { addInitScript(script: string): Promise<unknown> }) =>
    page.addInitScript('delete window.Worker'),
};

for (const [file, more] of [
  ['session-worker.js', {}],
  ['session.js', withoutWorkers],
  ['voice-processor.js', {}],
] as const)
  test(`${file} of another release ends the call with version_mismatch`, async () => {
    const files = { [`strict/${file}`]: await ofAnotherRelease(file) };
    await using built = await openBuiltPage(browser, { script: 'strict/voice-agent.js', files, ...more });
    expect(await startCall(built.page)).toBe('version_mismatch');
    const [error] = await readEvents(built.page, 'agent-error');
    expect(error?.detail).toMatchObject({ code: 'version_mismatch', fatal: true });
    expect(error?.detail.message).toMatch(new RegExp(`^${file} is version`));
    expect(error?.detail.hint).toMatch(/together/);
  });

test('embedded scripts replace files of another release', async () => {
  const files = {
    'strict/session-worker.js': await ofAnotherRelease('session-worker.js'),
  };
  await using built = await openBuiltPage(browser, { files, attributes: { 'asset-base': '/dist/strict' } });
  expect(await startCall(built.page)).toBeUndefined();
  await waitForState(built.page, 'listening');
  await stopCall(built.page);
});

test('files of one release talk to each other', async () => {
  await using built = await openBuiltPage(browser, { script: 'strict/voice-agent.js' });
  expect(await startCall(built.page)).toBeUndefined();
  await waitForState(built.page, 'listening');
  await stopCall(built.page);
});
