/** A microphone that delivers sounds when a test says so. A file would continue to play, whatever the call does. */
import type { Page } from '@playwright/test';
import type { Sound } from './wav.js';

declare global {
  interface Window {
    /** Resolves when all of it was played. */
    sayAloud(samples: string, rateHz: number): Promise<void>;
  }
}

/** Replaces the microphones that the page opens from now on. */
export async function installSpokenMicrophone(page: Page): Promise<void> {
  await page.addInitScript(() => {
    /** Inaudible, but not the digital zeros of a microphone that is switched off. */
    const ROOM_TONE = 1 / 32_768;
    const context = new AudioContext({ sampleRate: 48_000 });
    const room = new OscillatorNode(context);
    const out = context.createMediaStreamDestination();
    room.connect(new GainNode(context, { gain: ROOM_TONE })).connect(out);
    room.start();
    navigator.mediaDevices.getUserMedia = async () => {
      await context.resume();
      return out.stream.clone();
    };
    window.sayAloud = (text, rateHz) => {
      const samples = new Float32Array(Uint8Array.from(atob(text), (char) => char.charCodeAt(0)).buffer);
      const buffer = context.createBuffer(1, samples.length, rateHz);
      buffer.copyToChannel(samples, 0);
      const source = new AudioBufferSourceNode(context, { buffer });
      source.connect(out);
      return new Promise((resolve) => {
        source.onended = () => resolve();
        source.start();
      });
    };
  });
}

/** Resolves when all of it was played. */
export function sayAloud(page: Page, { samples, rateHz }: Sound): Promise<void> {
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return page.evaluate(([text, rate]) => window.sayAloud(text, rate), [
    bytes.toString('base64'),
    rateHz,
  ] as const);
}
