/** The element itself, with a call that a test directs. */
import type { ConversationAgent } from '../../components/voice-agent/call-options.js';
import { VoiceAgentElement } from '../../components/voice-agent/voice-agent.js';
import type { VoiceAgentElementEventMap } from '../../components/voice-agent/voice-agent.events.js';
import type { SessionEndReason } from '../../src/index.js';
import {
  DirectedCall,
  type Failure,
  type PageRequest,
  type StandInError,
  type StandInState,
  type StandInToolAnswer,
  type Utterance,
} from './directed-call.js';

/**
 * `<voice-agent>` for unit tests in jsdom or happy-dom. It is the element itself, with its attributes, properties, methods,
 * events, texts and controls. Only the call is simulated: no microphone, no audio, no Worker, no network. The test
 * directs it with the methods below. They dispatch the events of a real call, in the same order.
 */
export class VoiceAgentStandIn extends VoiceAgentElement {
  protected override createAgent(): ConversationAgent {
    return new DirectedCall(this);
  }

  /** Requests of the page, in order: `start`, `stop`, `say`, … */
  get requests(): readonly PageRequest[] {
    return this.#call.requests;
  }

  /** Moves the call to this state, through the states before it: `speaking` on a new element starts a call first. */
  becomes(state: StandInState): void {
    this.#call.becomes(state);
  }

  /** The agent says this. The state is `speaking` until the test changes it. */
  says(text: string, utterance?: Utterance): void {
    this.#call.says(text, utterance);
  }

  /** The visitor says this. After the final text, the state is `thinking`. */
  hears(text: string, utterance?: Utterance): void {
    this.#call.hears(text, utterance);
  }

  /**
   * The agent calls a tool of the page.
   * @returns the answer that the agent would get, also for invalid arguments and errors of the handler
   */
  calls(name: string, args?: Readonly<Record<string, unknown>>): Promise<StandInToolAnswer> {
    return this.#call.calls(name, args);
  }

  /**
   * Dispatches an error, and ends the call unless `fatal` is false.
   * @param code such as `microphone_denied`
   * @throws {RangeError} for an unknown code
   */
  fails(code: StandInError, failure?: Failure): void {
    this.#call.fails(code, failure);
  }

  /** Ends the call. @param seconds its length */
  ends(reason: SessionEndReason = 'server-ended', seconds?: number): void {
    this.#call.ends(reason, seconds);
  }

  /** Dispatches any other event of the element. */
  dispatches<Name extends keyof VoiceAgentElementEventMap>(
    type: Name,
    detail: VoiceAgentElementEventMap[Name]['detail'],
  ): void {
    this.#call.dispatch(type, detail);
  }

  get #call(): DirectedCall {
    return this.currentAgent as DirectedCall;
  }
}
