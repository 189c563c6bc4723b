/** WebKitGTK's MiniBrowser by classic WebDriver, on a screen that nobody sees. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import getPort from 'get-port';
import { ChildProgram } from './processes.js';
import { ANSWER_MS, callText, resultOf, type RemotePage } from './remote-page.js';

const START_MS = 30_000;

/** Debian hides it in a folder of the library. */
async function findMiniBrowser(): Promise<string> {
  const named = process.env['MINIBROWSER_PATH'];
  if (named) return named;
  for (const library of ['libwebkit2gtk-4.1-0', 'libwebkitgtk-6.0-4', 'libwebkit2gtk-4.0-37']) {
    try {
      const { stdout } = await promisify(execFile)('dpkg', ['-L', library]);
      const found = stdout.split('\n').find((line) => line.endsWith('/MiniBrowser'));
      if (found) return found;
    } catch {
      // Another version may be installed.
    }
  }
  throw new Error('No MiniBrowser found; set MINIBROWSER_PATH.');
}

class WebDriver {
  readonly #base: string;
  #session = '';

  constructor(port: number) {
    this.#base = `http://127.0.0.1:${port}`;
  }

  async start(binary: string): Promise<void> {
    const browserOptions = {
      binary,
      args: ['--automation', '--autoplay-policy=allow', '--features=+MockCaptureDevices'],
    };
    const { sessionId } = await this.#send<{ sessionId: string }>('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': browserOptions } },
    });
    this.#session = `/session/${sessionId}`;
    await this.send('POST', '/timeouts', { script: ANSWER_MS, pageLoad: ANSWER_MS });
  }

  send<Result>(method: string, path: string, body?: unknown): Promise<Result> {
    return this.#send(method, this.#session + path, body);
  }

  async #send<Result>(method: string, path: string, body?: unknown): Promise<Result> {
    const response = await fetch(this.#base + path, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS + 5_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const { value } = (await response.json()) as { value: unknown };
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value as Result;
  }
}

async function untilReady(port: number): Promise<void> {
  const startedAtMs = Date.now();
  for (;;) {
    try {
      await fetch(`http://127.0.0.1:${port}/status`);
      return;
    } catch (error) {
      if (Date.now() - startedAtMs > START_MS) throw error;
      await delay(100);
    }
  }
}

export async function openWebKit(): Promise<RemotePage> {
  const binary = await findMiniBrowser();
  const port = await getPort();
  const driverOptions = ['WebKitWebDriver', `--port=${port}`, '--host=127.0.0.1'];
  const program = new ChildProgram('xvfb-run', ['-a', ...driverOptions]);
  try {
    await untilReady(port);
    const driver = new WebDriver(port);
    await driver.start(binary);
    return {
      name: 'WebKit',
      async goto(url) {
        await driver.send('POST', '/url', { url });
      },
      async evaluate(run, ...values) {
        const script = `const settle = arguments[arguments.length - 1]; ${callText(run, values)}.then(settle);`;
        return resultOf(await driver.send<string>('POST', '/execute/async', { script, args: [] })) as never;
      },
      async perform(actions) {
        await driver.send('POST', '/actions', { actions });
      },
      async [Symbol.asyncDispose]() {
        await driver.send('DELETE', '').catch(() => undefined);
        await program[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}
