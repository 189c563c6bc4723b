/** Firefox, controlled by its own WebDriver BiDi. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Index as BidiConnection } from 'selenium-webdriver/bidi/index.js';
import { servePage } from '../support/page-server.js';
import { ChildProgram } from './processes.js';
import { startPulseAudio, type PulseAudio } from './pulse-audio.js';
import { callText, resultOf, type RemotePage } from './remote-page.js';

/** The module exports the class itself, which its types name `Index`. */
const Bidi = createRequire(import.meta.url)('selenium-webdriver/bidi/index.js') as typeof BidiConnection;

const PREFERENCES: Readonly<Record<string, string | number | boolean>> = {
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.navigator.permission.disabled': true,
  'media.navigator.streams.fake': true,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.disabledForTesting': true,
  'browser.shell.checkDefaultBrowser': false,
};

interface Answer {
  readonly result?: unknown;
  readonly error?: string;
  readonly message?: string;
}

/** @throws Error with the browser's own message */
async function ask<Result>(connection: BidiConnection, method: string, params: object = {}): Promise<Result> {
  const { result, error, message } = (await connection.send({ method, params: { ...params } })) as Answer;
  if (error !== undefined) throw new Error(`${method}: ${error}: ${message ?? ''}`);
  return result as Result;
}

/** In one start of four, Firefox's tab deadlocks with PulseAudio before any of our code runs. */
const STARTS = 8;
/** A tab that has not played a quantum by then has deadlocked. */
const DEADLOCKED_MS = 20_000;

/**
 * Starts a Firefox with working audio. If one has deadlocked, it is ended and another one is started.
 *
 * @param speakerRateHz of the system's loudspeaker
 * @param devices a sound server with its own microphone, instead of a loudspeaker and a tone
 * @throws Error if no start succeeds
 */
export async function openFirefox(speakerRateHz = 48_000, devices?: PulseAudio): Promise<RemotePage> {
  await using web = await servePage('<!doctype html><title>Probe</title>');
  for (let start = 1; start <= STARTS; start += 1) {
    const page = await startFirefox(speakerRateHz, devices);
    if (await playsSound(page, web.url)) {
      await page.goto('about:blank');
      return page;
    }
    console.log(`Firefox deadlocked with PulseAudio before the test; start ${start} of ${STARTS}.`);
    await page[Symbol.asyncDispose]();
  }
  throw new Error(`Firefox deadlocked with PulseAudio in each of ${STARTS} starts.`);
}

/** Whether audio runs in both directions, on a page without our code. */
async function playsSound(page: RemotePage, url: string): Promise<boolean> {
  const probe = async (): Promise<boolean> => {
    await page.goto(url);
    return page.evaluate(async () => {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const context = new AudioContext();
      context.createMediaStreamSource(stream).connect(context.destination);
      while (context.currentTime < 0.2) await new Promise((next) => setTimeout(next, 10));
      for (const track of stream.getTracks()) track.stop();
      await context.close();
      return true;
    });
  };
  const deadlocked = delay(DEADLOCKED_MS, false, { ref: false });
  return Promise.race([probe().catch(() => false), deadlocked]);
}

async function startFirefox(speakerRateHz: number, devices?: PulseAudio): Promise<RemotePage> {
  const command = process.env['FIREFOX_PATH'] ?? 'firefox-esr';
  const pulse = devices ?? (await startPulseAudio([], speakerRateHz));
  const profile = await mkdtemp(join(tmpdir(), 'firefox-'));
  const preferences = { ...PREFERENCES, 'media.navigator.streams.fake': !devices };
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(join(profile, 'user.js'), `${lines.join('\n')}\n`);
  const parameters = ['--headless', '--remote-debugging-port=0', '--profile', profile, '--no-remote'];
  const program = new ChildProgram(command, parameters, pulse.env);
  const dispose = async (): Promise<void> => {
    await program[Symbol.asyncDispose]();
    if (!devices) await pulse[Symbol.asyncDispose]();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const [, url] = await program.printed(/WebDriver BiDi listening on (ws:\S+)/);
    const connection = new Bidi(`${url ?? ''}/session`);
    await ask(connection, 'session.new', { capabilities: {} });
    const { context } = await ask<{ context: string }>(connection, 'browsingContext.create', { type: 'tab' });
    return {
      name: 'Firefox',
      async goto(address) {
        await ask(connection, 'browsingContext.navigate', { context, url: address, wait: 'complete' });
      },
      async evaluate(run, ...values) {
        const { result, exceptionDetails } = await ask<{
          result?: { value: string };
          exceptionDetails?: { text: string };
        }>(connection, 'script.evaluate', {
          expression: callText(run, values),
          awaitPromise: true,
          target: { context },
          userActivation: true,
        });
        if (!result) throw new Error(`In the page: ${exceptionDetails?.text ?? 'no result'}`);
        return resultOf(result.value) as never;
      },
      async perform(actions) {
        await ask(connection, 'input.performActions', { context, actions });
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
