/** A call of the built element with a scripted server, in a browser that Playwright does not control. */
import { setTimeout as delay } from 'node:timers/promises';
import { agentPageHtml, type Block, type EventName, type PageEvent } from '../support/agent-page.js';
import { servePage } from '../support/page-server.js';
import type { ScriptedCall } from '../support/scripted-call.js';
import { ScriptedServer } from '../support/scripted-server.js';
import { decodeRecordings, type SpeakerRecording } from '../support/speaker-recorder.js';
import { installRecorder } from '../support/speaker-recorder-page.js';
import type { RemotePage } from './remote-page.js';

const WAIT_MS = 30_000;
const LOOK_MS = 100;

export class RemoteCall implements AsyncDisposable {
  readonly page: RemotePage;
  readonly call: ScriptedCall;
  readonly #dispose: () => Promise<void>;

  private constructor(page: RemotePage, call: ScriptedCall, dispose: () => Promise<void>) {
    this.page = page;
    this.call = call;
    this.#dispose = dispose;
  }

  /**
   * Starts a call. Resolves when the session is ready.
   * @param attributes further attributes of the tag
   */
  static async open(
    openPage: () => Promise<RemotePage>,
    attributes: Readonly<Record<string, string>> = {},
  ): Promise<RemoteCall> {
    const opened: AsyncDisposable[] = [];
    const keep = <T extends AsyncDisposable>(one: T): T => {
      opened.push(one);
      return one;
    };
    const dispose = async (): Promise<void> => {
      for (const one of opened.toReversed()) await one[Symbol.asyncDispose]();
    };
    try {
      const server = keep(await ScriptedServer.listen());
      const html = agentPageHtml({ 'server-url': server.url, token: 'a-token', ...attributes });
      const recorder = `<script>(${installRecorder.toString()})({})</script>`;
      const web = keep(await servePage(html.replace('<script>', `${recorder}<script>`)));
      const page = keep(await openPage());
      await page.goto(web.url);
      await page.evaluate(async () => {
        await customElements.whenDefined('voice-agent');
        await window.agent.start();
      });
      return new RemoteCall(page, await server.call(), dispose);
    } catch (error) {
      await dispose();
      throw error;
    }
  }

  async events<Name extends EventName>(type: Name): Promise<PageEvent<Name>[]> {
    const all = await this.page.evaluate(() => window.agentEvents);
    return all.filter((event): event is PageEvent<Name> => event.type === type);
  }

  /** @throws Error if they do not arrive within 30 s */
  async waitForEvents<Name extends EventName>(type: Name, count = 1): Promise<PageEvent<Name>[]> {
    const untilMs = Date.now() + WAIT_MS;
    for (;;) {
      const events = await this.events(type);
      if (events.length >= count) return events;
      if (Date.now() > untilMs) throw new Error(`${count} × ${type} did not come, only ${events.length}.`);
      await delay(LOOK_MS);
    }
  }

  /** The reported errors, without those about the connection that a busy machine causes. */
  async faults(): Promise<string[]> {
    const codes = (await this.events('agent-error')).map(({ detail }) => detail.code);
    return codes.filter((code) => code !== 'microphone_audio_dropped');
  }

  async readSpeaker(): Promise<SpeakerRecording> {
    const latest = decodeRecordings(await this.page.evaluate(() => window.speakerRecorder.read())).at(-1);
    if (!latest) throw new Error('The page has not connected anything to the speaker.');
    return latest;
  }

  /** Keeps the page's main thread busy from a given time on. */
  block(atEpochMs: number, durationMs: number): Promise<Block> {
    return this.page.evaluate(
      (at: number, ms: number) =>
        new Promise<Block>((resolve) => {
          setTimeout(() => {
            const fromEpochMs = Date.now();
            while (Date.now() - fromEpochMs < ms);
            resolve({ fromEpochMs, toEpochMs: Date.now() });
          }, at - Date.now());
        }),
      atEpochMs,
      durationMs,
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#dispose();
  }
}
