import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { ClientMessage } from '../../../agent/protocol.js';
import { AgentRecording } from '../../../agent/recording.js';
import { startAgent, type AgentServer } from '../../../agent/server.js';
import { Voice } from '../../../agent/voice.js';
import { encodeWireAudio } from '../../support/wire-audio.js';
import { AgentClient } from './agent-client.js';
import { ManualClock } from '../../support/manual-clock.js';

let server: AgentServer;
beforeEach(async () => {
  server = await startAgent();
});
afterEach(() => server.close());
afterAll(() => Voice.shared.close());

const KEY = { authorization: 'Bearer local-key' };

async function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(server.url + path, { headers });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** `fetch` does not let a test set the host. */
async function statusUnderName(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    request({ port: server.port, path: '/voice-token', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('GET /v1/token', () => {
  test('answers a key with a token of the usual length', async () => {
    const { body, status } = await get('/v1/token?expires_in_seconds=60', KEY);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      token: expect.stringMatching(/^[\w-]{2600}$/) as string,
      expires_in_seconds: 60,
    });
  });

  test('accepts the key without "Bearer", too', async () => {
    expect((await get('/v1/token?expires_in_seconds=1', { authorization: 'local' })).status).toBe(200);
  });

  test.each([
    '',
    '?expires_in_seconds=0',
    '?expires_in_seconds=601',
    '?expires_in_seconds=soon',
    '?expires_in_seconds=9&max_session_duration_seconds=59',
  ])('refuses "%s" with 422 and what is wrong', async (query) => {
    const { body, status } = await get(`/v1/token${query}`, KEY);
    expect(status).toBe(422);
    expect(body).toEqual({ detail: [expect.objectContaining({ loc: ['query', expect.any(String)] })] });
  });

  test.each([{ authorization: 'Bearer wrong' }, {}])('refuses %j with 404', async (headers) => {
    const { body, status } = await get('/v1/token?expires_in_seconds=60', headers);
    expect([status, body]).toEqual([404, { detail: 'Invalid API key' }]);
  });
});

describe('GET /voice-token', () => {
  test('needs no key and returns the URL, including faults', async () => {
    const { body, status } = await get('/voice-token?fault=latency=80&scope=me');
    expect(status).toBe(200);
    expect(body).toMatchObject({ ws_url: `${server.wsUrl}?fault=latency%3D80&scope=me` });
  });

  test('reports an invalid fault before the page connects', async () => {
    const { body, status } = await get('/voice-token?fault=gremlins');
    expect(status).toBe(400);
    expect(body).toEqual({ detail: expect.stringContaining('Unknown fault "gremlins"') as string });
  });

  test('allows pages of this machine, on any port', async () => {
    const { headers, status } = await get('/voice-token', { origin: 'http://localhost:5173' });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, 'http://localhost:5173']);
  });

  test.each(['https://evil.example', 'http://localhost.evil.example', 'null'])(
    'keeps out %s',
    async (origin) => {
      const { body, headers, status } = await get('/voice-token', { origin });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([403, null]);
      expect(body).not.toHaveProperty('token');
    },
  );

  test('refuses a foreign host name for this machine', async () => {
    expect(await statusUnderName('rebound.example')).toBe(403);
    expect(await statusUnderName(`localhost:${server.port}`)).toBe(200);
    expect(await statusUnderName(`eu.localhost:${server.port}`)).toBe(200);
  });
});

test('GET /health answers "ok"; everything else is not found', async () => {
  expect((await get('/health')).body).toEqual({ status: 'ok' });
  expect((await get('/v1/agents')).status).toBe(404);
});

test('an invalid URL does not end the agent', async () => {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () =>
      socket.write('GET // HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    );
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString('utf8'));
    });
    socket.once('error', reject);
  });
  expect(answer).toContain('404');
  expect((await get('/health')).status).toBe(200);
});

