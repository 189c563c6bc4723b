import { expect, it } from 'vitest';
import { silentWorklet } from '../../../src/audio/silent-worklet.js';
import type { SessionToWorklet, WorkletToSession } from '../../../src/worklet/messages.js';

it('counts each reply as heard as soon as it has arrived, words without audio too', async () => {
  const port = silentWorklet();
  const told: WorkletToSession[] = [];
  const send = (message: SessionToWorklet): void => port.postMessage(message);
  const answered = new Promise<void>((resolve) => {
    port.onmessage = ({ data }: MessageEvent<WorkletToSession>) => {
      told.push(data);
      if (data.type === 'flushed') resolve();
    };
  });
  const audio = (reply: number, length: number): SessionToWorklet => ({
    type: 'audio',
    reply,
    bytes: new Uint8Array(length),
    arrivedAtMs: 0,
  });
  send({ type: 'format', input: 'audio/pcm', output: 'audio/pcmu' });
  send(audio(1, 8_000));
  send({ type: 'end', reply: 1 });
  send(audio(2, 800));
  send({ type: 'flush' });
  await answered;
  port.close();
  const heard = { type: 'heard', over: false };
  expect(told).toEqual([
    { ...heard, reply: 1, heardMs: 1_000, playedBytes: 8_000 },
    { ...heard, reply: 1, heardMs: 1_000, playedBytes: 8_000, over: true },
    { ...heard, reply: 2, heardMs: 100, playedBytes: 8_800 },
    { type: 'flushed', reply: 2, heardMs: 100, discardedMs: 0, roundTripMs: 0 },
  ]);
});

it('ends a reply without audio as heard, so that its words appear', async () => {
  const port = silentWorklet();
  const told = new Promise((resolve) => (port.onmessage = ({ data }) => resolve(data)));
  port.postMessage({ type: 'end', reply: 1 });
  expect(await told).toMatchObject({ reply: 1, over: true, heardMs: 1 });
  port.close();
});
