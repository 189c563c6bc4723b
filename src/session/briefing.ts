/** What the server is told of the session: what the page asked for, what it changed, and what was said before. */
import type { ClientMessage, ResolvedSessionConfig, SessionConfig } from '../protocol/messages.js';
import { mergeConfig, promptWithDialogue, storyOf, successorConfig } from './handover.js';

export class Briefing {
  readonly #asked: SessionConfig;
  /** Asked for, too, as long as no server has refused it. */
  #wished: SessionConfig;
  #resolved: ResolvedSessionConfig = {};
  /** Of what the page changed: all of it, and what the server has not been told. */
  #changes: SessionConfig = {};
  #untold: SessionConfig = {};
  /** What was said before the present session took over. */
  #inherited = '';

  /**
   * @param asked the first `session.update`, encodings included
   * @param wished fields that the call can do without
   */
  constructor(asked: SessionConfig, wished: SessionConfig = {}) {
    this.#asked = asked;
    // An id excludes every other field.
    this.#wished = asked.agent_id === undefined ? wished : {};
  }

  /** The session as the server resolved it; undefined where it has not said so. */
  get resolved(): ResolvedSessionConfig | undefined {
    return Object.keys(this.#resolved).length > 0 ? this.#resolved : undefined;
  }

  /** The server has refused the first message. @returns whether less can be asked for. */
  giveIn(): boolean {
    const hadWishes = Object.keys(this.#wished).length > 0;
    this.#wished = {};
    return hadWishes;
  }

  /**
   * The agent speaks first, as far as is known; of a stored agent only the server can tell. Speech from before the session
   * must not interrupt a greeting.
   */
  get hasGreeting(): boolean {
    return Boolean(this.#asked.greeting ?? this.#resolved.greeting);
  }

  /** What another page needs to know. */
  get kept(): { readonly config: ResolvedSessionConfig; readonly changes: SessionConfig } {
    return { config: this.#resolved, changes: this.#changes };
  }

  restore({ config, changes }: Briefing['kept']): void {
    this.#resolved = config;
    this.#changes = changes;
  }

  /** The server has told what it made of it. */
  resolve(config: ResolvedSessionConfig): void {
    // The prompt of a session that took over holds the dialogue; the next one is to get it from the agent's own.
    const { system_prompt } = this.#resolved;
    this.#resolved =
      this.#inherited === '' || system_prompt === undefined ? config : { ...config, system_prompt };
  }

  /** The page changes fields that are mutable in mid-call; kept for a session that has to take over. */
  change(config: SessionConfig): void {
    this.#changes = mergeConfig(this.#changes, config);
    this.#untold = mergeConfig(this.#untold, config);
  }

  /** What the page changed and the server does not know yet. */
  takeUpdate(): ClientMessage | undefined {
    const changes = this.#untold;
    this.#untold = {};
    if (Object.keys(changes).length === 0) return undefined;
    const prompt = changes.system_prompt;
    const session =
      prompt === undefined
        ? changes
        : { ...changes, system_prompt: promptWithDialogue(prompt, this.#inherited) };
    return { type: 'session.update', session };
  }

  /** The first message of a session that begins the call. An id excludes every other field: they are told later. */
  begin(): ClientMessage {
    if (this.#asked.agent_id !== undefined) {
      this.#untold = this.#changes;
      return { type: 'session.update', session: this.#asked };
    }
    this.#untold = {};
    return { type: 'session.update', session: this.#withWishes(mergeConfig(this.#asked, this.#changes)) };
  }

  /**
   * The first messages of a session that takes over: the one that begins it, and what is to follow once it is up.
   * @param dialogue what was said so far; empty when nothing was.
   */
  takeOver(dialogue: string): { readonly first: ClientMessage; readonly story: ClientMessage | undefined } {
    this.#inherited = dialogue;
    const successor = successorConfig(this.#asked, this.#resolved);
    if (successor.agent_id !== undefined) {
      this.#untold = this.#changes;
      const content = storyOf(dialogue);
      return {
        first: { type: 'session.update', session: successor },
        story: dialogue ? { type: 'conversation.message', role: 'system', content } : undefined,
      };
    }
    this.#untold = {};
    const session = this.#withWishes(mergeConfig(successor, this.#changes));
    const system_prompt = promptWithDialogue(session.system_prompt, dialogue);
    return {
      first: {
        type: 'session.update',
        session: system_prompt === '' ? session : { ...session, system_prompt },
      },
      story: undefined,
    };
  }

  #withWishes(config: SessionConfig): SessionConfig {
    return mergeConfig(this.#wished, config);
  }
}
