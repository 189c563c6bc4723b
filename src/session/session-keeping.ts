/** Hands a session over to the next page, and continues the session of the page before. */
import type { ClientMessage, ConversationMessage } from '../protocol/messages.js';
import type { AudioEncoding } from '../audio-encoding.js';
import type { Briefing } from './briefing.js';
import type { Conversation } from './conversation.js';
import type { Dialer, Readiness } from './dialer.js';
import type { EmitSessionEvent } from './events.js';
import type { ResumedSession } from './kept-session.js';

/** Encodings of both directions. */
export interface Formats {
  readonly input: AudioEncoding;
  readonly output: AudioEncoding;
}

export interface KeepingServices {
  readonly formats: () => Formats;
  readonly dialer: Dialer;
  readonly briefing: Briefing;
  readonly conversation: Conversation;
  readonly emit: EmitSessionEvent;
}

export class SessionKeeping {
  readonly #services: KeepingServices;
  #isOn = false;
  /** The words that were lost with a connection, or with the earlier page, are to be asked for. */
  #isWanted = false;
  /** The session has taken over, and nobody has said anything since. */
  #isNew = false;

  constructor(services: KeepingServices) {
    this.#services = services;
  }

  /** From now on reports what another page needs: when the page is left, there is no time to ask. */
  begin(): void {
    this.#isOn = true;
    this.tell(true);
  }

  /** The server has sent a message. */
  received({ type }: ConversationMessage): void {
    // The user speaks, or the server continues unasked.
    if (type === 'input.speech.started' || type === 'reply.started' || type === 'reply.audio') this.forget();
    this.tell();
  }

  /** The conversation has gone on. */
  forget(): void {
    this.#isNew = this.#isWanted = false;
  }

  /** The connection is lost, perhaps in the middle of a reply. */
  lost(): void {
    const { briefing, conversation } = this.#services;
    if (!this.#isWanted) conversation.replies.lostWords = '';
    this.#isWanted = true;
    conversation.connectionLost();
    conversation.typed.lost();
    briefing.lost();
    this.tell();
  }

  /** If the session is ready. */
  send(message: ClientMessage): void {
    this.#services.dialer.send(message);
    this.tell();
  }

  /**
   * Something has changed.
   * @param fromStart the page has none of the audio yet
   */
  tell(fromStart = false): void {
    const { formats, dialer, briefing, conversation, emit } = this.#services;
    const connection = this.#isOn && dialer.kept;
    if (!connection) return;
    const { bargeIn, dialogue, replies, tools, typed } = conversation;
    emit('kept', {
      connection: { ...connection, waiting: typed.unsure },
      ...formats(),
      ...briefing.kept,
      bargeIn: bargeIn.kept,
      ...dialogue.kept,
      ...tools.kept,
      ...typed.kept,
      sounding: replies.sounding,
      replies: replies.keep(fromStart),
      rest: this.#wanted,
    });
  }

  /** The session of another page: what it had received is played while the connection is made. */
  restore(resumed: ResumedSession): void {
    const { dialer, briefing, conversation } = this.#services;
    dialer.restore(resumed.connection);
    briefing.restore(resumed);
    conversation.bargeIn.keep(resumed.bargeIn);
    conversation.dialogue.restore(resumed);
    for (const message of resumed.messages) conversation.receive(message);
    conversation.replies.resume(resumed.heardMs, resumed.rest !== '');
    conversation.connectionLost();
    conversation.tools.restore(resumed);
    conversation.typed.restore(resumed);
    conversation.replies.lostWords = resumed.rest;
    this.#isWanted = true;
    // This page may be left before it is connected.
    this.begin();
  }

  /** The session has started. One that takes over does not know the calls. */
  ready(how: Readiness): void {
    const { briefing, conversation } = this.#services;
    const { inherited } = conversation.tools;
    conversation.tools.inherited = [];
    // What was typed before is answered after the greeting.
    if (how !== 'resumed' && briefing.mayGreet && conversation.isAwaited) conversation.typed.expectAnother();
    if (how === 'resumed') for (const call of inherited) conversation.receive(call);
    this.#isNew = how === 'fresh';
    this.heard();
  }

  get #wanted(): string {
    return this.#isWanted ? this.#services.conversation.replies.lostWords : '';
  }

  /** When all replies were heard and tools have finished, asks the server for the words that were not delivered, or for an answer. */
  heard(): void {
    const { conversation, dialer } = this.#services;
    const { dialogue, replies, tools } = conversation;
    const rest = this.#wanted;
    // A tool that the lost session has called would be called again.
    const question = this.#isNew && !tools.left ? dialogue.question : '';
    if (!(rest || question) || !dialer.isReady || !replies.areHeard) return;
    const instructions = rest
      ? `Your last reply was cut by the network. Say the rest of it, word for word and nothing else: "${rest}"`
      : `The user said this, answer it: "${question}"`;
    this.forget();
    // The answer to a result, or to what was typed, comes at once.
    if (rest ? conversation.isAwaited : conversation.typed.asksFor(question)) return;
    conversation.typed.ask(instructions);
  }
}
