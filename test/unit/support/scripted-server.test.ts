import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, type RawData } from 'ws';
import { ScriptedServer } from '../../support/scripted-server.js';
import type { WireMessage } from '../../support/scripted-call.js';
import { measureTone } from '../../support/tone-fit.js';
import { makeTone } from '../../support/tones.js';
import { decodeWireAudio, encodeWireAudio } from '../../support/wire-audio.js';

const parse = (data: RawData): WireMessage => JSON.parse((data as Buffer).toString()) as WireMessage;

describe('scripted server', () => {
  let server: ScriptedServer;
  let client: WebSocket;
  let heard: WireMessage[];

  const connect = (): void => {
    client = new WebSocket(`${server.url}?token=abc`);
    client.on('message', (data) => heard.push(parse(data)));
    client.on('error', () => undefined);
  };
  const say = (message: unknown): void => client.send(JSON.stringify(message));

  beforeEach(async () => {
    heard = [];
    server = await ScriptedServer.listen();
  });
  afterEach(async () => {
    client.terminate();
    await server[Symbol.asyncDispose]();
  });

  it('opens and ends a session, and records the token and the encodings', async () => {
    connect();
    await once(client, 'open');
    say({ type: 'session.update', session: { input: { format: { encoding: 'audio/pcmu' } } } });
    const call = await server.call();
    await call.message('session.update');
    expect([call.token, call.inputEncoding, call.outputEncoding]).toEqual(['abc', 'audio/pcmu', 'audio/pcm']);
    say({ type: 'session.end' });
    expect(await call.closed).toBe(1000);
    expect(heard.map(({ type }) => type)).toEqual(['session.updated', 'session.ready', 'session.ended']);
  });

  it('decodes what the client sends', async () => {
    connect();
    await once(client, 'open');
    say({ type: 'session.update', session: { input: { format: { encoding: 'audio/pcma' } } } });
    const tone = makeTone({ frequencyHz: 500, durationMs: 400, amplitude: 0.5, rateHz: 8000, rampMs: 0 });
    say({ type: 'input.audio', audio: Buffer.from(encodeWireAudio('audio/pcma', tone)).toString('base64') });
    const input = await (await server.call()).inputOfAtLeast(400);
    expect(input.rateHz).toBe(8000);
    expect(measureTone(input, 500).snrDb).toBeGreaterThan(35);
  });

  it('speaks at real-time pace, whole, with one frame for each 10 ms', async () => {
    connect();
    await once(client, 'open');
    const call = await server.call();
    const sound = makeTone({ frequencyHz: 500, durationMs: 500, amplitude: 0.5, rateHz: 24_000, rampMs: 0 });
    const askedAtEpochMs = Date.now();
    const speech = call.say({ replyId: 'r1', sound, leadMs: 100, text: 'one two' });
    await speech.finished;
    expect(speech.sentAtEpochMs).toHaveLength(60);
    // Timers may be late, but not early.
    for (const [index, at] of speech.sentAtEpochMs.entries())
      expect(at - askedAtEpochMs).toBeGreaterThanOrEqual(index * 10);
    while (heard.at(-1)?.type !== 'reply.done') await once(client, 'message');
    const frames = heard.filter(({ type }) => type === 'reply.audio');
    const bytes = Buffer.concat(frames.map(({ data }) => Buffer.from(String(data), 'base64')));
    expect(decodeWireAudio('audio/pcm', bytes).samples).toHaveLength(600 * 24);
    expect(heard.filter(({ type }) => type === 'transcript.agent.delta')).toHaveLength(2);
  });

  it('announces an interruption and continues to send for the requested time', async () => {
    connect();
    await once(client, 'open');
    const call = await server.call();
    const sound = makeTone({ frequencyHz: 500, durationMs: 5000, amplitude: 0.5, rateHz: 24_000 });
    const speech = call.say({ replyId: 'r1', sound });
    while (heard.length < 20) await once(client, 'message');
    const before = speech.sentAtEpochMs.length;
    call.interrupt(speech, { lateMs: 100 });
    await speech.finished;
    while (heard.at(-1)?.type !== 'reply.audio') await once(client, 'message');
    const cut = heard.findIndex(({ type }) => type === 'input.speech.started');
    expect(heard.slice(cut, cut + 3).map(({ type }) => type)).toEqual([
      'input.speech.started',
      'transcript.agent',
      'reply.done',
    ]);
    expect(heard.slice(cut + 3).every(({ type }) => type === 'reply.audio')).toBe(true);
    expect(speech.sentAtEpochMs.length - before).toBe(10);
  });

  it('sends the requested amount ahead of time, and no more', async () => {
    connect();
    await once(client, 'open');
    const call = await server.call();
    const sound = makeTone({ frequencyHz: 500, durationMs: 5000, amplitude: 0.5, rateHz: 24_000 });
    const speech = call.say({ replyId: 'r1', sound, leadMs: 0, aheadMs: 1_000 });
    // A second, and the frame that is due now.
    while (heard.length < 1 + 101) await once(client, 'message');
    const askedAtEpochMs = Date.now();
    const more = speech.sentAtEpochMs.length;
    expect(more).toBeGreaterThanOrEqual(101);
    speech.endAfter(0);
    await speech.finished;
    expect(speech.sentAtEpochMs.length, 'nothing more').toBe(more);
    expect(speech.sentAtEpochMs.at(-1)).toBeLessThanOrEqual(askedAtEpochMs);
  });

  it('refuses in the three observed ways of the service', async () => {
    server.manners = 'refuse';
    connect();
    const [, response] = (await once(client, 'unexpected-response')) as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(401);
    server.manners = 'unauthorized';
    connect();
    const [code] = (await once(client, 'close')) as [number];
    expect([code, heard[0]?.['code']]).toEqual([1008, 'unauthorized']);
    server.manners = 'mute';
    connect();
    await once(client, 'open');
    say({ type: 'session.update' });
    const call = await server.call(2);
    await call.message('session.update');
    expect(heard).toHaveLength(1);
  });
});
