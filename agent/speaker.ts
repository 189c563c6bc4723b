/** A queue of replies: each is synthesized, then sent, one after the other. */
import type { Engine } from '../src/engine/create-engine.js';
import type { Clock } from './clock.js';
import { RATE_HZ } from './encodings.js';
import type { Faults } from './faults.js';
import type { HostTurn, PlannedCall } from './host.js';
import type { ServerMessage } from './protocol.js';
import type { Random } from './random.js';
import { Reply, type ReplyOptions } from './reply.js';
import type { SessionConfig } from './session-config.js';
import type { Speech, Voice } from './voice.js';

export interface SpeakerOptions {
  readonly clock: Clock;
  readonly engine: Pick<Engine, 'encode'>;
  readonly random: Random;
  readonly faults: Faults;
  readonly voice: Pick<Voice, 'speak'>;
  /** Begins every reply's id. */
  readonly idPrefix: string;
  readonly config: () => SessionConfig;
  /** Whether the user is speaking, so that a reply that has not begun must wait. */
  readonly mustWait: () => boolean;
  readonly send: (message: ServerMessage) => void;
  /** Called when the reply that makes these tool calls has started. */
  readonly onCalls: (calls: readonly PlannedCall[]) => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * How a reply that has not begun reacts if the user speaks. It `waits`; it `yields` (is dropped, because it loses its
 * point when the user continues); or it `insists`, as a greeting does, which noise must not delay forever.
 */
export type Manner = 'waits' | 'yields' | 'insists';

interface Waiting {
  readonly turn: HostTurn;
  readonly delayMs: number;
  readonly manner: Manner;
  /** Set for the last reply of a session, which is sent at once; called after it. */
  readonly andThen?: () => void;
}

interface Thinking {
  readonly turn: HostTurn;
  readonly manner: Manner;
  cancel(): void;
}

const LEAD_MIN_MS = 200;
const LEAD_MAX_MS = 800;
const QUIET_CHECK_MS = 20;
/** Speed, relative to real time, that sends a reply in one burst. */
const AT_ONCE = 1000;

export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #queue: Waiting[] = [];
  #reply: { readonly reply: Reply; readonly id: string; readonly isGreeting: boolean } | undefined;
  #thinking: Thinking | undefined;
  #replyCount = 0;

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  /** A reply is being sent: after `reply.started`, before `reply.done`. */
  get speaking(): boolean {
    return this.#reply !== undefined;
  }

  /** The reply being sent is the greeting. */
  get greeting(): boolean {
    return this.#reply?.isGreeting ?? false;
  }

  /** Drops everything else, sends this at once, then calls `andThen`. */
  sayLast(turn: HostTurn, andThen: () => void): void {
    this.stop();
    this.#queue.push({ turn, delayMs: 0, manner: 'insists', andThen });
    this.#next();
  }

