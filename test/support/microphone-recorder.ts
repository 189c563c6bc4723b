/** Records the audio that enters a page's graph from its microphone, with times, in the audio thread. */
import type { Page } from '@playwright/test';
import type { SpeakerRecording } from './speaker-recorder.js';

interface Piece {
  readonly rateHz: number;
  readonly quantumFrames: number;
  readonly samples: readonly number[];
  readonly epochMs: readonly number[];
}

declare global {
  interface Window {
    readMicrophone(): Promise<Piece>;
  }
}

/** Records the microphones that pages of the target connect from now on; the latest replaces the one before. */
export async function recordMicrophone(page: Page): Promise<void> {
  await page.addInitScript(installMicrophoneRecorder);
}

/** Playwright sends this function to the page as text: it must not use anything from outside itself. */
function installMicrophoneRecorder(): void {
  const processorSource = `
    registerProcessor('microphone-recorder', class extends AudioWorkletProcessor {
      samples = [];
      epochMs = [];
      quantumFrames = 0;
      constructor() {
        super();
        this.port.onmessage = () => this.port.postMessage({
          rateHz: sampleRate,
          quantumFrames: this.quantumFrames,
          samples: this.samples,
          epochMs: this.epochMs,
        });
      }
      process([input]) {
        const heard = input[0];
        if (!heard) return true;
        this.quantumFrames = heard.length;
        this.samples.push(...heard);
        this.epochMs.push(Date.now());
        return true;
      }
    });`;
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...parameters: unknown[]) => unknown;
  let latest: AudioWorkletNode | undefined;

  async function tap(source: AudioNode): Promise<void> {
    const url = URL.createObjectURL(new Blob([processorSource], { type: 'text/javascript' }));
    await source.context.audioWorklet.addModule(url);
    latest = new AudioWorkletNode(source.context, 'microphone-recorder', {
      numberOfOutputs: 0,
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    connect.call(source, latest);
  }

  MediaStreamAudioSourceNode.prototype.connect = function (this: AudioNode, ...parameters: unknown[]) {
    void tap(this);
    return connect.apply(this, parameters);
  } as typeof AudioNode.prototype.connect;

  window.readMicrophone = () =>
    new Promise((resolve) => {
      latest!.port.onmessage = ({ data }: MessageEvent<Piece>) => resolve(data);
      latest!.port.postMessage('read');
    });
}

/** Everything since the microphone was connected, with `Date.now()` of every quantum. */
export async function readMicrophone(page: Page): Promise<SpeakerRecording> {
  const { rateHz, quantumFrames, samples, epochMs } = await page.evaluate(() => window.readMicrophone());
  return {
    rateHz,
    quantumFrames,
    samples: Float32Array.from(samples),
    quantumEpochMs: Float64Array.from(epochMs),
  };
}
