import type { Browser, Page } from '@playwright/test';
import { openAgentPage, serveAgentPage, startCall, waitForEvents } from './agent-page.js';
import { scheduleMicrophone, writeMicrophoneFile, type MicrophoneEvent } from './fake-microphone.js';
import { launchChromium } from './launch-chromium.js';
import type { PageServer } from './page-server.js';
import type { ScriptedCall } from './scripted-call.js';
import { ScriptedServer } from './scripted-server.js';
import { recordSpeaker } from './speaker-recorder.js';

export interface OpenPageOptions {
  /** The audio of the microphone; default: silence. */
  readonly microphone?: readonly MicrophoneEvent[];
  /** Attributes of the tag. */
  readonly attributes: Readonly<Record<string, string>>;
  /**
   * Turns off echo cancellation, although the element requests it. Chromium's canceller attenuates a steady tone by a few
   * percent, which would disturb tests of the encodings.
   */
  readonly withoutEchoCancellation?: boolean;
  /** Animations run. */
  readonly animated?: boolean;
  /** Before the page's own scripts run. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** Opens a recorded page with the built element in a separate browser, without a call. */
export interface TestPage extends AsyncDisposable {
  readonly browser: Browser;
  readonly page: Page;
  readonly web: PageServer;
}

export async function openTestPage({
  microphone = [],
  attributes,
  withoutEchoCancellation = false,
  animated = false,
  prepare,
}: OpenPageOptions): Promise<TestPage> {
  const file = microphone.length > 0 ? await writeMicrophoneFile(scheduleMicrophone(microphone)) : undefined;
  const web = await serveAgentPage(attributes);
  const browser = await launchChromium({
    animated,
    ...(file ? { microphoneWav: file.path } : { microphone: 'silent' }),
  });
  const page = await browser.newPage();
  await recordSpeaker(page);
  if (withoutEchoCancellation) await page.addInitScript(switchEchoCancellationOff);
  await prepare?.(page);
  await openAgentPage(page, web.url);
  return {
    browser,
    page,
    web,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await web[Symbol.asyncDispose]();
      await file?.[Symbol.asyncDispose]();
    },
  };
}

/** Runs in the page. */
function switchEchoCancellationOff(): void {
  const original = MediaDevices.prototype.getUserMedia;
  MediaDevices.prototype.getUserMedia = function (
    this: MediaDevices,
    constraints: MediaStreamConstraints = {},
  ) {
    const asked = typeof constraints.audio === 'object' ? constraints.audio : {};
    return original.call(this, { ...constraints, audio: { ...asked, echoCancellation: false } });
  };
}

/** A call between the element and a scripted server. */
export interface OpenCall extends TestPage {
  readonly server: ScriptedServer;
  readonly call: ScriptedCall;
}

/** Opens a page and starts a call; resolves at `session-ready`. */
export async function openCall(options: Partial<OpenPageOptions> = {}): Promise<OpenCall> {
  const server = await ScriptedServer.listen();
  const attributes = { 'server-url': server.url, token: 'a-token', ...options.attributes };
  const opened = await openTestPage({ ...options, attributes });
  const dispose = async (): Promise<void> => {
    await opened[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  };
  try {
    const refusal = await startCall(opened.page);
    if (refusal !== undefined) throw new Error(`The call did not start: ${refusal}.`);
    await waitForEvents(opened.page, 'session-ready');
    return { ...opened, server, call: await server.call(), [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** 2 s. The worklet watches the output for 1 s after a microphone was opened. */
const STEADY_PACKETS = 40;

/** Before that, a stall of the output on a busy machine would pause a reply, as for a Bluetooth headset. */
export async function untilOutputIsSteady(call: ScriptedCall): Promise<void> {
  await call.until('sound of two seconds', () => call.packets.length >= STEADY_PACKETS);
}
