/** What a session does for the next page, and with what the page before has left. */
import type { ConversationMessage } from '../protocol/messages.js';
import type { AudioEncoding } from '../audio-encoding.js';
import type { Briefing } from './briefing.js';
import type { Conversation } from './conversation.js';
import type { Dialer } from './dialer.js';
import type { EmitSessionEvent } from './events.js';
import type { ResumedSession } from './kept-session.js';

export interface KeepingServices {
  readonly formats: () => { readonly input: AudioEncoding; readonly output: AudioEncoding };
  readonly dialer: Dialer;
  readonly briefing: Briefing;
  readonly conversation: Conversation;
  readonly emit: EmitSessionEvent;
}

export class SessionKeeping {
  readonly #services: KeepingServices;
  #isOn = false;
  /** Words of a reply that the page before did not receive. */
  #rest = '';

  constructor(services: KeepingServices) {
    this.#services = services;
  }

  /** The page may be left at any moment for one that continues the call, and has no time then to ask for anything. */
  begin(): void {
    this.#isOn = true;
    this.tell(true);
  }

  /** The server has said something. */
  received({ type }: ConversationMessage): void {
    // Somebody speaks, or the server continues by itself.
    if (type === 'input.speech.started' || type === 'reply.started' || type === 'reply.audio')
      this.#rest = '';
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
    const { dialogue, replies } = conversation;
    emit('kept', {
      ...{ connection, ...formats(), ...briefing.kept, ...dialogue.kept },
      ...{ sounding: replies.sounding, replies: replies.keep(fromStart) },
    });
  }

  /** The session of another page: what it had received is played while the connection is made. */
  restore(resumed: ResumedSession): void {
    const { dialer, briefing, conversation } = this.#services;
    dialer.restore(resumed.connection);
    briefing.restore(resumed);
    conversation.dialogue.restore(resumed);
    for (const message of resumed.messages) conversation.receive(message);
    conversation.replies.resume(resumed.heardMs, resumed.rest !== '');
    conversation.connectionLost();
    this.#rest = resumed.rest;
  }

  /** A reply was heard to its end: the server is asked for what it could not deliver. */
  heard(): void {
    const { conversation, dialer } = this.#services;
    if (!this.#rest || !dialer.isReady || !conversation.replies.areHeard) return;
    const instructions = `Your last reply was cut by the network. Say the rest of it, word for word and nothing else: "${this.#rest}"`;
    this.#rest = '';
    dialer.send({ type: 'reply.create', instructions });
  }
}
