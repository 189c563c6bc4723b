import { LitElement, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { Messages } from '../locales/en.js';
import { AgentLink, type AgentListeners } from '../parts/agent-link.js';
import { THEMES, type Theme } from '../layouts/layout-template.js';
import { parseTexts } from '../locales/locale-controller.js';
import { choose } from '../parts/choice.js';
import { isActive, type ConversationActions, type ConversationView } from '../parts/conversation-view.js';
import type { VoiceAgentElement } from '../voice-agent/voice-agent.js';
import { ExtrasLocale, type PartTexts } from './extras-locale.js';
import type { ExtrasMessages } from './extras-messages.js';

/** An element that adds something to an agent elsewhere on the page. */
export abstract class AgentPart extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    for: {},
    theme: { reflect: true },
    texts: { converter: parseTexts },
  };

  /** Id of the `<voice-agent>`, in the same tree; without it, the one around this element. */
  declare for: string | null;
  /** `light`, `dark` or `auto` (default): as the reader's system is set. */
  declare theme: Theme;
  /** Texts of the page's own, by key; as an attribute in JSON. The rest follows `lang`. */
  declare texts: PartTexts | null;

  readonly #link: AgentLink;
  readonly #locale: ExtrasLocale;

  constructor() {
    super();
    this.for = null;
    this.theme = 'auto';
    this.texts = null;
    this.#link = new AgentLink(this, this.listeners(), (agent, previous) =>
      this.agentChanged(agent, previous),
    );
    this.#locale = new ExtrasLocale(this, () => this.agent?.texts);
  }

  protected get agent(): VoiceAgentElement | undefined {
    return this.#link.agent;
  }

  protected get messages(): ExtrasMessages & Messages {
    return this.#locale.messages;
  }

  /** What the agent itself shows, in the part's own language. */
  protected get view(): ConversationView {
    return this.#link.view(this.messages);
  }

  protected get actions(): ConversationActions {
    return this.#link.actions;
  }

  /** A call is under way or being made. */
  protected get inCall(): boolean {
    return this.agent !== undefined && isActive(this.agent.state);
  }

  protected override update(changed: PropertyValues): void {
    choose('theme', this.theme, THEMES);
    super.update(changed);
  }

  /** What to hear from the agent, beyond being drawn anew. Asked for once, in the constructor. */
  protected listeners(): AgentListeners {
    return {};
  }

  /** Another agent, or none. */
  protected agentChanged(
    _agent: VoiceAgentElement | undefined,
    _previous: VoiceAgentElement | undefined,
  ): void {
    // For parts that keep something of their agent.
  }
}
