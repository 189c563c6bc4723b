import { expect, test, type Page } from '@playwright/test';
import { readEvents, startCall, waitForEvents, waitForState } from '../support/agent-page.js';
import { openDeviceCall, openDevicePage, readWholeSpeaker, type DeviceCall } from '../support/device-call.js';
import type { Speech } from '../support/scripted-call.js';
import { soundMs } from '../support/sound-level.js';
import { untilAudible } from '../support/speaker-recorder.js';
import { measurePurest } from '../support/tone-fit.js';
import { makeTone } from '../support/tones.js';

declare global {
  interface Window {
    voiceNodes: AudioWorkletNode[];
    breaking: boolean;
    breakWorklet: (node: AudioWorkletNode) => void;
  }
}

const REPLY_MS = 4_000;
/** Audio played after the worklet's last report is played again; a report comes every 50 ms of audio. */
const REPEATED_MS = 120;

const sayTone = ({ call }: DeviceCall): Speech =>
  call.say({
    replyId: 'reply-1',
    sound: makeTone({ frequencyHz: 440, durationMs: REPLY_MS, amplitude: 0.5, rateHz: 24_000 }),
    text: 'a long story',
    aheadMs: 1_000,
  });

const codes = async (page: Page): Promise<string[]> =>
  (await readEvents(page, 'agent-error')).map(({ detail }) => detail.code);

const contextCount = (page: Page): Promise<number> => page.evaluate(() => window.audioContexts.length);

/** Closes the context as the system does. Settles when its replacement runs. */
async function closeContext(page: Page): Promise<void> {
  await page.evaluate(() => window.audioContexts[0]!.close());
  await page.waitForFunction(() => window.audioContexts[1]?.state === 'running');
}

/** The whole reply was heard, and the server noticed nothing. */
async function expectConversationWhole({ page, call, server }: DeviceCall, speech: Speech): Promise<void> {
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  await waitForState(page, 'listening');
  const recording = await readWholeSpeaker(page);
  const heardMs = soundMs(recording);
  console.log(`heard ${heardMs.toFixed(0)} of ${REPLY_MS} ms`);
  expect(heardMs).toBeGreaterThan(REPLY_MS - 20);
  expect(heardMs).toBeLessThan(REPLY_MS + REPEATED_MS);
  expect(measurePurest(recording, 440).snrDb, 'its purity').toBeGreaterThan(40);
  const ends = (await readEvents(page, 'reply-end')).map(({ detail }) => detail.status);
  expect(ends).toEqual(['completed']);
  const states = (await readEvents(page, 'state-change')).map(({ detail }) => detail.state);
  expect(
    states.filter((state) => state === 'speaking'),
    'one reply',
  ).toHaveLength(1);
  expect(server.calls, 'the same session').toHaveLength(1);
  const already = call.packets.length;
  await call.until('more of the microphone', () => call.packets.length > already + 20);
}

test('a context that the system suspends is resumed, and the reply is complete', async () => {
  await using opened = await openDeviceCall({ silent: true });
  const { page } = opened;
  const speech = sayTone(opened);
  await waitForState(page, 'speaking');
  const suspended = await page.evaluate(async () => {
    const [context] = window.audioContexts;
    const seen = new Promise((resolve) =>
      context!.addEventListener('statechange', () => resolve(context!.state), { once: true }),
    );
    await context!.suspend();
    return seen;
  });
  expect(suspended).toBe('suspended');
  await page.waitForFunction(() => window.audioContexts[0]?.state === 'running');
  await expectConversationWhole(opened, speech);
  expect(await contextCount(page)).toBe(1);
  expect(await codes(page), 'nothing that anybody need hear of').toEqual([]);
});

test('a context whose resume() never settles is reported, and replaced at the next click', async () => {
  await using opened = await openDeviceCall({ silent: true });
  const { page } = opened;
  await page.evaluate(() => {
    const [context] = window.audioContexts;
    context!.resume = () => new Promise<void>(() => undefined);
    return context!.suspend();
  });
  await waitForEvents(page, 'agent-error');
  expect(await codes(page)).toEqual(['audio_interrupted']);
  // Audio that arrives meanwhile is played afterwards.
  const speech = sayTone(opened);
  await waitForEvents(page, 'reply-start');
  await page.mouse.click(5, 5);
  await page.waitForFunction(() => window.audioContexts[1]?.state === 'running');
  await expectConversationWhole(opened, speech);
});

