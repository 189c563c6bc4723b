import { expect, test, type Page } from '@playwright/test';
import { launchChromium } from '../support/launch-chromium.js';
import { servePage } from '../support/page-server.js';
import { readLatestSpeaker, recordSpeaker, renderedAtEpochMs } from '../support/speaker-recorder.js';
import { firstAudibleFrame, lastAudibleFrame } from '../support/sound-level.js';
import { measureTone } from '../support/tone-fit.js';

async function onRecordedPage(act: (page: Page) => Promise<void>): Promise<void> {
  await using server = await servePage('<!doctype html><title>Tone</title>');
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await recordSpeaker(page);
    await page.goto(server.url);
    await act(page);
  } finally {
    await browser.close();
  }
}

test('the recorder records every sample of a tone while the page is blocked, with times', async () => {
  await onRecordedPage(async (page) => {
    const blocked = await page.evaluate(async () => {
      const context = new AudioContext();
      const oscillator = new OscillatorNode(context, { frequency: 997 });
      const gain = new GainNode(context, { gain: 0.5 });
      oscillator.connect(gain).connect(context.destination);
      const started = context.currentTime + 0.3;
      oscillator.start(started);
      oscillator.stop(started + 1.5);
      const ended = new Promise((resolve) => (oscillator.onended = resolve));
      while (context.currentTime < started + 0.2) await new Promise((resolve) => setTimeout(resolve, 10));
      const fromEpochMs = Date.now();
      while (Date.now() - fromEpochMs < 600);
      const toEpochMs = Date.now();
      await ended;
      await context.close();
      return { fromEpochMs, toEpochMs };
    });
    const recording = await readLatestSpeaker(page);
    const first = firstAudibleFrame(recording.samples);
    const last = lastAudibleFrame(recording.samples);
    expect(Math.abs((last - first) / recording.rateHz - 1.5)).toBeLessThan(0.002);
    const tone = { rateHz: recording.rateHz, samples: recording.samples.subarray(first + 100, last - 100) };
    expect(measureTone(tone, 997, 1).snrDb).toBeGreaterThan(90);
    // The tone began before the block and continued after it. Its quanta have timestamps throughout.
    expect(renderedAtEpochMs(recording, first)).toBeLessThan(blocked.fromEpochMs);
    const during = recording.quantumEpochMs.filter(
      (at) => at > blocked.fromEpochMs && at < blocked.toEpochMs,
    );
    // Their number in 600 ms depends on the machine, but there must be some.
    expect(during.length, 'quanta rendered while the page was blocked').toBeGreaterThan(10);
  });
});

test('the recorder answers every reader, even two at a time', async () => {
  await onRecordedPage(async (page) => {
    const [first, second] = await page.evaluate(async () => {
      const context = new AudioContext();
      new OscillatorNode(context).connect(context.destination);
      await context.resume();
      return Promise.all([window.speakerRecorder.audibleMs(), window.speakerRecorder.audibleMs()]);
    });
    expect([first, second]).toEqual([0, 0]);
  });
});
