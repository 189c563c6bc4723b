import { startCall, waitForEvents, waitForState } from '../support/agent-page.js';
import { openDeviceCall, openDevicePage, readWholeSpeaker } from '../support/device-call.js';
import { machineLoad, type Claim } from '../support/figures.js';
import { firstAudibleFrame } from '../support/sound-level.js';
import { renderedAtEpochMs } from '../support/speaker-recorder.js';
import { makeTone } from '../support/tones.js';
import { controlOf, startControls } from './controls.js';
import { median, summary, type Scenario } from './scenario.js';

const ROUNDS = 5;
const within = (figure: string, limit: number): Claim => ({ figure, bound: 'at most', limit, unit: 'ms' });
const GREETING = within('fastest greeting, first message to first audible sample, median', 550);
const LIGHT = within('hang-up to microphone off, median', 1_000);
const REPLACED = within('audio restored after the system closed its context, median', 1_000);

const tone = (durationMs: number) =>
  makeTone({ frequencyHz: 440, durationMs, amplitude: 0.5, rateHz: 24_000 });

/** The fastest possible greeting: its first message follows `session.ready`, and it is audible from its first sample. */
async function greetingMs(): Promise<number> {
  await using opened = await openDevicePage();
  const { page, server } = opened;
  const started = startCall(page);
  const call = await server.call();
  await call.message('session.update');
  const speech = call.say({ replyId: 'greeting', sound: tone(800), leadMs: 0 });
  await started;
  await speech.finished;
  await waitForEvents(page, 'reply-end');
  const recording = await readWholeSpeaker(page);
  return renderedAtEpochMs(recording, firstAudibleFrame(recording.samples)) - speech.sentAtEpochMs[0]!;
}

async function replacedAndOffMs(): Promise<{ replacedMs: number; offMs: number }> {
  await using opened = await openDeviceCall();
  const { page, call } = opened;
  call.say({ replyId: 'reply-1', sound: tone(6_000) });
  await waitForState(page, 'speaking');
  return await page.evaluate(async () => {
    const until = async (condition: () => boolean): Promise<number> => {
      const from = performance.now();
      while (!condition()) await new Promise((next) => setTimeout(next, 2));
      return performance.now() - from;
    };
    await window.audioContexts[0]!.close();
    const replacedMs = await until(() => window.audioContexts[1]?.state === 'running');
    void window.agent.stop();
    const offMs = await until(() =>
      window.microphoneTracks.every(({ readyState }) => readyState === 'ended'),
    );
    return { replacedMs, offMs };
  });
}

export const scenario: Scenario = {
  name: 'calls',
  about: `How long a visitor waits; each measured ${ROUNDS} times.`,
  claims: [GREETING, LIGHT, REPLACED],
  async run() {
    await using opened = await openDevicePage();
    await using controls = await startControls(opened.browser);
    const greetings: number[] = [];
    const others: { replacedMs: number; offMs: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      greetings.push(await greetingMs());
      others.push(await replacedAndOffMs());
    }
    const control = controlOf(await controls.read(), 'worklet', 0.9, 20);
    const rows: readonly (readonly [string, readonly number[], Claim])[] = [
      ['the fastest greeting', greetings, GREETING],
      ['microphone off after hanging up', others.map(({ offMs }) => offMs), LIGHT],
      ['audio restored after a closed context', others.map(({ replacedMs }) => replacedMs), REPLACED],
    ];
    return rows.map(([what, values, claim]) => ({
      what,
      value: median(values),
      unit: 'ms',
      detail: summary(values),
      claim,
      control,
      load: machineLoad(),
    }));
  },
};
