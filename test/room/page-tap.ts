/** Records both sides of a call from the worklet, in the page. */
import type { RemotePage } from '../cross-browser/remote-page.js';

export interface Tapped {
  readonly rateHz: number;
  readonly microphone: Float32Array;
  readonly speaker: Float32Array;
}

interface TapWindow {
  tapped?: { rateHz: number; microphone: Int16Array[]; speaker: Int16Array[] };
}

interface Tappable {
  tapAudio(port: MessagePort): void;
}

export async function startTap(page: RemotePage): Promise<void> {
  await page.evaluate(() => {
    const { port1, port2 } = new MessageChannel();
    const tapped: NonNullable<TapWindow['tapped']> = { rateHz: 0, microphone: [], speaker: [] };
    (window as TapWindow).tapped = tapped;
    port1.onmessage = ({
      data,
    }: MessageEvent<{ rateHz: number; microphone: Float32Array; speaker: Float32Array }>) => {
      tapped.rateHz = data.rateHz;
      for (const side of ['microphone', 'speaker'] as const) {
        tapped[side].push(Int16Array.from(data[side], (x) => Math.max(-1, Math.min(1, x)) * 32_767));
      }
    };
    (window.agent as unknown as Tappable).tapAudio(port2);
  });
}

export async function readTap(page: RemotePage): Promise<Tapped> {
  const { rateHz, microphone, speaker } = await page.evaluate(() => {
    const { rateHz, ...sides } = (window as TapWindow).tapped ?? { rateHz: 0, microphone: [], speaker: [] };
    const [microphone = '', speaker = ''] = [sides.microphone, sides.speaker].map((parts) => {
      let binary = '';
      for (const part of parts) {
        for (const byte of new Uint8Array(part.buffer)) binary += String.fromCharCode(byte);
      }
      return btoa(binary);
    });
    return { rateHz, microphone, speaker };
  });
  return { rateHz, microphone: samples(microphone), speaker: samples(speaker) };
}

function samples(base64: string): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return Float32Array.from(new Int16Array(bytes.buffer), (x) => x / 32_767);
}
