import { rmSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext } from '@playwright/test';
import { chromiumArguments } from './chromium-arguments.mjs';
import { findChromium } from '../../scripts/find-browser.mjs';
import { scheduleMicrophone, writeMicrophoneFile } from './fake-microphone.js';

export interface ChromiumOptions {
  /** The audio of its microphone, played once. Default: a beep once a second. */
  readonly microphoneWav?: string;
  /**
   * `granted` (default): without a prompt. `denied`: the user refuses. `missing`: no microphone is connected.
   * `silent`: granted and silent, for tests in which a beep would count as speech over the greeting.
   */
  readonly microphone?: 'granted' | 'denied' | 'missing' | 'silent';
  /**
   * Animations run, as for most visitors. Default: the pages prefer reduced motion, because drawing takes a quarter of
   * the processor, and most tests look at something else.
   */
  readonly animated?: boolean;
  /** Further command line switches. */
  readonly switches?: readonly string[];
  /** Replaces the switches of the tests, except those of the microphone. */
  readonly args?: readonly string[];
  /** Starts a separate process, for example with other environment variables; `close()` ends it. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Running browsers, by their switches. Starting one takes longer than most tests. */
const shared = new Map<string, Promise<Browser>>();

/**
 * A headless Chromium whose microphone is a file, and which renders audio without a sound card. Browsers with the same
 * switches share one process; `close()` closes only the pages that were opened through the returned object.
 */
export async function launchChromium(options: ChromiumOptions = {}): Promise<Browser> {
  const wav = options.microphone === 'silent' ? await silentFile() : options.microphoneWav;
  const args = [
    ...(options.args ?? [...chromiumArguments, ...microphoneSwitches(options)]),
    ...(wav === undefined ? [] : [`--use-file-for-fake-audio-capture=${wav}%noloop`]),
    ...(options.switches ?? []),
  ];
  // Every test has its own microphone file.
  if (options.env ?? options.microphoneWav)
    return withPagesOfItsOwn(await launch(args, { ...process.env, ...options.env }), options, true);
  const key = args.join(' ');
  const known = await shared.get(key)?.catch(() => undefined);
  if (!known?.isConnected()) shared.set(key, launch(args));
  return withPagesOfItsOwn(await shared.get(key)!, options);
}

let silence: Promise<string> | undefined;

/** Deleted when the process ends. */
function silentFile(): Promise<string> {
  return (silence ??= writeMicrophoneFile(scheduleMicrophone([])).then(({ folder, path }) => {
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return path;
  }));
}

async function launch(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === undefined) throw new Error('No Chromium found; `npm test` installs one.');
  return chromium.launch({ executablePath, args: [...args], env });
}

/** @param isWhole `close()` ends the browser, too. */
function withPagesOfItsOwn(browser: Browser, { animated }: ChromiumOptions, isWhole = false): Browser {
  const opened: BrowserContext[] = [];
  const reducedMotion = animated ? 'no-preference' : 'reduce';
  const newContext: Browser['newContext'] = async (options) => {
    const context = await browser.newContext({ reducedMotion, ...options });
    // tsx inserts calls of this helper into functions, and such functions are sent to the page.
    await context.addInitScript('globalThis.__name ??= (value) => value');
    opened.push(context);
    return context;
  };
  const own: Partial<Browser> = {
    newContext,
    newPage: async (options) => (await newContext(options)).newPage(),
    close: async () => {
      await Promise.all(opened.splice(0).map((context) => context.close()));
      if (isWhole) await browser.close();
    },
  };
  return new Proxy(browser, {
    get(target, name) {
      const value: unknown = Reflect.get(name in own ? own : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

function microphoneSwitches({ microphone = 'granted' }: ChromiumOptions): string[] {
  if (microphone === 'missing') return [];
  const switches = ['--use-fake-device-for-media-stream'];
  // Without the fake prompt, requests of a page without permission are refused.
  if (microphone !== 'denied') switches.push('--use-fake-ui-for-media-stream');
  return switches;
}
