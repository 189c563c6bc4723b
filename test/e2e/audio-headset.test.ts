import { expect, test, type Page } from '@playwright/test';
import { startCall, waitForEvents } from '../support/agent-page.js';
import { openDevicePage, readWholeSpeaker, type DevicePage } from '../support/device-call.js';
import { firstRows } from '../support/sample.js';
import { AUDIBLE, firstAudibleFrame, peak, soundMs } from '../support/sound-level.js';
import { renderedAtEpochMs, type SpeakerRecording } from '../support/speaker-recorder.js';
import { makeTone } from '../support/tones.js';

const GREETING_MS = 1_500;
/**
 * What a Bluetooth headset is given to change its profile, from the opening of its microphone. A busy machine reports the
 * opening late, so the tests ask for half of it, which is more than any other output is given.
 */
const HEADSET_MS = 1_000;

const HEADSETS = [
  'Headset (WH-1000XM4 Hands-Free AG Audio) (Bluetooth)',
  'AirPods Pro (Bluetooth)',
  'Headset Head Unit (HSP/HFP)',
] as const;

interface Greeting {
  /** From the opening of the microphone to the first audible sample. */
  readonly afterOpeningMs: number;
  readonly heardMs: number;
  readonly openedAtEpochMs: number;
  readonly recording: SpeakerRecording;
}

/** The fastest possible greeting: its first message follows `session.ready`, and it is audible from its first sample. */
async function greet({ page, server }: DevicePage): Promise<Greeting> {
  const started = startCall(page);
  const call = await server.call();
  await call.message('session.update');
  const sound = makeTone({ frequencyHz: 440, durationMs: GREETING_MS, amplitude: 0.5, rateHz: 24_000 });
  const speech = call.say({ replyId: 'greeting', sound, leadMs: 0, aheadMs: GREETING_MS });
  expect(await started).toBeUndefined();
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  const recording = await readWholeSpeaker(page);
  const audibleAtEpochMs = renderedAtEpochMs(recording, firstAudibleFrame(recording.samples));
  const [openedAtEpochMs = 0] = await page.evaluate(() => window.devices.openedAtEpochMs);
  return {
    recording,
    openedAtEpochMs,
    afterOpeningMs: audibleAtEpochMs - openedAtEpochMs,
    heardMs: soundMs(recording),
  };
}

const nameMicrophone =
  (label: string) =>
  async (page: Page): Promise<void> => {
    await page.addInitScript((name) => {
      window.devices.label = name;
    }, label);
  };

test('an ordinary output plays the whole greeting', async () => {
  await using opened = await openDevicePage();
  // `npm run measure` measures the delay; unit/worklet/steady-output.test.ts tests it on the render clock.
  const { heardMs } = await greet(opened);
  expect(Math.abs(heardMs - GREETING_MS)).toBeLessThan(20);
});

for (const [index, label] of HEADSETS.entries()) {
  test(`the greeting waits until “${label}” is audible, and is complete`, firstRows(1, index), async () => {
    await using opened = await openDevicePage({ prepare: nameMicrophone(label) });
    const { afterOpeningMs, heardMs } = await greet(opened);
    expect(Math.abs(heardMs - GREETING_MS)).toBeLessThan(20);
    expect(afterOpeningMs).toBeGreaterThan(HEADSET_MS / 2);
  });
}

/** Of the recording, in frames: where rendering went on after a stall, within a second of the microphone's opening. */
function stallEnds({ quantumEpochMs, quantumFrames }: SpeakerRecording, openedAtEpochMs: number): number[] {
  const quanta = [...quantumEpochMs.entries()].slice(1);
  return quanta
    .filter(([index, atMs]) => atMs - quantumEpochMs[index - 1]! > 150 && atMs > openedAtEpochMs)
    .filter(([, atMs]) => atMs < openedAtEpochMs + HEADSET_MS)
    .map(([index]) => index * quantumFrames);
}

test('a greeting that has begun waits after every stall of an output that changes its profile', async () => {
  // The device takes no audio for 200 ms, three times, like a headset that changes its profile.
  const stalling = async (page: Page): Promise<void> => {
    await page.addInitScript(() => {
      const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
      void stall();
      async function stall(): Promise<void> {
        while (!((await window.speakerRecorder.audibleMs()) > 0)) await wait(5);
        for (let count = 0; count < 3; count += 1) {
          await wait(120);
          const source = `registerProcessor('stall-${count}', class extends AudioWorkletProcessor {
            process() {
              const from = Date.now();
              while (Date.now() - from < 200);
              return false;
            }
          });`;
          const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
          const context = window.audioContexts[0]!;
          await context.audioWorklet.addModule(url);
          new AudioWorkletNode(context, `stall-${count}`).connect(context.destination);
        }
      }
    });
  };
  await using opened = await openDevicePage({ prepare: stalling, silent: true });
  const { heardMs, openedAtEpochMs, recording } = await greet(opened);
  expect(Math.abs(heardMs - GREETING_MS)).toBeLessThan(20);
  const ms = recording.rateHz / 1_000;
  for (const frame of stallEnds(recording, openedAtEpochMs)) {
    // After the fade, and until the output has run evenly for 100 ms.
    const waited = recording.samples.subarray(frame + 20 * ms, frame + 90 * ms);
    expect(peak(waited), `after the stall at frame ${frame}`).toBeLessThan(AUDIBLE);
  }
});
