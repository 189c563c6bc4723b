import { expect } from 'chai';
import { StereoRecording } from '../../../../components/voice-agent-recorder/stereo-recording.js';

async function decode(file: Blob): Promise<{ rateHz: number; channels: number; samples: Int16Array }> {
  const view = new DataView(await file.arrayBuffer());
  const letters = (at: number): string => String.fromCharCode(...new Uint8Array(view.buffer, at, 4));
  expect([letters(0), letters(8), letters(12), letters(36)]).to.deep.equal(['RIFF', 'WAVE', 'fmt ', 'data']);
  expect(view.getUint32(4, true)).to.equal(view.byteLength - 8);
  expect(view.getUint32(40, true)).to.equal(view.byteLength - 44);
  return {
    rateHz: view.getUint32(24, true),
    channels: view.getUint16(22, true),
    samples: new Int16Array(view.buffer, 44),
  };
}

describe('StereoRecording', () => {
  it('is a WAV file with the microphone on the left and the speaker on the right', async () => {
    const recording = new StereoRecording();
    recording.add({
      rateHz: 48_000,
      microphone: Float32Array.of(0.5, -0.5, 2),
      speaker: Float32Array.of(0, 0.25, -2),
    });
    const { rateHz, channels, samples } = await decode(recording.toFile());
    expect([rateHz, channels]).to.deep.equal([48_000, 2]);
    expect([...samples]).to.deep.equal([16_384, 0, -16_384, 8192, 32_767, -32_768]);
  });

  it('can be decoded by the browser, with many chunks and a change of the sample rate', async () => {
    const recording = new StereoRecording();
    const block = (rateHz: number, hz: number): Float32Array =>
      Float32Array.from({ length: 4096 }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hz * index) / rateHz));
    for (let count = 0; count < 200; count++)
      recording.add({ rateHz: 48_000, microphone: block(48_000, 440), speaker: new Float32Array(4096) });
    const before = recording.seconds;
    for (let count = 0; count < 40; count++)
      recording.add({ rateHz: 16_000, microphone: new Float32Array(4096), speaker: block(16_000, 440) });
    expect(before).to.be.closeTo((200 * 4096) / 48_000, 0.001);
    expect(recording.seconds - before).to.be.closeTo((40 * 4096) / 16_000, 0.01);
    const context = new OfflineAudioContext(2, 1, 48_000);
    const buffer = await context.decodeAudioData(await recording.toFile().arrayBuffer());
    expect(buffer.numberOfChannels).to.equal(2);
    expect(buffer.duration).to.be.closeTo(recording.seconds, 0.001);
    const peak = (channel: number, from: number, to: number): number =>
      Math.max(
        ...buffer
          .getChannelData(channel)
          .subarray(from * 48_000, to * 48_000)
          .map(Math.abs),
      );
    expect(peak(0, 1, 2)).to.be.closeTo(0.5, 0.01);
    expect(peak(1, 1, 2)).to.equal(0);
    expect(peak(0, 18, 19)).to.equal(0);
    expect(peak(1, 18, 19)).to.be.closeTo(0.5, 0.1);
  });
});
