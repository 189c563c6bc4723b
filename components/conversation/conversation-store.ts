import type { VoiceAgentEventMap } from '../../src/index.js';
import { outsideZones } from '../parts/zones.js';
import type { ConversationActions, ConversationView } from '../parts/conversation-view.js';

/** The signals of a store: the events of a call with their details, and `change` when `view` has changed. */
export type ConversationSignals = {
  readonly [Name in keyof VoiceAgentEventMap]: VoiceAgentEventMap[Name]['detail'];
} & { readonly change: undefined };

/**
 * Everything that a part knows about a conversation: state flows down in `view`, requests go up through `actions`.
 * `<voice-agent>` provides one, `provideVoiceAgent()` provides one for an agent without a tag, and a page may provide
 * its own.
 */
export interface ConversationStore {
  /** Read for every render. Missing fields have their value before a call. */
  readonly view: Partial<ConversationView>;
  /** Missing actions are not available. */
  readonly actions: Partial<ConversationActions>;
  /** @returns a function that ends the subscription */
  subscribe<Name extends keyof ConversationSignals>(
    type: Name,
    listener: (detail: ConversationSignals[Name]) => void,
  ): () => void;
}

/** A store whose signals are the events of a call, as dispatched on one of its targets. */
export class Conversation implements ConversationStore {
  readonly actions: ConversationActions;
  readonly #targets: readonly EventTarget[];
  readonly #readView: () => Partial<ConversationView>;
  readonly #own = new EventTarget();

  constructor(
    targets: readonly EventTarget[],
    readView: () => Partial<ConversationView>,
    actions: ConversationActions,
  ) {
    this.#targets = targets;
    this.#readView = readView;
    this.actions = actions;
  }

  get view(): Partial<ConversationView> {
    return this.#readView();
  }

  /** Listens to an event only while there are subscribers, so unused `levels` cost nothing. */
  subscribe<Name extends keyof ConversationSignals>(
    type: Name,
    listener: (detail: ConversationSignals[Name]) => void,
  ): () => void {
    const end = new AbortController();
    outsideZones(() => {
      for (const target of [this.#own, ...this.#targets])
        target.addEventListener(
          type,
          (event) => {
            // Events bubble, so ignore those of a conversation nested inside this one.
            if (event.target === target) listener((event as CustomEvent<ConversationSignals[Name]>).detail);
          },
          { signal: end.signal },
        );
    });
    return () => end.abort();
  }

  /** Call this when the view has changed. */
  changed(): void {
    this.#own.dispatchEvent(new CustomEvent('change'));
  }
}
