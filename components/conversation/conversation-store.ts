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

type Listener = (detail: never) => void;

/** A store whose signals are the events of a call, as dispatched on one of its targets. */
export class Conversation implements ConversationStore {
  readonly actions: ConversationActions;
  readonly #targets: readonly EventTarget[];
  readonly #readView: () => Partial<ConversationView>;
  readonly #subscribers = new Map<string, Set<Listener>>();
  readonly #end = new AbortController();

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

  subscribe<Name extends keyof ConversationSignals>(
    type: Name,
    listener: (detail: ConversationSignals[Name]) => void,
  ): () => void {
    const listeners = this.#listenersOf(type);
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  /** Call this when the view has changed. */
  changed(): void {
    this.#emit('change', undefined);
  }

  /** Ends all subscriptions and removes the listeners from its targets. */
  end(): void {
    this.#end.abort();
    this.#subscribers.clear();
  }

  /** Listens to an event only while there are subscribers, so unused `levels` cost nothing. */
  #listenersOf(type: string): Set<Listener> {
    const known = this.#subscribers.get(type);
    if (known) return known;
    const listeners = new Set<Listener>();
    this.#subscribers.set(type, listeners);
    outsideZones(() => {
      for (const target of this.#targets)
        target.addEventListener(
          type,
          (event) => {
            // Events bubble, so ignore those of a conversation nested inside this one.
            if (event.target === target) this.#emit(type, (event as CustomEvent<unknown>).detail);
          },
          { signal: this.#end.signal },
        );
    });
    return listeners;
  }

  #emit(type: string, detail: unknown): void {
    for (const listener of this.#subscribers.get(type) ?? []) listener(detail as never);
  }
}
