import { LitElement, type PropertyDeclarations, type PropertyValues } from 'lit';
import { ConversationConsumer, type ConversationListeners } from '../conversation/conversation-consumer.js';
import type { ConversationStore } from '../conversation/conversation-store.js';
import type { Messages } from '../locales/en.js';
import { parseTexts } from '../locales/locale-controller.js';
import { choose } from '../parts/choice.js';
import { isActive, type ConversationActions, type FaceView } from '../parts/conversation-view.js';
import { heedDeliberatePresses } from '../parts/deliberate-press.js';
import { THEMES, type Theme } from '../parts/face-choices.js';
import { PageTheme } from '../themes/page-theme.js';
import { ExtrasLocale, type PartTexts } from './extras-locale.js';
import type { ExtrasMessages } from './extras-messages.js';

/** An element that shows or adds something of a conversation elsewhere on the page. */
export abstract class AgentPart extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    for: {},
    theme: { reflect: true, useDefault: true },
    texts: { converter: parseTexts },
  };

  /** Id of the `<voice-agent>`, in the same tree; without it, the one around this element. */
  declare for: string | null;
  /** `light`, `dark` or `auto` (default): as the page says at this place, else as the reader's system is set. */
  declare theme: Theme;
  /** Texts of the page's own, by key; as an attribute in JSON. The rest follows `lang`. */
  declare texts: PartTexts | null;

  readonly #consumer: ConversationConsumer;
  readonly #locale: ExtrasLocale;

  constructor() {
    super();
    this.for = null;
    this.theme = 'auto';
    this.texts = null;
    this.#consumer = new ConversationConsumer(this, this.listeners(), (store, previous) =>
      this.storeChanged(store, previous),
    );
    new PageTheme(this);
    heedDeliberatePresses(this);
    this.#locale = new ExtrasLocale(this, () => this.store?.view.texts);
  }

  /** The conversation, while there is one. */
  protected get store(): ConversationStore | undefined {
    return this.#consumer.store;
  }

  protected get messages(): ExtrasMessages & Messages {
    return this.#locale.messages;
  }

  /** What there is to show, in the part's own language. */
  protected get view(): FaceView {
    return this.#consumer.view(this.messages);
  }

  protected get actions(): ConversationActions {
    return this.#consumer.actions;
  }

  /** A call is under way or being made. */
  protected get inCall(): boolean {
    return isActive(this.view.state);
  }

  protected override update(changed: PropertyValues): void {
    choose('theme', this.theme, THEMES);
    super.update(changed);
  }

  /** What to hear of the conversation, beyond being redrawn. Asked for once, in the constructor. */
  protected listeners(): ConversationListeners {
    return {};
  }

  /** Another conversation, or none. */
  protected storeChanged(
    _store: ConversationStore | undefined,
    _previous: ConversationStore | undefined,
  ): void {
    // For parts that keep something of their conversation.
  }
}
