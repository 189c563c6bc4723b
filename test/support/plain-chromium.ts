/**
 * A Chromium without Playwright. Playwright emulates focus in every page, so its pages are never hidden or frozen.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { chromiumArguments } from './chromium-arguments.mjs';
import { findChromium } from '../../scripts/find-browser.mjs';

const FAKE_MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

export interface PlainPage extends AsyncDisposable {
  /** A command of the DevTools protocol. */
  send(method: string, parameters?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** The value of an expression, awaited. */
  evaluate(expression: string): Promise<unknown>;
}

/** Opens a page in a separate browser whose microphone beeps. */
export async function openPlainPage(url: string): Promise<PlainPage> {
  const executable = await findChromium();
  if (executable === undefined) throw new Error('No Chromium found; `npm test` installs one.');
  const profile = await mkdtemp(join(tmpdir(), 'plain-chromium-'));
  const browser = spawn(
    executable,
    [
      '--headless',
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      ...chromiumArguments,
      ...FAKE_MICROPHONE,
      url,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const exited = once(browser, 'exit');
  const socket = new WebSocket(await pageAddress(browser.stderr, url));
  await once(socket, 'open');
  const send = commandsOver(socket);
  const evaluate = async (expression: string): Promise<unknown> => {
    const options = { expression, awaitPromise: true, returnByValue: true };
    const { result } = await send('Runtime.evaluate', options);
    // An expression whose page is replaced in the meantime never has a result.
    return (result as { value?: unknown } | undefined)?.value;
  };
  while ((await evaluate('location.href + document.readyState')) !== `${url}complete`);
  return {
    send,
    evaluate,
    async [Symbol.asyncDispose]() {
      socket.close();
      browser.kill('SIGKILL');
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The address of the page's DevTools; the browser prints only its own. */
async function pageAddress(stderr: NodeJS.ReadableStream, url: string): Promise<string> {
  for await (const line of createInterface(stderr)) {
    const host = /ws:\/\/([^/]+)\//.exec(line)?.[1];
    if (!host) continue;
    const answer = await fetch(`http://${host}/json/list`);
    const targets = (await answer.json()) as { type: string; url: string; webSocketDebuggerUrl: string }[];
    const page = targets.find((target) => target.type === 'page');
    if (page) return page.webSocketDebuggerUrl;
  }
  throw new Error(`The browser did not open ${url}.`);
}

function commandsOver(socket: WebSocket): PlainPage['send'] {
  const waiting = new Map<number, (answer: Record<string, unknown>) => void>();
  let count = 0;
  socket.on('message', (data) => {
    const { id, result } = JSON.parse((data as Buffer).toString()) as {
      id?: number;
      result?: Record<string, unknown>;
    };
    if (id !== undefined) waiting.get(id)?.(result ?? {});
  });
  return (method, params = {}) =>
    new Promise((resolve) => {
      waiting.set(++count, resolve);
      socket.send(JSON.stringify({ id: count, method, params }));
    });
}