describe('connecting', () => {
  test('the server sends nothing before the client does', async () => {
    const client = new AgentClient(`${server.wsUrl}?token=${server.agent.mintToken()}`);
    await client.open();
    client.send({ type: 'session.update', session: {} });
    await client.waitFor('session.ready');
    expect(client.order()).toEqual(['session.updated', 'session.ready']);
    expect(client.arrived.every(({ message }) => typeof message.timestamp === 'number')).toBe(true);
  });

  test.each(['', '?token=stolen'])(
    'a wrong token "%s" is let in, told off and put out with 1008',
    async (query) => {
      const client = new AgentClient(server.wsUrl + query);
      expect((await client.waitFor('session.error')).message).toMatchObject({
        code: 'unauthorized',
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      });
      expect(await client.closed).toBe(1008);
    },
  );

  test('a token opens one connection', async () => {
    const url = `${server.wsUrl}?token=${server.agent.mintToken()}`;
    const first = new AgentClient(url);
    await first.open();
    const second = new AgentClient(url);
    expect((await second.waitFor('session.error')).message.code).toBe('unauthorized');
  });

  test('a token expires', async () => {
    const clock = new ManualClock();
    const other = await startAgent({ clock, reusableTokens: true });
    try {
      const url = `${other.wsUrl}?token=${other.agent.mintToken(60)}`;
      clock.advance(59_999);
      const early = new AgentClient(url);
      await early.open();
      clock.advance(1);
      expect((await new AgentClient(url).waitFor('session.error')).message.code).toBe('unauthorized');
      expect(early.arrived).toEqual([]);
    } finally {
      await other.close();
    }
  });

  test.each([
    ['audio', { type: 'input.audio', audio: 'AAAA' }, 'type'],
    ['a null greeting', { type: 'session.update', session: { greeting: null } }, 'greeting'],
    ['a stored agent that is none', { type: 'session.update', session: { agent_id: 'nobody' } }, 'agent_id'],
  ])('%s as the first message is fatal', async (_name, first, param) => {
    const client = await AgentClient.connect(server, { first });
    expect((await client.waitFor('session.error')).message.param).toBe(param);
    expect(await client.closed).toBe(1008);
  });

  test('audio before session.ready is an error, but not the end', async () => {
    const client = await AgentClient.connect(server);
    client.send({ type: 'input.audio', audio: 'AAAA' });
    expect((await client.waitFor('session.error')).message.code).toBe('invalid_audio');
    await client.waitFor('session.ready');
  });

  test('invalid messages during a session are answered with errors, and the session continues', async () => {
    const client = await AgentClient.connect(server);
    await client.waitFor('session.ready');
    client.sendRaw('{"type":');
    client.sendRaw(Buffer.of(1, 2, 3));
    client.send({ type: 'session.dance' });
    const deep = '{"a":'.repeat(50_000) + '1' + '}'.repeat(50_000);
    client.sendRaw(`{"type":"session.update","session":{"input":{"deep":${deep}}}}`);
    client.send({ type: 'tool.result', call_id: 'c', result: deep });
    await client.waitFor('session.error', 5);
    expect(client.ofType('session.error').map(({ message }) => message.code)).toEqual([
      'invalid_format',
      'invalid_format',
      'invalid_format',
      'invalid_format',
      'invalid_value',
    ]);
    client.send({ type: 'session.end' });
    expect(await client.closed).toBe(1000);
  });
});

test('session.end is answered, closes with 1000 and leaves no session', async () => {
  const client = await AgentClient.connect(server);
  await client.waitFor('session.ready');
  expect(server.agent.sessionCount).toBe(1);
  client.send({ type: 'session.end' });
  const { message } = await client.waitFor('session.ended');
  expect(message).toMatchObject({
    session_duration_seconds: expect.any(Number) as number,
    audio_duration_seconds: null,
  });
  expect(await client.closed).toBe(1000);
  expect(server.agent.sessionCount).toBe(0);
});

describe('resuming', () => {
  async function dropped(): Promise<string> {
    const client = await AgentClient.connect(server);
    const { message } = await client.waitFor('session.ready');
    const gone = new Promise((resolve) => server.events.once('disconnection', resolve));
    client.terminate();
    await gone;
    return message.session_id as string;
  }
  const resume = (session_id: string, query = ''): Promise<AgentClient> =>
    AgentClient.connect(server, { query, first: { type: 'session.resume', session_id } });

  test('a dropped session continues with the same id', async () => {
    const sessionId = await dropped();
    const client = await resume(sessionId);
    expect((await client.waitFor('session.ready')).message.session_id).toBe(sessionId);
    expect(server.agent.sessionCount).toBe(1);
  });

  test.each(['session_not_found', 'session_forbidden', 'session_expired'])(
    'may be refused with %s',
    async (code) => {
      const client = await resume(await dropped(), `fault=refuse-resume=${code}`);
      expect((await client.waitFor('session.error')).message.code).toBe(code);
      expect(await client.closed).toBe(1008);
    },
  );

  test('an ended session is not found', async () => {
    const first = await AgentClient.connect(server);
    const { message } = await first.waitFor('session.ready');
    first.send({ type: 'session.end' });
    await first.closed;
    const client = await resume(message.session_id as string);
    expect((await client.waitFor('session.error')).message.code).toBe('session_not_found');
  });
});

