/** A call on a page whose devices a test can unplug, replace and withhold. */
import type { Browser, BrowserContextOptions, Page } from '@playwright/test';
import { chromiumArguments } from './chromium-arguments.mjs';
import { openAgentPage, serveAgentPage, startCall, waitForEvents } from './agent-page.js';
import { launchChromium } from './launch-chromium.js';
import type { ScriptedCall } from './scripted-call.js';
import { ScriptedServer } from './scripted-server.js';
import { readSpeaker, recordSpeaker, type SpeakerRecording } from './speaker-recorder.js';

declare global {
  interface Window {
    /** Every AudioContext of the page. */
    audioContexts: AudioContext[];
    devices: {
      /** From now on no microphone is found. */
      unplugged: boolean;
      /** While this is set, requests for a microphone are not answered. */
      held: boolean;
      /** Number of unanswered requests. */
      pending: number;
      /** Replaces the label of tracks. */
      label: string | undefined;
      /** The list begins with its second microphone. */
      swapped: boolean;
      /** The list begins with its second speaker. */
      speakersSwapped: boolean;
      /** Id of a speaker that is not connected. */
      speakerUnplugged: string | undefined;
      /** Maximum number of simultaneously live tracks. */
      mostLiveTracks: number;
      /** Number of requests for a microphone, granted or not. */
      asked: number;
      /** `Date.now()` when the page received each track. */
      openedAtEpochMs: number[];
    };
  }
}

/**
 * Playwright sends this function to the page as text. It wraps the browser's fake devices, because no switch of the
 * browser unplugs one during a call.
 */
function installDevices(): void {
  window.audioContexts = [];
  window.devices = {
    unplugged: false,
    held: false,
    pending: 0,
    label: undefined,
    swapped: false,
    speakersSwapped: false,
    speakerUnplugged: undefined,
    mostLiveTracks: 0,
    asked: 0,
    openedAtEpochMs: [],
  };
  window.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      window.audioContexts.push(this);
    }
  };
  const { mediaDevices } = navigator;
  const tracks: MediaStreamTrack[] = [];
  const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (constraints) => {
    window.devices.asked++;
    window.devices.pending++;
    while (window.devices.held) await new Promise((next) => setTimeout(next, 10));
    window.devices.pending--;
    if (window.devices.unplugged) throw new DOMException('Requested device not found', 'NotFoundError');
    const stream = await getUserMedia(constraints);
    const { label } = window.devices;
    for (const track of stream.getAudioTracks()) {
      if (label !== undefined) Object.defineProperty(track, 'label', { value: label });
      tracks.push(track);
    }
    const live = tracks.filter(({ readyState }) => readyState === 'live').length;
    window.devices.mostLiveTracks = Math.max(window.devices.mostLiveTracks, live);
    window.devices.openedAtEpochMs.push(Date.now());
    return stream;
  };
  const enumerateDevices = mediaDevices.enumerateDevices.bind(mediaDevices);
  mediaDevices.enumerateDevices = async () => {
    const list = await enumerateDevices();
    const { swapped, speakersSwapped, unplugged, speakerUnplugged } = window.devices;
    const of = (wanted: MediaDeviceKind, reverse: boolean) => {
      const found = list.filter(({ kind }) => kind === wanted);
      return reverse ? found.reverse() : found;
    };
    const microphones = unplugged ? [] : of('audioinput', swapped);
    const speakers = of('audiooutput', speakersSwapped).filter(
      ({ deviceId }) => deviceId !== speakerUnplugged,
    );
    return [...microphones, ...of('videoinput', false), ...speakers];
  };
}

export interface DeviceCallOptions {
  readonly attributes?: Readonly<Record<string, string>>;
  /** Before the page's own scripts run. */
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** Audio needs a gesture, as in a visitor's browser. */
  readonly gestureNeeded?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** The microphone is silent: a beep over a reply would duck it. */
  readonly silent?: boolean;
  /** The system's devices instead of the browser's fake ones. */
  readonly realDevices?: boolean;
  /** Size of the window, touch, and so on. */
  readonly context?: BrowserContextOptions;
}

export interface DevicePage extends AsyncDisposable {
  readonly browser: Browser;
  readonly page: Page;
  readonly server: ScriptedServer;
}

export interface DeviceCall extends DevicePage {
  readonly call: ScriptedCall;
}

/** Opens a page, without a call. Its browser has two microphones that beep once a second, or are silent. */
export async function openDevicePage(options: DeviceCallOptions = {}): Promise<DevicePage> {
  const autoplay = '--autoplay-policy=no-user-gesture-required';
  const devices = options.realDevices ? [] : ['--use-fake-device-for-media-stream=device-count=2'];
  const browser = await launchChromium({
    ...(options.env && { env: options.env }),
    ...(options.silent && { microphone: 'silent' }),
    args: [
      ...chromiumArguments.filter((argument) => !(options.gestureNeeded && argument === autoplay)),
      '--use-fake-ui-for-media-stream',
      ...devices,
    ],
  });
  const server = await ScriptedServer.listen();
  const web = await serveAgentPage({ 'server-url': server.url, token: 'a-token', ...options.attributes });
  const page = await browser.newPage(options.context);
  await page.addInitScript(installDevices);
  await recordSpeaker(page);
  await options.prepare?.(page);
  // The browser counts evaluated code, as in waiting for the element, as a gesture.
  if (options.gestureNeeded) await page.goto(web.url);
  else await openAgentPage(page, web.url);
  return {
    browser,
    page,
    server,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await web[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Starts a call, and waits for `session-ready`. */
export async function openDeviceCall(options: DeviceCallOptions = {}): Promise<DeviceCall> {
  const opened = await openDevicePage(options);
  try {
    const refusal = await startCall(opened.page);
    if (refusal !== undefined) throw new Error(`The call did not start: ${refusal}.`);
    await waitForEvents(opened.page, 'session-ready');
    return { ...opened, call: await opened.server.call() };
  } catch (error) {
    await opened[Symbol.asyncDispose]();
    throw error;
  }
}

/** Makes a change that opens a microphone: while the browser has not opened it, packets continue to arrive at the server. */
export async function expectSoundWhileAsked(
  { page, call }: DeviceCall,
  change: () => Promise<unknown>,
): Promise<void> {
  await page.evaluate(() => (window.devices.held = true));
  await change();
  await page.waitForFunction(() => window.devices.pending > 0);
  const already = call.packets.length;
  await call.until('sound while a microphone is asked for', () => call.packets.length > already + 5);
  await page.evaluate(() => (window.devices.held = false));
}

/** The played audio of all contexts of the call, in order. All must have the same rate. */
export async function readWholeSpeaker(page: Page): Promise<SpeakerRecording> {
  const recordings = await readSpeaker(page);
  const latest = recordings.at(-1);
  if (!latest) throw new Error('The page has not connected anything to the speaker.');
  const join = <A extends Float32Array | Float64Array>(target: A, parts: readonly A[]): A => {
    let offset = 0;
    for (const part of parts) {
      target.set(part, offset);
      offset += part.length;
    }
    return target;
  };
  const samples = recordings.map((recording) => recording.samples);
  const stamps = recordings.map((recording) => recording.quantumEpochMs);
  const total = (parts: readonly { length: number }[]) => parts.reduce((sum, { length }) => sum + length, 0);
  return {
    rateHz: latest.rateHz,
    quantumFrames: latest.quantumFrames,
    samples: join(new Float32Array(total(samples)), samples),
    quantumEpochMs: join(new Float64Array(total(stamps)), stamps),
  };
}
