/** Sends messages to the client with simulated network problems: they may be late, but never out of order. */
import type { Clock } from './clock.js';
import type { Faults } from './faults.js';
import type { ServerMessage } from './protocol.js';
import type { Random } from './random.js';

export interface LinkSocket {
  write(text: string): void;
  close(code: number, reason: string): void;
}

export interface LinkOptions {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly random: Random;
  readonly socket: LinkSocket;
  /** Called when the message has been written to the socket. */
  readonly onSent: (message: ServerMessage) => void;
}

/** Broken or unknown messages, which a client has to survive. */
const MALFORMED: readonly string[] = [
  '{"type":"reply.audio"',
  'null',
  '[]',
  '"reply.audio"',
  '{"type":42}',
  '{"no_type":true}',
  '{"type":"reply.audio"}',
  '{"type":"reply.audio","data":"***not base64***"}',
  '{"type":"reply.audio","data":{"length":1e9}}',
  '{"type":"transcript.agent.delta","delta":null,"start_ms":"soon"}',
  '{"type":"transcript.user","text":["not","text"]}',
  '{"type":"tool.call","call_id":7,"name":null,"arguments":"none"}',
  '{"type":"session.error"}',
  '{"type":"reply.done","reply_id":"never_started","status":"interrupted"}',
  '{"type":"future.event","timestamp":1,"payload":{"deep":[[[[[]]]]]}}',
  '',
];

export class Link {
  readonly #options: LinkOptions;
  readonly #queue: { dueMs: number; run: () => void }[] = [];
  #stallFromMs = Number.POSITIVE_INFINITY;
  #count = 0;
  #malformedCount = 0;
  #cancelTimer: (() => void) | undefined;
  #closed = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** Schedules the stall, from now. */
  markReady(): void {
    const { clock, faults } = this.#options;
    if (faults.stallMs > 0) this.#stallFromMs = clock.nowMs() + faults.stallAfterMs;
  }

  /** @param timestamp the service mostly writes seconds since 1970; in some errors an ISO string */
  send(message: ServerMessage, timestamp: 'seconds' | 'iso' = 'seconds'): void {
    const { clock, faults } = this.#options;
    const epochMs = clock.epochMs();
    const stamped = {
      ...message,
      ...(faults.errorAlias && message.type === 'session.error' ? { type: 'error' } : {}),
      timestamp: timestamp === 'iso' ? new Date(epochMs).toISOString() : epochMs / 1000,
    };
    if (faults.malformedEvery > 0 && ++this.#count % faults.malformedEvery === 0) {
      const text = MALFORMED[this.#malformedCount++ % MALFORMED.length]!;
      this.#schedule(() => this.#options.socket.write(text));
    }
    this.#schedule(() => {
      this.#options.socket.write(JSON.stringify(stamped));
      this.#options.onSent(stamped);
    });
  }

  /** Closes after everything sent before. */
  close(code: number, reason: string): void {
    this.#schedule(() => {
      this.dispose();
      this.#options.socket.close(code, reason);
    });
  }

  /** Drops everything that is still queued. */
  dispose(): void {
    this.#closed = true;
    this.#queue.length = 0;
    this.#cancelTimer?.();
  }

  #schedule(run: () => void): void {
    if (this.#closed) return;
    const dueMs = this.#dueMs();
    if (this.#queue.length === 0 && dueMs <= this.#options.clock.nowMs()) {
      run();
      return;
    }
    this.#queue.push({ dueMs, run });
    if (this.#queue.length === 1) this.#arm();
  }

  #dueMs(): number {
    const { clock, faults, random } = this.#options;
    let dueMs = clock.nowMs() + faults.latencyMs;
    if (faults.jitterMs > 0 && random() < faults.jitterShare) {
      dueMs += faults.jitterMinMs + random() * Math.max(0, faults.jitterMs - faults.jitterMinMs);
    }
    const stallToMs = this.#stallFromMs + faults.stallMs;
    return dueMs >= this.#stallFromMs && dueMs < stallToMs ? stallToMs : dueMs;
  }

  #arm(): void {
    this.#cancelTimer?.();
    const first = this.#queue[0];
    if (!first) return;
    const { clock } = this.#options;
    this.#cancelTimer = clock.after(first.dueMs - clock.nowMs(), () => {
      // The first message holds back those after it, even if they are due. This keeps the order.
      while (this.#queue[0] && this.#queue[0].dueMs <= clock.nowMs()) this.#queue.shift()!.run();
      this.#arm();
    });
  }
}