test('a session expires 30 s after the drop, and no sooner', async () => {
  const clock = new ManualClock();
  const other = await startAgent({ clock, readyDelayMs: 0 });
  try {
    const client = new AgentClient(`${other.wsUrl}?token=${other.agent.mintToken(600)}`);
    const opened = new Promise((resolve) => other.events.once('client-message', resolve));
    await client.open();
    client.send({ type: 'session.update', session: {} });
    await opened;
    clock.advance(1);
    const { message } = await client.waitFor('session.ready');
    const gone = new Promise((resolve) => other.events.once('disconnection', resolve));
    client.terminate();
    await gone;
    clock.advance(29_999);
    expect(other.agent.sessionCount).toBe(1);
    clock.advance(1);
    expect(other.agent.sessionCount).toBe(0);
    const late = await AgentClient.connect(other, {
      first: { type: 'session.resume', session_id: message.session_id },
    });
    expect((await late.waitFor('session.error')).message.code).toBe('session_expired');
  } finally {
    await other.close();
  }
});

describe('events in its own process', () => {
  test('report every message, all audio and every end, with times', async () => {
    const said: ClientMessage[] = [];
    let heardFrames = 0;
    const over: string[] = [];
    server.events.on('client-message', ({ message }) => message && said.push(message));
    server.events.on(
      'input-audio',
      ({ rateHz, samples }) => (heardFrames += rateHz === 24_000 ? samples.length : 0),
    );
    server.events.on('session-over', ({ sessionId }) => over.push(sessionId));
    const written: number[] = [];
    server.events.on('server-message', ({ atMs }) => written.push(atMs));
    const startedMs = Date.now();
    const client = await AgentClient.connect(server);
    const { message } = await client.waitFor('session.ready');
    client.send({ type: 'input.audio', audio: Buffer.alloc(4800).toString('base64') });
    client.send({ type: 'session.end' });
    await client.closed;
    expect(said.map(({ type }) => type)).toEqual(['session.update', 'input.audio', 'session.end']);
    expect(heardFrames).toBe(2400);
    expect(over).toEqual([message.session_id]);
    expect(written.length).toBe(3);
    expect(written.every((atMs) => atMs >= startedMs && atMs <= Date.now())).toBe(true);
  });

  test('report fields that the API does not know', async () => {
    const unknown = new Promise((resolve) => {
      server.events.once('client-message', ({ unknownFields }) => resolve(unknownFields));
    });
    await AgentClient.connect(server, {
      first: { type: 'session.update', session: { output: { speed: 2 } } },
    });
    expect(await unknown).toEqual(['session.update.session.output.speed']);
  });
});

test('a recording keeps both sides’ messages, the audio and the end of a connection', async () => {
  const recording = new AgentRecording(server.events);
  const client = await AgentClient.connect(server);
  const { message } = await client.waitFor('session.ready');
  const tone = Float32Array.from({ length: 4800 }, (_, index) => 0.5 * Math.sin(index / 10));
  const bytes = encodeWireAudio('audio/pcm', { rateHz: 24_000, samples: tone });
  for (const piece of [bytes.subarray(0, 4801), bytes.subarray(4801)]) {
    client.send({ type: 'input.audio', audio: Buffer.from(piece).toString('base64') });
  }
  client.sendRaw('gibberish');
  const gone = new Promise((resolve) => server.events.once('disconnection', resolve));
  client.send({ type: 'session.end' });
  await gone;
  const [connection] = recording.connections;
  expect(connection!.clientMessages.map((kept) => kept.message.type)).toEqual([
    'session.update',
    'input.audio',
    'input.audio',
    'session.end',
  ]);
  expect(connection).toMatchObject({
    refusedTexts: ['gibberish'],
    unknownFields: [],
    sessionId: message.session_id,
  });
  expect(connection!.serverMessages.map((kept) => kept.message.type)).toEqual(
    client.arrived.map((got) => got.message.type),
  );
  expect(connection!.closed).toMatchObject({ code: 1000, by: 'agent' });
  const { rateHz, samples } = recording.sound(message.session_id as string);
  expect([rateHz, samples.length, recording.soundChunks(message.session_id as string).length]).toEqual([
    24_000, 4800, 2,
  ]);
  expect(Math.max(...samples.map((sample, index) => Math.abs(sample - tone[index]!)))).toBeLessThan(
    1 / 32_768,
  );
});