test('a context that a phone call interrupts, as on iOS, is reported and continues afterwards, and the reply is complete', async () => {
  await using opened = await openDeviceCall({ silent: true });
  const { page } = opened;
  const speech = sayTone(opened);
  await waitForState(page, 'speaking');
  await page.evaluate(async () => {
    const [context] = window.audioContexts;
    // The fourth state, in which resume() is refused until the system returns the audio.
    Object.defineProperty(context!, 'state', { value: 'interrupted', configurable: true });
    context!.resume = () =>
      Promise.reject(new DOMException('The session is interrupted.', 'InvalidStateError'));
    await context!.suspend();
  });
  await waitForEvents(page, 'agent-error');
  await page.evaluate(() => {
    const context = window.audioContexts[0] as unknown as Record<string, unknown>;
    delete context['state'];
    delete context['resume'];
  });
  await page.waitForFunction(() => window.audioContexts[0]?.state === 'running');
  await expectConversationWhole(opened, speech);
  expect(await contextCount(page), 'the same one').toBe(1);
  expect(await codes(page)).toEqual(['audio_interrupted']);
});

test('a context that the system closes during a reply is replaced within the same session', async () => {
  await using opened = await openDeviceCall({ silent: true });
  const { page } = opened;
  const speech = sayTone(opened);
  await waitForState(page, 'speaking');
  await untilAudible(page, 500);
  await closeContext(page);
  await expectConversationWhole(opened, speech);
  await waitForEvents(page, 'stats', 6);
  expect(await contextCount(page)).toBe(2);
  expect(await codes(page)).toEqual([]);
  const packets = (await readEvents(page, 'stats')).map(({ detail }) => detail.packetsSent);
  expect(packets, 'counted over both').toEqual(packets.toSorted((a, b) => a - b));
});

test('a context whose rate changes is replaced', async () => {
  await using opened = await openDeviceCall({ silent: true });
  const { page } = opened;
  const speech = sayTone(opened);
  await waitForState(page, 'speaking');
  await page.evaluate(() => Object.defineProperty(window.audioContexts[0], 'sampleRate', { value: 16_000 }));
  await page.waitForFunction(() => window.audioContexts[1]?.state === 'running');
  await expectConversationWhole(opened, speech);
  expect(await page.evaluate(() => window.audioContexts[0]?.state), 'the old one is freed').toBe('closed');
});

test('a context that claims to run while its clock is stopped is replaced', async () => {
  await using opened = await openDeviceCall({ silent: true });
  const { page } = opened;
  await page.evaluate(() => Object.defineProperty(window.audioContexts[0], 'currentTime', { value: 1 }));
  await page.waitForFunction(() => window.audioContexts[1]?.state === 'running');
  await expectConversationWhole(opened, sayTone(opened));
  expect(await contextCount(page)).toBe(2);
});

/** Keeps the page's worklet nodes. While `breaking` is set, each new one is broken when it has run for a moment. */
function installNodes(): void {
  window.voiceNodes = [];
  window.breaking = false;
  window.AudioWorkletNode = class extends AudioWorkletNode {
    constructor(context: BaseAudioContext, name: string, options?: AudioWorkletNodeOptions) {
      super(context, name, options);
      // The recorder of the speaker has one, too.
      if (!name.startsWith('voice-agent')) return;
      window.voiceNodes.push(this);
      if (window.breaking) setTimeout(() => window.breakWorklet(this), 500);
    }
  };
  // Its next message to the session throws within `process()`.
  window.breakWorklet = (node) => node.port.postMessage({ type: 'session-port', port: {} });
}

const breakWorklet = (page: Page): Promise<void> =>
  page.evaluate(() => window.breakWorklet(window.voiceNodes.at(-1)!));

test('a worklet that fails is replaced within the same session, and the reply is complete', async () => {
  await using opened = await openDeviceCall({
    silent: true,
    prepare: (page) => page.addInitScript(installNodes),
  });
  const { page } = opened;
  const speech = sayTone(opened);
  await waitForState(page, 'speaking');
  await untilAudible(page, 500);
  await breakWorklet(page);
  await expectConversationWhole(opened, speech);
  expect(await contextCount(page)).toBe(2);
  expect(await codes(page)).toEqual([]);
});

test('a worklet that fails again and again ends the call, after five others', async () => {
  await using opened = await openDeviceCall({
    silent: true,
    prepare: (page) => page.addInitScript(installNodes),
  });
  const { page } = opened;
  await page.evaluate(() => (window.breaking = true));
  await breakWorklet(page);
  await waitForState(page, 'error');
  expect(await codes(page)).toEqual(['audio_interrupted', 'audio_failed']);
  expect(await contextCount(page)).toBe(6);
  await expect
    .poll(() => page.evaluate(() => window.audioContexts.map(({ state }) => state)))
    .toEqual(Array<string>(6).fill('closed'));
});

