/**
 * The round trip without a detector: from a click that a bare worklet plays until the same worklet receives it. Once with
 * the loudspeaker's monitor as the microphone (browser and sound server only), once through the room program with a
 * neutral room. The difference is added by this rig, not by a real device.
 */
import type { PulseAudio } from '../cross-browser/pulse-audio.js';
import type { RemotePage } from '../cross-browser/remote-page.js';
import { raisePriority } from './programs.js';
import { servePage } from '../support/page-server.js';
import { median } from '../measure/scenario.js';

export interface RoundTrip {
  readonly ms: number;
  /** The latencies that the browser reports, ms. */
  readonly baseLatencyMs: number;
  readonly outputLatencyMs: number;
}

export async function measureRoundTrip(
  open: (pulse: PulseAudio) => Promise<RemotePage>,
  pulse: PulseAudio,
): Promise<RoundTrip> {
  await using web = await servePage('<!doctype html><title>Round trip</title>');
  await using page = await open(pulse);
  await page.goto(web.url);
  await raisePriority();
  const { clicks, ...said } = await page.evaluate(async () => {
    const processor = `registerProcessor('clicks', class extends AudioWorkletProcessor {
      last = -1; heard = true; found = [];
      process([input], [[output]]) {
        for (let i = 0; i < output.length; i++) {
          const frame = currentFrame + i;
          if (frame >= 3 * sampleRate && frame % Math.round(0.7 * sampleRate) === 0) { this.last = frame; this.heard = false; }
          const since = frame - this.last;
          output[i] = !this.heard && since < 0.01 * sampleRate ? 0.7 * Math.sin(2 * Math.PI * 1000 * since / sampleRate) : 0;
          if (!this.heard && since > 0 && Math.abs(input[0]?.[i] ?? 0) > 0.05) {
            this.heard = true;
            this.found.push(since / sampleRate * 1000);
            if (this.found.length === 9) this.port.postMessage(this.found);
          }
        }
        return true;
      }
    })`;
    const context = new AudioContext();
    const url = URL.createObjectURL(new Blob([processor], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(url);
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
    });
    const node = new AudioWorkletNode(context, 'clicks', { outputChannelCount: [1] });
    context.createMediaStreamSource(stream).connect(node);
    node.connect(context.destination);
    const clicks = await new Promise<number[]>((resolve) => {
      node.port.onmessage = ({ data }: MessageEvent<number[]>) => resolve(data);
    });
    const { baseLatency, outputLatency } = context;
    await context.close();
    return { clicks, baseLatencyMs: baseLatency * 1_000, outputLatencyMs: outputLatency * 1_000 };
  });
  return { ms: median(clicks), ...said };
}