  /** Interrupts this reply if it is being sent. The queue continues. */
  cancel(replyId: string): void {
    if (this.#reply?.id !== replyId) return;
    const { reply } = this.#reply;
    this.#reply = undefined;
    reply.interrupt();
    this.#next();
  }

  /**
   * @param delayMs from the end of the reply before it
   */
  say(turn: HostTurn, delayMs: number, manner: Manner = 'waits'): void {
    this.#queue.push({ turn, delayMs, manner });
    this.#next();
  }

  /** Removes a turn from the queue. @returns false if it has begun or was never queued */
  withdraw(turn: HostTurn): boolean {
    const index = this.#queue.findIndex((waiting) => waiting.turn === turn);
    if (index >= 0) this.#queue.splice(index, 1);
    if (this.#thinking?.turn !== turn) return index >= 0;
    this.#thinking.cancel();
    this.#thinking = undefined;
    return true;
  }

  /** Interrupts the reply, which sends its final messages, and drops the queue. */
  interrupt(): void {
    this.#forget();
    const current = this.#reply;
    this.#reply = undefined;
    current?.reply.interrupt();
  }

  /** The user continues: silently drops replies that yield. */
  hush(): void {
    this.#queue.splice(0, this.#queue.length, ...this.#queue.filter(({ manner }) => manner !== 'yields'));
    if (this.#thinking?.manner !== 'yields') return;
    this.#thinking.cancel();
    this.#thinking = undefined;
    this.#next();
  }

  /** Drops everything, silently. */
  stop(): void {
    this.#forget();
    this.#reply?.reply.stop();
    this.#reply = undefined;
  }

  #forget(): void {
    this.#queue.length = 0;
    this.#thinking?.cancel();
    this.#thinking = undefined;
  }

  #next(): void {
    if (this.#reply || this.#thinking) return;
    const waiting = this.#queue.shift();
    if (waiting) this.#think(waiting);
  }

  /** Synthesizes the speech while the delay runs, and begins when both are over. */
  #think(waiting: Waiting): void {
    const { clock, faults, onFailure } = this.#options;
    const { delayMs, manner, turn } = waiting;
    let cancelled = false;
    const pause = new Promise<void>((resolve) => {
      const cancelTimer = clock.after(delayMs / faults.pace, resolve);
      const cancel = (): void => {
        cancelled = true;
        cancelTimer();
      };
      this.#thinking = { turn, manner, cancel };
    });
    Promise.all([this.#speech(turn.text), pause]).then(
      ([made]) => {
        if (!cancelled) this.#beginWhenQuiet(waiting, made);
      },
      (error: unknown) => {
        if (cancelled) return;
        this.#thinking = undefined;
        onFailure(error);
        this.#next();
      },
    );
  }

  /** Like the live service, does not talk over a user who continues after a pause. */
  #beginWhenQuiet(waiting: Waiting, speech: Speech): void {
    const { clock, mustWait } = this.#options;
    const { manner, turn } = waiting;
    if (manner !== 'insists' && mustWait()) {
      const cancel = clock.after(QUIET_CHECK_MS, () => this.#beginWhenQuiet(waiting, speech));
      this.#thinking = { turn, manner, cancel };
      return;
    }
    this.#thinking = undefined;
    this.#begin(waiting, speech);
  }

  #begin({ andThen, manner, turn }: Waiting, speech: Speech): void {
    const { clock, config, engine, faults, idPrefix, onCalls, send } = this.#options;
    const number = ++this.#replyCount;
    const { format, volume } = config().output;
    const id = `reply_${idPrefix}_${number}`;
    const reply = new Reply({
      clock,
      engine,
      speech,
      text: turn.text,
      send,
      replyId: id,
      itemId: `item_${idPrefix}_a${number}`,
      encoding: format.encoding,
      gain: volume / 100,
      leadMs: this.#leadMs(),
      speed: andThen ? AT_ONCE : faults.speed * faults.pace,
      oddBytes: faults.oddBytes,
      lateWords: faults.lateWords,
      kind: this.#kindOf(number),
      retryable: faults.replyErrorRetryable,
      statesCompletion: number % 2 === 0,
      onDone: () => {
        this.#reply = undefined;
        andThen?.();
        this.#next();
      },
    });
    this.#reply = { reply, id, isGreeting: manner === 'insists' };
    reply.start();
    const storm = faults.toolStorm > 0 && number === 2 ? stormCalls(faults.toolStorm, config()) : [];
    const calls = [...turn.calls, ...storm];
    if (calls.length > 0) onCalls(calls);
  }

  #kindOf(number: number): ReplyOptions['kind'] {
    const { config, faults } = this.#options;
    if (faults.replyError === number) return 'failed';
    if (faults.silentReply === number) return 'silent';
    if (faults.unspokenReply === number) return 'unspoken';
    return config().output.type === 'text' ? 'written' : 'spoken';
  }

  /** Without audio, words have no times. */
  async #speech(text: string): Promise<Speech> {
    const { type, format, voice } = this.#options.config().output;
    const rateHz = RATE_HZ[format.encoding];
    if (type === 'audio') return this.#options.voice.speak(text, voice, rateHz);
    const words = text.split(/\s+/).map((word) => ({ text: word, startMs: 0, endMs: 0 }));
    return { samples: new Float32Array(0), rateHz, words };
  }

  #leadMs(): number {
    const { faults, random } = this.#options;
    // Always draw the random number, so that the fault does not change what the host says.
    const leadMs = LEAD_MIN_MS + random() * (LEAD_MAX_MS - LEAD_MIN_MS);
    // A multiple of 10 ms, so that the lead ends with a frame.
    return faults.leadMs ?? Math.round(leadMs / 10) * 10;
  }
}

/** Every other call is for a tool that is not registered. */
function stormCalls(count: number, { tools }: SessionConfig): PlannedCall[] {
  return Array.from({ length: count }, (_, index) => {
    const tool = index % 2 === 0 && tools.length > 0 ? tools[(index / 2) % tools.length] : undefined;
    const name = tool?.name ?? `unknown_tool_${index}`;
    return { name, arguments: { number: index }, timeoutMs: 10_000, serverSide: false };
  });
}
