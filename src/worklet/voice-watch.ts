/** Reports when speech starts or stops, and when a reply ducks, is held or resumes. */
import type { DuplexEngine } from '../engine/duplex-engine.js';
import type { GivingWay, WorkletToSession } from './messages.js';

type VoiceMessage = Extract<WorkletToSession, { type: 'voice' }>;

/** By the engine's numbers. */
const GIVING_WAY: readonly GivingWay[] = ['none', 'ducked', 'held'];

export class VoiceWatch {
  readonly #engine: DuplexEngine;
  /** Created once, since posting copies it. */
  readonly #message: { -readonly [Key in keyof VoiceMessage]: VoiceMessage[Key] } = {
    type: 'voice',
    speaking: false,
    givingWay: 'none',
    reply: 0,
  };

  constructor(engine: DuplexEngine) {
    this.#engine = engine;
  }

  /**
   * Call once per quantum; does not allocate.
   * @param reply the current or next one
   * @returns what has changed, if anything
   */
  look(reply: number): VoiceMessage | undefined {
    const { speaking } = this.#engine;
    const givingWay = GIVING_WAY[this.#engine.givingWay]!;
    const message = this.#message;
    if (speaking === message.speaking && givingWay === message.givingWay) return undefined;
    message.speaking = speaking;
    message.givingWay = givingWay;
    message.reply = reply;
    return message;
  }
}
