/** WebKitGTK's MiniBrowser, controlled by classic WebDriver, on a virtual screen. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import getPort from 'get-port';
import { Builder } from 'selenium-webdriver';
import { Command, Name } from 'selenium-webdriver/lib/command.js';
import { ChildProgram } from './processes.js';
import { ANSWER_MS, callText, resultOf, type RemotePage } from './remote-page.js';

const START_MS = 30_000;
const SCREEN = ['-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
const BROWSER_OPTIONS = ['--automation', '--autoplay-policy=allow', '--features=+MockCaptureDevices'];

const serverOf = (port: number): string => `http://127.0.0.1:${port}`;

/** Debian installs it in a folder of the library. */
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

async function untilReady(port: number): Promise<void> {
  const startedAtMs = Date.now();
  for (;;) {
    try {
      await fetch(`${serverOf(port)}/status`);
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
  // Without xvfb-run, which leaves both programs running when it is ended.
  const screen = new ChildProgram('Xvfb', ['-displayfd', '1', ...SCREEN]);
  const programs: AsyncDisposable[] = [screen];
  const end = async (): Promise<void> => {
    for (const program of programs.toReversed()) await program[Symbol.asyncDispose]();
  };
  try {
    const [display] = await screen.printed(/^\d+$/m);
    const env = { ...process.env, DISPLAY: `:${display}` };
    programs.push(new ChildProgram('WebKitWebDriver', [`--port=${port}`, '--host=127.0.0.1'], env));
    await untilReady(port);
    const driver = await new Builder()
      .disableEnvironmentOverrides()
      .usingServer(serverOf(port))
      .withCapabilities({
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary, args: BROWSER_OPTIONS },
      })
      .build();
    await driver.manage().setTimeouts({ script: ANSWER_MS, pageLoad: ANSWER_MS });
    return {
      name: 'WebKit',
      goto: (url) => driver.get(url),
      async evaluate(run, ...values) {
        const script = `const settle = arguments[arguments.length - 1]; ${callText(run, values)}.then(settle);`;
        return resultOf(await driver.executeAsyncScript(script)) as never;
      },
      perform: (actions) => driver.execute(new Command(Name.ACTIONS).setParameter('actions', actions)),
      async [Symbol.asyncDispose]() {
        await driver.quit().catch(() => undefined);
        await end();
      },
    };
  } catch (error) {
    await end();
    throw error;
  }
}
