import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RATE_HZ, type Encoding } from '../../../agent/encodings.js';
import { startAgent, type AgentServer } from '../../../agent/server.js';
import { Voice } from '../../../agent/voice.js';
import { decodeWireAudio } from '../../support/wire-audio.js';
import { AgentClient, type Arrived } from './agent-client.js';

/** Real sockets, real time, real sound: one conversation for each encoding, side by side. */
let server: AgentServer;
beforeAll(async () => {
  server = await startAgent();
});
afterAll(async () => {
  await server.close();
  await Voice.shared.close();
});

const GREETING =
  'Good evening. I shall go on talking until somebody stops me, for I was told to be long, and long I shall be.';
const FRAME_MS: Readonly<Record<Encoding, number>> = {
  'audio/pcm': 10,
  'audio/pcmu': 37.5,
  'audio/pcma': 37.5,
};

function decode(encoding: Encoding, frames: readonly Arrived[]): Float32Array {
  const pieces = frames.map(({ message }) => Buffer.from(message.data as string, 'base64'));
  return decodeWireAudio(encoding, Buffer.concat(pieces)).samples;
}

/** Slope of arrival times over frame numbers. */
function paceMs(frames: readonly Arrived[]): number {
  const meanIndex = (frames.length - 1) / 2;
  const meanMs = frames.reduce((sum, { atMs }) => sum + atMs, 0) / frames.length;
  const covariance = frames.reduce((sum, { atMs }, index) => sum + (index - meanIndex) * (atMs - meanMs), 0);
  const variance = frames.reduce((sum, _, index) => sum + (index - meanIndex) ** 2, 0);
  return covariance / variance;
}

describe.each<Encoding>(['audio/pcm', 'audio/pcmu', 'audio/pcma'])(
  'in %s',
  { concurrent: true },
  (encoding) => {
    test('a greeting arrives at the pace of speech, is interrupted, and the interruption is answered', async () => {
      const rateHz = RATE_HZ[encoding];
      const { samples } = await Voice.shared.speak(
        'Excuse me, could you stop for a moment, please?',
        'michael',
        rateHz,
      );
      const client = await AgentClient.connect(server, {
        first: {
          type: 'session.update',
          session: { greeting: GREETING, input: { format: { encoding } }, output: { format: { encoding } } },
        },
      });
      await client.waitFor('transcript.agent.delta');
      const openedMs = performance.now();
      client.openMicrophone(encoding, samples);

      const done = await client.waitFor('reply.done');
      const started = client.ofType('input.speech.started')[0]!;
      const transcript = client.ofType('transcript.agent')[0]!;
      expect(done.message.status).toBe('interrupted');
      expect(done.atMs - started.atMs).toBeLessThan(20);
      expect(started.atMs - openedMs).toBeGreaterThan(1000);
      expect(started.atMs - openedMs).toBeLessThan(2200);
      expect(transcript.message.interrupted).toBe(true);
      expect(GREETING.startsWith(transcript.message.text as string)).toBe(true);

      const frames = client.ofType('reply.audio');
      const sound = decode(encoding, frames);
      expect(paceMs(frames)).toBeGreaterThan(FRAME_MS[encoding] * 0.97);
      expect(paceMs(frames)).toBeLessThan(FRAME_MS[encoding] * 1.03);
      const audible = sound.findIndex((sample) => Math.abs(sample) > 0.003) / rateHz;
      expect(audible).toBeGreaterThan(0.19);
      expect(audible).toBeLessThan(0.85);
      expect(Math.max(...sound)).toBeGreaterThan(0.2);

      const answer = await client.waitFor('reply.started', 2);
      expect(client.ofType('transcript.user')[0]!.message.text).toMatch(
        /^\(\d\.\d s of speech, fairly loud\)$/,
      );
      const late = client.ofType('reply.audio').filter(({ atMs }) => atMs > done.atMs && atMs < answer.atMs);
      expect(late).toEqual([]);
      client.send({ type: 'session.end' });
      expect(await client.closed).toBe(1000);
    });
  },
);
