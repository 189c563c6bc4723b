/** Errors in the browser's developer tools, from the page and the Worker, show the source file and line. */
import { originalPositionFor, sourceContentFor, TraceMap } from '@jridgewell/trace-mapping';
import { expect, test, type CDPSession } from '@playwright/test';
import { startCall, stopCall, waitForState } from '../support/agent-page.js';
import { openBuiltPage } from '../support/built-page.js';
import { launchQuietChromium } from '../support/page-call.js';
import { firstRows } from '../support/sample.js';

interface Frame {
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}
interface Script {
  readonly url: string;
  readonly sourceMapURL: string;
}
interface Thrown {
  readonly exceptionDetails: {
    readonly exception?: { readonly description?: string };
    readonly stackTrace?: { readonly callFrames: readonly Frame[] };
  };
}

/** A debugger session for one thread. */
class Tools {
  readonly #scripts: Script[] = [];
  readonly #thrown: Thrown[] = [];

  note(method: string, params: unknown): void {
    if (method === 'Debugger.scriptParsed') this.#scripts.push(params as Script);
    if (method === 'Runtime.exceptionThrown') this.#thrown.push(params as Thrown);
  }

  /** The stack frames of the error with this message, each with its source: `src/client/tool-calls.ts: return …`. */
  async frames(message: string): Promise<string[]> {
    const said = ({ exceptionDetails }: Thrown): boolean =>
      Boolean(exceptionDetails.exception?.description?.includes(message));
    await expect.poll(() => this.#thrown.some(said), `"${message}" is in the console`).toBe(true);
    const { callFrames = [] } = this.#thrown.find(said)?.exceptionDetails.stackTrace ?? {};
    return Promise.all(callFrames.map((frame) => this.#original(frame)));
  }

  async #original({ url, lineNumber, columnNumber }: Frame): Promise<string> {
    const script = this.#scripts.find((each) => each.url === url && each.sourceMapURL);
    if (!script) return url;
    const map = new TraceMap(await (await fetch(new URL(script.sourceMapURL, url))).text());
    const { source, line } = originalPositionFor(map, { line: lineNumber + 1, column: columnNumber });
    const text = source === null ? null : sourceContentFor(map, source);
    return `${source ?? url}: ${text?.split('\n')[(line ?? 0) - 1]?.trim() ?? ''}`;
  }
}

/** The page's own thread. */
async function toolsOfPage(session: CDPSession): Promise<Tools> {
  const tools = new Tools();
  session.on('Debugger.scriptParsed', (params) => tools.note('Debugger.scriptParsed', params));
  session.on('Runtime.exceptionThrown', (params) => tools.note('Runtime.exceptionThrown', params));
  await session.send('Debugger.enable');
  await session.send('Runtime.enable');
  return tools;
}

/** The Worker's thread, from its first script on. */
async function toolsOfWorker(session: CDPSession): Promise<Tools> {
  const tools = new Tools();
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    const orders = ['Debugger.enable', 'Runtime.enable', 'Runtime.runIfWaitingForDebugger'];
    // Other threads, such as the worklet's, are only resumed.
    for (const [id, method] of (targetInfo.type === 'worker' ? orders : orders.slice(2)).entries())
      void session.send('Target.sendMessageToTarget', {
        sessionId,
        message: JSON.stringify({ id, method }),
      });
  });
  session.on('Target.receivedMessageFromTarget', ({ message }) => {
    const { method = '', params } = JSON.parse(message) as { method?: string; params?: unknown };
    tools.note(method, params);
  });
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: true,
    flatten: false,
  });
  return tools;
}

for (const [index, script] of ['voice-agent.js', 'strict/voice-agent.js'].entries())
  test(`${script}: an error shows the source file and line`, firstRows(1, index), async () => {
    const browser = await launchQuietChromium();
    try {
      await using built = await openBuiltPage(browser, {
        script,
        attributes: { 'text-input': '' },
        prepare: (page) =>
          page.addInitScript(() => {
            window.Worker = class extends Worker {
              constructor(...given: ConstructorParameters<typeof Worker>) {
                super(...given);
                Object.assign(window, { madeWorker: this });
              }
            };
          }),
      });
      const session = await built.page.context().newCDPSession(built.page);
      const onPage = await toolsOfPage(session);
      const inWorker = await toolsOfWorker(session);
      await built.page.evaluate(() => {
        const handler = (): never => {
          throw new RangeError('There is no weather.');
        };
        const tool = { name: 'weather', description: 'Tells the weather.', handler };
        Object.assign(window.agent, { tools: [tool], toolTiming: 'immediate' });
      });
      expect(await startCall(built.page)).toBeUndefined();
      await waitForState(built.page, 'listening');

      await built.page.evaluate(() => (window.agent as unknown as Talking).say('weather'));
      expect(await onPage.frames('There is no weather.')).toContainEqual(
        expect.stringMatching(
          /^voice-agent-element:\/\/\/src\/client\/tool-calls\.ts: .*tool\?\.handler\?\.\(/,
        ),
      );

      await built.page.evaluate(() =>
        (window as unknown as { madeWorker: Worker }).madeWorker.postMessage({
          type: 'request',
          method: 'noSuchMethod',
          args: [],
        }),
      );
      const [first] = await inWorker.frames('TypeError');
      expect(first).toMatch(/^voice-agent-element:\/\/\/src\/worker\/session-runner\.ts: .*data\.method/);
      await stopCall(built.page);
    } finally {
      await browser.close();
    }
  });

test('a script that was imported from a blob has no folder for maps, and its calls work', async () => {
  const browser = await launchQuietChromium();
  try {
    const blob = `const text = await (await fetch('/dist/voice-agent.js')).text();
      await import(URL.createObjectURL(new Blob([text], { type: 'text/javascript' })));`;
    await using built = await openBuiltPage(browser, {
      script: 'from-blob.js',
      files: { 'from-blob.js': blob },
      attributes: { greeting: 'Hello.' },
    });
    expect(await startCall(built.page)).toBeUndefined();
    await waitForState(built.page, 'speaking');
    await stopCall(built.page);
  } finally {
    await browser.close();
  }
});

interface Talking {
  say(text: string): void;
}
