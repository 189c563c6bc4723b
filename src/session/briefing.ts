/** The configuration that the server gets: what the page requested, what it changed, and what was said before. */
import type { ClientMessage, ResolvedSessionConfig, SessionConfig } from '../protocol/messages.js';
import { contextOf, joinPrompt, mergeConfig, noteOf, storyOf, successorConfig } from './handover.js';
import type { KeptSession } from './kept-session.js';

export class Briefing {
  readonly #asked: SessionConfig;
  /** Also requested, until a server refuses it. */
  #wished: SessionConfig;
  /** What the present session began with. */
  #first: SessionConfig = {};
  #resolved: ResolvedSessionConfig = {};
  /** Whether the server accepts that back in a session that takes over. */
  #resolvedIs: 'unused' | 'used' | 'refused' = 'unused';
  /** What the page changed: everything, and the part that was not sent yet. */
  #changes: SessionConfig = {};
  #untold: SessionConfig = {};
  /** What was said before the present session took over. */
  #inherited = '';
  /** The page's context, and the context that was last sent to the server. */
  context: string;
  #toldContext = '';
  /** The context that the server has confirmed. */
  #sureContext = '';

  /**
   * @param asked the first `session.update`, including encodings
   * @param wished optional fields
   */
  constructor(asked: SessionConfig, wished: SessionConfig = {}, context = '') {
    this.#asked = asked;
    this.context = context;
    // An id excludes every other field.
    this.#wished = asked.agent_id === undefined ? wished : {};
  }

  /** The session as the server resolved it; undefined if it did not report it. */
  get resolved(): ResolvedSessionConfig | undefined {
    return Object.keys(this.#resolved).length > 0 ? this.#resolved : undefined;
  }

  /** The server has refused the first message. @returns whether there is a shorter one */
  giveIn(): boolean {
    const isShorter = Object.keys(this.#wished).length > 0 || this.#resolvedIs === 'used';
    this.#wished = {};
    if (this.#resolvedIs === 'used') this.#resolvedIs = 'refused';
    return isShorter;
  }

  /**
   * The agent speaks first, as far as is known: for a stored agent, only the server knows. Speech from before the
   * session must not interrupt a greeting.
   */
  get hasGreeting(): boolean {
    return Boolean(this.#asked.greeting ?? this.#resolved.greeting);
  }

  /** The same for the present session, which may have taken over; true for a stored agent of which the server tells nothing. */
  get mayGreet(): boolean {
    const { agent_id, greeting } = this.#first;
    return Boolean(greeting ?? (agent_id && (!this.resolved || this.#resolved.greeting)));
  }

  /** What another page needs to know. */
  get kept(): Pick<KeptSession, 'config' | 'changes' | 'context'> {
    return { config: this.#resolved, changes: this.#changes, context: this.#sureContext };
  }

  restore({ config, changes, context }: Briefing['kept']): void {
    this.#resolved = config;
    this.#changes = changes;
    this.#sureContext = context;
    this.lost();
  }

  /** The last updates may be lost with the connection. All are sent again: a repeated one changes nothing. */
  lost(): void {
    this.#untold = this.#changes;
    this.#toldContext = this.#sureContext;
  }

  /**
   * The server's resolved session, or a part of it.
   * @returns all of it
   */
  resolve(config: ResolvedSessionConfig): ResolvedSessionConfig {
    // A prompt that was sent from here contains the context, and the dialogue in a session that took over. The next
    // prompt is made from the agent's own.
    const { system_prompt = this.#asked.system_prompt } = this.#resolved;
    this.#resolved = mergeConfig(mergeConfig(this.#resolved, config), { system_prompt });
    this.#sureContext = this.#toldContext;
    return this.#resolved;
  }

  /** The page changes fields during a call; kept for a session that takes over. */
  change(config: SessionConfig): void {
    this.#changes = mergeConfig(this.#changes, config);
    this.#untold = mergeConfig(this.#untold, config);
  }

  /** Messages with everything that the page has changed and the server does not know yet. */
  takeUpdates(): ClientMessage[] {
    const isMoved = this.context !== this.#toldContext;
    let session = this.#untold;
    const prompt = this.#ownPrompt;
    // A stored agent whose prompt is unknown must not lose it.
    const isUnknown = prompt === undefined && this.#asked.agent_id !== undefined;
    if (session.system_prompt !== undefined || (isMoved && !isUnknown))
      session = { ...session, system_prompt: this.#promptFrom(prompt) };
    const content = contextOf(this.context);
    this.#untold = {};
    this.#toldContext = this.context;
    return [
      ...(Object.keys(session).length > 0 ? [{ type: 'session.update', session } as const] : []),
      ...(isMoved && isUnknown && content ? [noteOf(content)] : []),
    ];
  }

  /** The first message of a session that begins the call. */
  begin(): ClientMessage {
    return { type: 'session.update', session: this.#firstConfig(this.#asked) };
  }

  /**
   * The first message of a session that takes over.
   * @param dialogue what was said so far; empty if nothing was
   * @returns as `story`, what it does not contain of that and the agent must know
   */
  takeOver(dialogue: string): { readonly first: ClientMessage; readonly story: string } {
    this.#inherited = dialogue;
    if (this.#resolvedIs === 'unused' && this.resolved) this.#resolvedIs = 'used';
    const resolved = this.#resolvedIs === 'used' ? this.#resolved : {};
    const session = this.#firstConfig(successorConfig(this.#asked, resolved));
    const isTold = session.agent_id === undefined;
    return { first: { type: 'session.update', session }, story: isTold ? '' : storyOf(dialogue) };
  }

  #firstConfig(config: SessionConfig): SessionConfig {
    this.#first = config;
    const isStored = config.agent_id !== undefined;
    this.#untold = isStored ? this.#changes : {};
    this.#sureContext = this.#toldContext = isStored ? '' : this.context;
    if (isStored) return config;
    const session = mergeConfig(this.#wished, mergeConfig(config, this.#changes));
    const system_prompt = this.#promptFrom(this.#ownPrompt);
    return system_prompt ? { ...session, system_prompt } : session;
  }

  /** The agent's, without context and dialogue. */
  get #ownPrompt(): string | undefined {
    const { agent_id, system_prompt } = this.#asked;
    return (
      this.#changes.system_prompt ?? (agent_id === undefined ? system_prompt : this.#resolved.system_prompt)
    );
  }

  #promptFrom(own: string | undefined): string {
    return joinPrompt(own, contextOf(this.context), storyOf(this.#inherited));
  }
}
