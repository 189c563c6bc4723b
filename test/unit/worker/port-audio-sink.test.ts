import { describe, expect, it, vi } from 'vitest';
import type { AudioSinkHandlers } from '../../../src/session/audio-sink.js';
import { PortAudioSink } from '../../../src/worker/port-audio-sink.js';
import type { PlaybackStats, SessionToWorklet, WorkletToSession } from '../../../src/worklet/messages.js';

/** A worklet's end of a real channel. */
class Worklet {
  readonly heard: SessionToWorklet[] = [];
  readonly sessionPort: MessagePort;
  readonly #port: MessagePort;

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.sessionPort = port2;
    port1.onmessage = ({ data }: MessageEvent<SessionToWorklet>) => this.heard.push(data);
  }

  say(message: WorkletToSession): void {
    this.#port.postMessage(message);
  }

  get types(): string[] {
    return this.heard.map(({ type }) => type);
  }

  close(): void {
    this.#port.close();
  }
}

function recordingHandlers() {
  const calls: unknown[][] = [];
  const note =
    (name: string) =>
    (...parameters: unknown[]): void =>
      void calls.push([name, ...parameters]);
  const handlers: AudioSinkHandlers = {
    packet: note('packet'),
    replyAudible: note('replyAudible'),
    replyHeard: note('replyHeard'),
    playhead: note('playhead'),
    flushed: note('flushed'),
    voice: note('voice'),
    echo: () => undefined,
  };
  return { calls, handlers };
}

const STATS: PlaybackStats = {
  ...{ depthMs: 40, targetMs: 40, underruns: 2, concealedMs: 10, droppedSilenceMs: 5 },
  ...{ insertedSilenceMs: 1, overflowMs: 0, playoutDelayMs: 45 },
  ...{ ducks: 3, falseDucks: 1, onsetToDuckMs: 90 },
  ...{ echoLeakDb: -60, echoAboveNoiseDb: 0, playedSeconds: 9 },
};

const playhead = (reply: number, heardMs: number, consumedBytes: number): WorkletToSession => ({
  ...{ type: 'playhead', reply, heardMs, consumedBytes },
});

describe('PortAudioSink with a second worklet in mid-call', () => {
  it('gives it the format, what was not heard, the end of the reply and the hold', async () => {
    const [first, second] = [new Worklet(), new Worklet()];
    const sink = new PortAudioSink(first.sessionPort);
    const { calls, handlers } = recordingHandlers();
    sink.connect(handlers, () => undefined);
    sink.setFormat('audio/pcmu', 'audio/pcm');
    for (const value of [1, 2, 3]) sink.play(7, new Uint8Array(480).fill(value));
    sink.completeReply(7);
    sink.hold();
    sink.turnDown(-6);
    first.say(playhead(7, 10, 500));
    await vi.waitFor(() => expect(calls).toHaveLength(1));

    sink.replaceWorklet(second.sessionPort);
    await vi.waitFor(() => expect(second.types).toContain('turn-down'));
    expect(second.types).toEqual(['format', 'audio', 'audio', 'reply-complete', 'hold', 'turn-down']);
    expect(second.heard[0]).toEqual({ type: 'format', input: 'audio/pcmu', output: 'audio/pcm' });
    const pieces = second.heard.flatMap((message) => (message.type === 'audio' ? [message.bytes[0]] : []));
    expect(pieces).toEqual([2, 3]);
    for (const worklet of [first, second]) worklet.close();
  });

  it('goes on counting what was heard, tells nothing twice, and sums the counters', async () => {
    const [first, second] = [new Worklet(), new Worklet()];
    const sink = new PortAudioSink(first.sessionPort);
    const { calls, handlers } = recordingHandlers();
    const stats: number[] = [];
    sink.connect(handlers, ({ underruns }) => stats.push(underruns));
    sink.setFormat('audio/pcm', 'audio/pcm');
    first.say({ type: 'reply-audible', reply: 1 });
    first.say(playhead(1, 900, 43_200));
    first.say({ type: 'stats', stats: STATS });
    await vi.waitFor(() => expect(stats).toEqual([2]));

    sink.replaceWorklet(second.sessionPort);
    second.say({ type: 'reply-audible', reply: 1 });
    second.say(playhead(1, 100, 4_800));
    second.say({ type: 'reply-heard', reply: 1, heardMs: 150, audible: false });
    second.say(playhead(2, 30, 9_600));
    second.say({ type: 'stats', stats: STATS });
    await vi.waitFor(() => expect(stats).toEqual([2, 4]));
    expect(calls).toEqual([
      ['replyAudible', 1],
      ['playhead', 1, 900],
      ['playhead', 1, 1_000],
      ['replyHeard', 1, 1_050, true],
      ['playhead', 2, 30],
    ]);
    for (const worklet of [first, second]) worklet.close();
  });

  it('plays anew what a flush took along of later replies', async () => {
    const worklet = new Worklet();
    const sink = new PortAudioSink(worklet.sessionPort);
    sink.connect(recordingHandlers().handlers, () => undefined);
    sink.setFormat('audio/pcm', 'audio/pcm');
    sink.play(1, new Uint8Array(480));
    sink.completeReply(1);
    sink.play(2, new Uint8Array(480).fill(8));
    sink.play(2, new Uint8Array(480).fill(9));
    sink.completeReply(2);
    const before = 6;
    sink.flush(1);
    await vi.waitFor(() => expect(worklet.types).toHaveLength(before + 4));
    const anew = worklet.heard.slice(before);
    expect(anew.map(({ type }) => type)).toEqual(['flush', 'audio', 'audio', 'reply-complete']);
    expect(anew.flatMap((message) => (message.type === 'audio' ? [message.bytes[0]] : []))).toEqual([8, 9]);
    sink.flush();
    sink.completeReply(3);
    await vi.waitFor(() => expect(worklet.types.length).toBeGreaterThan(before + 5));
    expect(worklet.types.slice(before + 4), 'a flush of all keeps nothing').toEqual([
      'flush',
      'reply-complete',
    ]);
    worklet.close();
  });

  it('gives it nothing of what was flushed', async () => {
    const [first, second] = [new Worklet(), new Worklet()];
    const sink = new PortAudioSink(first.sessionPort);
    sink.connect(recordingHandlers().handlers, () => undefined);
    sink.setFormat('audio/pcm', 'audio/pcm');
    sink.play(1, new Uint8Array(480));
    sink.hold();
    sink.flush();
    sink.play(2, new Uint8Array(480).fill(9));
    sink.replaceWorklet(second.sessionPort);
    sink.completeReply(2);
    await vi.waitFor(() => expect(second.types).toContain('reply-complete'));
    expect(second.heard.map((message) => ('reply' in message ? message.reply : message.type))).toEqual([
      'format',
      2,
      2,
    ]);
    for (const worklet of [first, second]) worklet.close();
  });
});
