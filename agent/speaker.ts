/** The agent's mouth: what is to be said waits here, is synthesized, and becomes one reply after the other. */
import type { Engine } from '../src/engine/create-engine.js';
import type { Clock } from './clock.js';
import { RATE_HZ } from './encodings.js';
import type { Faults } from './faults.js';
import type { HostTurn, PlannedCall } from './host.js';
import type { ServerMessage } from './protocol.js';
import type { Random } from './random.js';
import { Reply } from './reply.js';
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
  /** Somebody else is speaking: a reply that has not begun waits. */
  readonly mustWait: () => boolean;
  readonly send: (message: ServerMessage) => void;
  /** The reply that makes these calls has started. */
  readonly onCalls: (calls: readonly PlannedCall[]) => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * What a reply does while the user speaks, as long as it has not begun: it `waits`; it `yields`, since it loses its point
 * when the user goes on; or it `insists`, as a greeting does, which no noise may hold back for ever.
 */
export type Manner = 'waits' | 'yields' | 'insists';

interface Waiting {
  readonly turn: HostTurn;
  readonly delayMs: number;
  readonly manner: Manner;
}

interface Thinking {
  readonly manner: Manner;
  cancel(): void;
}

const LEAD_MIN_MS = 200;
const LEAD_MAX_MS = 800;
const QUIET_CHECK_MS = 20;

export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #queue: Waiting[] = [];
  #reply: Reply | undefined;
  #thinking: Thinking | undefined;
  #replyCount = 0;

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  /** A reply is under way: `reply.started` was sent, `reply.done` was not. */
  get speaking(): boolean {
    return this.#reply !== undefined;
  }

  /**
   * @param delayMs from the moment that everything before it has been said
   */
  say(turn: HostTurn, delayMs: number, manner: Manner = 'waits'): void {
    this.#queue.push({ turn, delayMs, manner });
    this.#next();
  }

  /** Cuts the reply short, with its messages. What waits is dropped: the conversation has moved on. */
  interrupt(): void {
    this.#forget();
    const reply = this.#reply;
    this.#reply = undefined;
    reply?.interrupt();
  }

  /** The user goes on: what was only a remark on the words before is dropped, silently. */
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
    this.#reply?.stop();
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

  /** The speech is made while the delay runs; whichever takes longer decides. */
  #think({ delayMs, turn, manner }: Waiting): void {
    const { clock, config, onFailure, voice } = this.#options;
    const { format, voice: voiceId } = config().output;
    let cancelled = false;
    const pause = new Promise<void>((resolve) => {
      const cancelTimer = clock.after(delayMs, resolve);
      const cancel = (): void => {
        cancelled = true;
        cancelTimer();
      };
      this.#thinking = { manner, cancel };
    });
    const speech = voice.speak(turn.text, voiceId, RATE_HZ[format.encoding]);
    Promise.all([speech, pause]).then(
      ([made]) => {
        if (!cancelled) this.#beginWhenQuiet(turn, made, manner);
      },
      (error: unknown) => {
        if (cancelled) return;
        this.#thinking = undefined;
        onFailure(error);
        this.#next();
      },
    );
  }

  /** Talking over somebody who goes on after a pause would be rude, and the live service does not do it either. */
  #beginWhenQuiet(turn: HostTurn, speech: Speech, manner: Manner): void {
    const { clock, mustWait } = this.#options;
    if (manner !== 'insists' && mustWait()) {
      const cancel = clock.after(QUIET_CHECK_MS, () => this.#beginWhenQuiet(turn, speech, manner));
      this.#thinking = { manner, cancel };
      return;
    }
    this.#thinking = undefined;
    this.#begin(turn, speech);
  }

  #begin(turn: HostTurn, speech: Speech): void {
    const { clock, config, engine, faults, idPrefix, onCalls, send } = this.#options;
    const number = ++this.#replyCount;
    const { format, volume } = config().output;
    this.#reply = new Reply({
      ...{ clock, engine, speech, text: turn.text, send },
      replyId: `reply_${idPrefix}_${number}`,
      itemId: `item_${idPrefix}_a${number}`,
      encoding: format.encoding,
      gain: volume / 100,
      leadMs: this.#leadMs(),
      speed: faults.speed,
      oddBytes: faults.oddBytes,
      lateWords: faults.lateWords,
      kind:
        faults.silentReply === number ? 'silent' : faults.unspokenReply === number ? 'unspoken' : 'spoken',
      statesCompletion: number % 2 === 0,
      onDone: () => {
        this.#reply = undefined;
        this.#next();
      },
    });
    this.#reply.start();
    const storm = faults.toolStorm > 0 && number === 2 ? stormCalls(faults.toolStorm, config()) : [];
    const calls = [...turn.calls, ...storm];
    if (calls.length > 0) onCalls(calls);
  }

  #leadMs(): number {
    const { faults, random } = this.#options;
    // The random number is drawn in any case, so that the fault does not change what the host says.
    const leadMs = LEAD_MIN_MS + random() * (LEAD_MAX_MS - LEAD_MIN_MS);
    // Whole 10 ms: the lead then ends where a frame ends.
    return faults.leadMs ?? Math.round(leadMs / 10) * 10;
  }
}

/** Every other call goes to a tool that nobody registered. */
function stormCalls(count: number, { tools }: SessionConfig): PlannedCall[] {
  return Array.from({ length: count }, (_, index) => {
    const tool = index % 2 === 0 && tools.length > 0 ? tools[(index / 2) % tools.length] : undefined;
    const name = tool?.name ?? `unknown_tool_${index}`;
    return { name, arguments: { number: index }, timeoutMs: 10_000, serverSide: false };
  });
}
