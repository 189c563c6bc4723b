import { RATE_HZ } from '../../../agent/encodings.js';
import { HEALTHY, type Faults } from '../../../agent/faults.js';
import { parseClientMessage, type ServerMessage } from '../../../agent/protocol.js';
import { AgentSession } from '../../../agent/session.js';
import { firstConfig } from '../../../agent/session-config.js';
import { Voice, type Speech } from '../../../agent/voice.js';
import { encodeWireAudio } from '../../support/wire-audio.js';
import { ManualClock } from '../../support/manual-clock.js';

export interface Sent {
  readonly atMs: number;
  readonly message: ServerMessage;
}

const PACKET_MS = 50;

export const GREETING = 'Hello there.';
export const QUESTION = 'Good morning, how are you doing today?';
/** The messages of a reply; consecutive equal types count once. */
export const REPLY_ORDER = [
  'reply.started',
  'reply.audio',
  'transcript.agent.delta',
  'reply.audio',
  'transcript.agent',
  'reply.done',
];

/** A session with a real speech detector and a real voice, on a clock that the test advances; no network. */
export class Conversation {
  readonly clock = new ManualClock();
  readonly sent: Sent[] = [];
  readonly closes: number[] = [];
  heardFrames = 0;
  resumeTokens = 0;
  session!: AgentSession;
  #synthesizing: Promise<unknown> = Promise.resolve();

  static async open(
    update: Record<string, unknown> = {},
    faults: Partial<Faults> = {},
  ): Promise<Conversation> {
    const result = firstConfig(update);
    if ('error' in result) throw new Error(result.error.message);
    const conversation = new Conversation();
    conversation.session = await AgentSession.create({
      id: '01234567-89ab-4def-8123-456789abcdef',
      mintResumeToken: () => `resume-me-${conversation.resumeTokens++}`,
      clock: conversation.clock,
      faults: { ...HEALTHY, leadMs: 300, ...faults },
      voice: { speak: (...args) => conversation.#speak(...args) },
      config: result.config,
      startDelayMs: 600,
      thinkMs: 350,
      interruptionSpreadMs: 0,
      onAudio: (samples) => (conversation.heardFrames += samples.length),
      onEnd: () => {},
    });
    conversation.connect();
    return conversation;
  }

  connect(how: 'open' | 'resume' = 'open'): void {
    const outlet = {
      send: (message: ServerMessage) => void this.sent.push({ atMs: this.clock.nowMs(), message }),
      close: (code: number) => void this.closes.push(code),
    };
    this.session[how](outlet);
  }

  #speak(text: string, voice: string, rateHz: number): Promise<Speech> {
    const speech = Voice.shared.speak(text, voice, rateHz);
    this.#synthesizing = speech;
    return speech;
  }

  /** Sends a client message through the same validation as a real one. */
  tell(message: Record<string, unknown>): void {
    const { message: parsed, problems } = parseClientMessage(JSON.stringify(message));
    if (!parsed) throw new Error(problems[0]?.message);
    this.session.receive(parsed);
  }

  /** Sends the user's audio for this long: these samples, then silence. */
  async listen(durationMs: number, samples: Float32Array = new Float32Array(0)): Promise<void> {
    const { encoding } = this.session.config.input.format;
    const packetFrames = (RATE_HZ[encoding] * PACKET_MS) / 1000;
    for (let packet = 0; packet * PACKET_MS < durationMs; packet++) {
      const frames = new Float32Array(packetFrames);
      frames.set(samples.subarray(packet * packetFrames, (packet + 1) * packetFrames));
      this.tell({
        type: 'input.audio',
        audio: Buffer.from(
          encodeWireAudio(encoding, { rateHz: RATE_HZ[encoding], samples: frames }),
        ).toString('base64'),
      });
      await this.pass(PACKET_MS);
    }
  }

  /** Lets time pass without a message. Waits for speech synthesis, so that it takes none of this time. */
  async pass(durationMs: number): Promise<void> {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 10) {
      this.clock.advance(10);
      await this.#synthesizing;
      await new Promise(setImmediate);
    }
  }

  async user(text: string): Promise<Float32Array> {
    const { encoding } = this.session.config.input.format;
    return (await Voice.shared.speak(text, 'michael', RATE_HZ[encoding])).samples;
  }

  ofType(type: string): Sent[] {
    return this.sent.filter(({ message }) => message.type === type);
  }

  last(type: string): ServerMessage | undefined {
    return this.ofType(type).at(-1)?.message;
  }

  /** Message types in order; consecutive equal ones count once. */
  order(from = 0): string[] {
    const types = this.sent.slice(from).map(({ message }) => message.type);
    return types.filter((type, index) => type !== types[index - 1]);
  }
}