test('an interruption after a replacement counts the audio heard over both contexts', async () => {
  await using opened = await openDeviceCall({ silent: true });
  const { page, call } = opened;
  const speech = sayTone(opened);
  await waitForState(page, 'speaking');
  await untilAudible(page, 1_000);
  await closeContext(page);
  await untilAudible(page, 2_000);
  call.interrupt(speech);
  const [interruption] = await waitForEvents(page, 'interruption');
  const heardMs = soundMs(await readWholeSpeaker(page));
  console.log(`heardMs ${interruption!.detail.heardMs.toFixed(0)}, recorded ${heardMs.toFixed(0)}`);
  expect(heardMs).toBeGreaterThan(2_000);
  expect(Math.abs(interruption!.detail.heardMs - heardMs)).toBeLessThan(REPEATED_MS);
});

test('a call started by a script needs no click if the microphone is allowed already', async () => {
  const told = new Told();
  await using opened = await openDevicePage({
    silent: true,
    gestureNeeded: true,
    prepare: (page) => startInScript(page, told),
  });
  await told.line('started');
  expect(told.lines.filter((line) => line.startsWith('context'))).toEqual([
    'context suspended',
    'context running',
  ]);
  const call = await opened.server.call();
  await expectConversationWhole({ ...opened, call }, sayTone({ ...opened, call }));
});

test('a call started by a script waits for a click if the browser requires a gesture', async () => {
  const told = new Told();
  await using opened = await openDevicePage({
    silent: true,
    gestureNeeded: true,
    prepare: (page) => startInScript(page, told, { strict: true }),
  });
  const { page } = opened;
  // Evaluate nothing in the page before the click, because evaluating counts as a gesture.
  await told.line('context suspended');
  expect(told.lines).not.toContain('context running');
  await page.mouse.click(5, 5);
  await told.line('started');
  await waitForEvents(page, 'session-ready');
  const call = await opened.server.call();
  await expectConversationWhole({ ...opened, call }, sayTone({ ...opened, call }));
  expect(await codes(page)).toEqual([]);
});

test('a call started by a script without any gesture reports an error, and works after a click', async () => {
  const told = new Told();
  await using opened = await openDevicePage({
    silent: true,
    gestureNeeded: true,
    prepare: (page) => startInScript(page, told, { strict: true }),
  });
  const { page } = opened;
  await told.line('refused audio_blocked');
  expect(told.lines).not.toContain('context running');
  await waitForState(page, 'error');
  const errors = (await readEvents(page, 'agent-error')).map(({ detail }) => [detail.code, detail.fatal]);
  expect(errors).toEqual([['audio_blocked', true]]);
  expect(opened.server.calls, 'nothing was billed').toHaveLength(0);
  await page.mouse.click(5, 5);
  expect(await startCall(page)).toBeUndefined();
});

/** Console messages of the page. */
class Told {
  readonly lines: string[] = [];
  #watch: (() => void) | undefined;

  add(line: string): void {
    this.lines.push(line);
    this.#watch?.();
  }

  /** Settles when the page has logged it. */
  line(wanted: string): Promise<void> {
    return new Promise((resolve) => {
      this.#watch = () => this.lines.includes(wanted) && resolve();
      this.#watch();
    });
  }
}

/** @param strict requires a gesture, as other browsers do. Chromium lets a page that captures audio also play it. */
async function startInScript(page: Page, told: Told, { strict = false } = {}): Promise<void> {
  if (strict) {
    await page.addInitScript(() => {
      const resume = AudioContext.prototype.resume;
      AudioContext.prototype.resume = function () {
        return navigator.userActivation.hasBeenActive ? resume.call(this) : new Promise(() => undefined);
      };
    });
  }
  page.on('console', (message) => told.add(message.text()));
  await page.addInitScript(() => {
    window.addEventListener('DOMContentLoaded', () => {
      const agent = document.querySelector<Window['agent']>('voice-agent');
      agent?.start().then(
        () => console.log('started'),
        (error: unknown) => console.log(`refused ${String((error as { code?: unknown }).code)}`),
      );
      const [context] = window.audioContexts;
      console.log(`context ${context?.state}`);
      context?.addEventListener('statechange', () => console.log(`context ${context.state}`));
    });
  });
}
