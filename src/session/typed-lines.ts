/**
 * Replies to typed text. The model was observed to ignore a bare typed message, so its text is also the instruction
 * of the reply. An instruction is forgotten once the reply has called a tool, so it is repeated with the result. No
 * message confirms a line; only the next reply shows that it has arrived. Until then it is sent on each connection.
 */
import type { ClientMessage } from '../protocol/messages.js';
import type { Dialogue } from './dialogue.js';
import { noteOf } from './handover.js';
import type { KeptRequest, KeptSession, ResumedSession } from './kept-session.js';

/** Maximum number of requests that are repeated if they may be lost. */
const MAX_UNSURE = 8;
/** The same of notes, with what the page before has left. */
const MAX_NOTES = 32;

/** A reply that was asked for, and the typed line that it answers. */
interface Request extends KeptRequest {
  readonly line?: { readonly itemId: string; readonly text: string; sentAgain?: true };
}

export class TypedLines {
  readonly #dialogue: Dialogue;
  readonly #send: (message: ClientMessage) => void;
  #count = 0;
  /** Not confirmed by a reply. The messages are those of the page before, and notes for the agent. */
  #unsure: Request[] = [];
  #messages: readonly ClientMessage[] = [];
  /** What no reply has begun to answer yet, oldest first. First is null if a reply to something else is expected. */
  #open: (Request | null)[] = [];
  /** Since the user last spoke, oldest first. The first is kept until there is another. */
  #asked: Request[] = [];
  /** The status of the first of them. */
  #reply: 'to-come' | 'under-way' | 'goes-on' | 'over' = 'to-come';
  /** Those from before the user last began to speak; undefined if the server does not report that. */
  #older: readonly Request[] | undefined;

  /** @param send if there is a session */
  constructor(dialogue: Dialogue, send: (message: ClientMessage) => void) {
    this.#dialogue = dialogue;
    this.#send = send;
  }

  /** For another page, besides what it sends again. */
  get kept(): Pick<KeptSession, 'asked' | 'open'> {
    const isUnderWay = this.#reply === 'under-way' || this.#reply === 'goes-on';
    const sent = this.#sent;
    return {
      asked: isUnderWay ? this.#asked[0]?.instructions : undefined,
      // Without their lines, whose ids mean nothing there.
      open: this.#open
        .filter((request) => !sent.includes(request))
        .map((request) => request && { instructions: request.instructions }),
    };
  }

  /** What the server may not have received. */
  get #sent(): readonly unknown[] {
    return [...this.#messages, ...this.#unsure];
  }

  /** A request that no reply has confirmed contains the first line of this. */
  asksFor(text: string): boolean {
    const [line = ''] = text.split('\n');
    return this.unsure.some(
      (message) => message.type === 'reply.create' && message.instructions?.includes(line),
    );
  }

  /** What the next connection is sent, of this page or another one. */
  get unsure(): ClientMessage[] {
    return [...this.#messages, ...this.#unsure.flatMap(messagesOf)];
  }

  /** What the page before has told; what waited there is sent when the session is ready. */
  restore({ asked, open, connection: { waiting } }: ResumedSession): void {
    this.#messages = waiting;
    this.#open = [...open, ...waiting.filter((message) => message.type === 'reply.create')];
    this.#asked = this.#open.filter((request) => !!request);
    if (asked === undefined) return;
    this.#asked.unshift({ instructions: asked });
    this.#reply = 'under-way';
  }

  say(text: string): void {
    const line = { itemId: `typed-${++this.#count}`, text };
    this.#dialogue.typed(line.itemId, text);
    this.#request({ line, instructions: `The user typed this message, answer it: "${text}"` });
  }

  /** Something that the agent should know. */
  note(content: string): void {
    const note = noteOf(content);
    this.#messages = [...this.#messages, note].slice(-MAX_NOTES);
    this.#send(note);
  }

  /** A session that takes over must get the dialogue so far before anything else; it replaces other notes. */
  begin(story: string): void {
    const others = this.#messages.filter(
      (message) => message.type !== 'conversation.message' || message.role === 'user',
    );
    this.#messages = [noteOf(story), ...others];
  }

  /** Makes the agent speak. */
  ask(instructions: string | undefined): void {
    this.#request({ instructions });
  }

  #request(request: Request): void {
    this.#open = [...this.#open, request].slice(-MAX_UNSURE);
    this.#unsure = [...this.#unsure, request];
    this.#expect(request);
    for (const message of messagesOf(request)) this.#send(message);
  }

  #expect(request: Request): void {
    if (this.#reply === 'over') {
      this.#asked = [];
      this.#reply = 'to-come';
    }
    // What is sent again was asked for before.
    const others = this.#asked.filter(({ instructions }) => instructions !== request.instructions);
    this.#asked = [...others, request].slice(-MAX_UNSURE);
  }

  /** The user begins to speak. */
  speechStarted(): void {
    this.#older = this.#asked;
  }

  /** A reply has begun, so the server has received what was sent before. */
  arrived(): void {
    this.#messages = this.#unsure = [];
    this.#open.shift();
    if (this.#asked.length > 0) this.#reply = 'under-way';
  }

  /** @returns the instruction for the reply that continues the same turn; the current one was not its last */
  repeat(): string | undefined {
    this.expectAnother();
    if (this.#reply === 'to-come') return undefined;
    this.#reply = 'goes-on';
    return this.#asked[0]?.instructions;
  }

  /** The current reply is over, and no tool is running for it. */
  answered(): void {
    if (this.#reply !== 'under-way') return;
    this.#reply = this.#asked.length > 1 ? 'to-come' : 'over';
    if (this.#reply === 'to-come') this.#asked.shift();
  }

  /** The user's words have arrived, perhaps after something that was asked for later. */
  superseded(): void {
    const [first] = this.#asked;
    this.expectAnother();
    this.#asked = this.#asked.filter((request) => this.#older?.includes(request) === false);
    if (this.#asked[0] !== first) this.#reply = 'to-come';
  }

  /** The next reply may answer something else. What the user has spoken after twice is no longer waited for. */
  expectAnother(): void {
    this.#open = [null, ...this.#open.filter((request) => this.#asked.includes(request!))];
  }

  /** The session is lost, with what it had not begun to answer: the next one is asked. */
  sessionLost(): void {
    this.answered();
    const sent = this.#sent;
    const open = this.#open;
    this.#open = open.filter((request) => sent.includes(request));
    for (const request of open)
      if (request && !sent.includes(request)) this.#request({ instructions: request.instructions });
  }

  /** The connection is lost, perhaps with what was not confirmed: twice is better than never. */
  lost(): void {
    this.#unsure = this.#unsure.slice(-MAX_UNSURE);
    for (const request of this.#unsure) {
      const { line } = request;
      if (line && !line.sentAgain) this.#dialogue.typed(line.itemId, line.text, (line.sentAgain = true));
      this.#expect(request);
    }
  }

  /** The session is ready: it is sent what was asked for in the meantime, or before and is not confirmed. */
  ready(): void {
    for (const message of this.unsure) this.#send(message);
  }
}

function messagesOf({ instructions, line }: Request): ClientMessage[] {
  const request: ClientMessage = { type: 'reply.create', instructions };
  return line ? [{ type: 'conversation.message', role: 'user', content: line.text }, request] : [request];
}
