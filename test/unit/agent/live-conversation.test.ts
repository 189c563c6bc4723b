import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RATE_HZ, type Encoding } from '../../../agent/encodings.js';
import { startAgent, type AgentServer } from '../../../agent/server.js';
import { Voice } from '../../../agent/voice.js';
import { decodeWireAudio } from '../../support/wire-audio.js';
import { AgentClient, type Arrived } from './agent-client.js';

/** Real sockets and real audio: one conversation for each encoding, in parallel. */
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

function decode(encoding: Encoding, frames: readonly Arrived[]): Float32Array {
  const pieces = frames.map(({ message }) => Buffer.from(message.data as string, 'base64'));
  return decodeWireAudio(encoding, Buffer.concat(pieces)).samples;
}

/** Milliseconds of audio that a session had received when it announced speech. */
function heardAtAnnouncement(sessionId: unknown): Promise<number> {
  let heardMs = 0;
  return new Promise((resolve) => {
    server.events.on('input-audio', (heard) => {
      if (heard.sessionId === sessionId) heardMs += (heard.samples.length / heard.rateHz) * 1000;
    });
    server.events.on('server-message', ({ sessionId: session, message }) => {
      if (session === sessionId && message.type === 'input.speech.started') resolve(heardMs);
    });
  });
}

describe.each<Encoding>(['audio/pcm', 'audio/pcmu', 'audio/pcma'])(
  'in %s',
  { concurrent: true },
  (encoding) => {
    test('a greeting is interrupted, and the user gets an answer', async () => {
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
      const { message: ready } = await client.waitFor('session.ready');
      const announced = heardAtAnnouncement(ready.session_id);
      await client.waitFor('transcript.agent.delta');
      client.openMicrophone(encoding, samples);

      const done = await client.waitFor('reply.done');
      const transcript = client.ofType('transcript.agent')[0]!;
      expect(done.message.status).toBe('interrupted');
      const types = client.arrived.map(({ message }) => message.type);
      const cut = types.indexOf('input.speech.started');
      expect(types.slice(cut, cut + 3), 'in one breath').toEqual([
        'input.speech.started',
        'transcript.agent',
        'reply.done',
      ]);
      expect(await announced, 'ms of speech that interrupt').toBeGreaterThan(1000);
      expect(await announced).toBeLessThan(2200);
      expect(transcript.message.interrupted).toBe(true);
      expect(GREETING.startsWith(transcript.message.text as string)).toBe(true);

      const frames = client.ofType('reply.audio');
      const sound = decode(encoding, frames);
      const audible = sound.findIndex((sample) => Math.abs(sample) > 0.003) / rateHz;
      expect(audible).toBeGreaterThan(0.19);
      expect(audible).toBeLessThan(0.85);
      expect(Math.max(...sound)).toBeGreaterThan(0.2);

      const answer = await client.waitFor('reply.started', 2);
      expect(client.ofType('transcript.user')[0]!.message.text).toMatch(
        /^\(\d\.\d s of speech, fairly loud\)$/,
      );
      const between = client.arrived.slice(client.arrived.indexOf(done), client.arrived.indexOf(answer));
      expect(between.filter(({ message }) => message.type === 'reply.audio')).toEqual([]);
      client.send({ type: 'session.end' });
      expect(await client.closed).toBe(1000);
    });
  },
);
