/** The element itself, with a call that a test directs. */
import type { ConversationAgent } from '../../components/voice-agent/call-options.js';
import { VoiceAgentElement } from '../../components/voice-agent/voice-agent.js';
import type { VoiceAgentElementEventMap } from '../../components/voice-agent/voice-agent.events.js';
import type { SessionEndReason } from '../../src/index.js';
import {
  ScriptedCall,
  type Failure,
  type PageRequest,
  type StandInError,
  type StandInState,
  type StandInToolAnswer,
  type Utterance,
} from './scripted-call.js';

/**
 * `<voice-agent>` for unit tests in jsdom or happy-dom. Attributes, properties, methods, events, texts and controls are those
 * of the element, since it is the element. Only the call is missing: no microphone, no audio, no Worker, no network. What
 * happens in it, the test says with the methods below; all of them dispatch the events of a real call, in its order.
 */
export class VoiceAgentStandIn extends VoiceAgentElement {
  protected override createAgent(): ConversationAgent {
    return new ScriptedCall(this);
  }

  /** What the page has asked for, in order: `start`, `stop`, `say`, … */
  get requests(): readonly PageRequest[] {
    return this.#call.requests;
  }

  /** The call gets into this state, by way of those that lie before it: `speaking` on a new element starts a call first. */
  becomes(state: StandInState): void {
    this.#call.becomes(state);
  }

  /** The agent says this. The state is `speaking` until the test says otherwise. */
  says(text: string, utterance?: Utterance): void {
    this.#call.says(text, utterance);
  }

  /** The visitor says this. After the final text, the state is `thinking`. */
  hears(text: string, utterance?: Utterance): void {
    this.#call.hears(text, utterance);
  }

  /**
   * The agent calls a tool of the page.
   * @returns what the agent would be told: arguments that do not fit the schema, and errors of the handler, are told too
   */
  calls(name: string, args?: Readonly<Record<string, unknown>>): Promise<StandInToolAnswer> {
    return this.#call.calls(name, args);
  }

  /**
   * Something fails.
   * @param code such as `microphone_denied`
   * @throws {RangeError} for an unknown code
   */
  fails(code: StandInError, failure?: Failure): void {
    this.#call.fails(code, failure);
  }

  /** The call ends. @param seconds its length */
  ends(reason: SessionEndReason = 'server-ended', seconds?: number): void {
    this.#call.ends(reason, seconds);
  }

  /** Any other event of the element. */
  dispatches<Name extends keyof VoiceAgentElementEventMap>(
    type: Name,
    detail: VoiceAgentElementEventMap[Name]['detail'],
  ): void {
    this.#call.dispatch(type, detail);
  }

  get #call(): ScriptedCall {
    return this.currentAgent as ScriptedCall;
  }
}
