import { LitElement, type PropertyDeclarations, type PropertyValues } from 'lit';
import { ConversationConsumer, type ConversationListeners } from '../conversation/conversation-consumer.js';
import type { ConversationStore } from '../conversation/conversation-store.js';
import type { Messages } from '../locales/en.js';
import { parseTexts } from '../locales/locale-controller.js';
import { allowedValue } from '../parts/allowed-value.js';
import { isActive, type ConversationActions, type TemplateView } from '../parts/conversation-view.js';
import { heedDeliberatePresses } from '../parts/deliberate-press.js';
import { keepFocus } from '../parts/focus-keeper.js';
import { THEMES, type Theme } from '../parts/ui-choices.js';
import { keepScrolling } from '../parts/scroll-areas.js';
import { followPageTheme } from '../themes/page-theme.js';
import { ExtrasLocale, type PartTexts } from './extras-locale.js';
import type { ExtrasMessages } from './extras-messages.js';

/** An element that shows a part of a conversation, or adds to it, anywhere on the page. */
export abstract class AgentPart extends LitElement {
  static override readonly properties: PropertyDeclarations = {
    for: {},
    theme: { reflect: true, useDefault: true },
    texts: { converter: parseTexts },
  };

  /** Id of the `<voice-agent>` in the same tree. Default: the one that contains this element. */
  declare for: string | null;
  /** `light`, `dark` or `auto` (default), which follows the page, else the system. */
  declare theme: Theme;
  /** Replaces texts, by key; the attribute takes JSON. All other texts follow `lang`. */
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
    followPageTheme(this);
    keepScrolling(this);
    heedDeliberatePresses(this);
    keepFocus(this);
    this.#locale = new ExtrasLocale(this, () => this.store?.view.texts);
  }

  /** The conversation, if there is one. */
  protected get store(): ConversationStore | undefined {
    return this.#consumer.store;
  }

  protected get messages(): ExtrasMessages & Messages {
    return this.#locale.messages;
  }

  /** The data to show, with texts in the part's language. */
  protected get view(): TemplateView {
    return this.#consumer.view(this.messages);
  }

  protected get actions(): ConversationActions {
    return this.#consumer.actions;
  }

  /** A call is running or starting. */
  protected get inCall(): boolean {
    return isActive(this.view.state);
  }

  protected override update(changed: PropertyValues): void {
    allowedValue(this, 'theme', THEMES);
    super.update(changed);
  }

  /** Listeners for events of the conversation, besides re-rendering. Read once, in the constructor. */
  protected listeners(): ConversationListeners {
    return {};
  }

  /** Called when the conversation changes to another, or to none. */
  protected storeChanged(
    _store: ConversationStore | undefined,
    _previous: ConversationStore | undefined,
  ): void {
    // For parts that keep state of their conversation.
  }
}
