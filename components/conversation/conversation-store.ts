import type { VoiceAgentEventMap } from '../../src/index.js';
import { outsideZones } from '../parts/zones.js';
import type { ConversationActions, ConversationView } from '../parts/conversation-view.js';

/** What a store tells its subscribers: the details of the events of a call, and `change` when `view` has changed. */
export type ConversationSignals = {
  readonly [Name in keyof VoiceAgentEventMap]: VoiceAgentEventMap[Name]['detail'];
} & { readonly change: undefined };

/**
 * All that a part knows of a conversation: state comes down in `view`, requests go up through `actions`. `<voice-agent>`
 * offers one, and so does `provideVoiceAgent()` for an agent without a tag; a page may offer one of its own.
 */
export interface ConversationStore {
  /** Read at every redraw. What is left out is as it is before a call. */
  readonly view: Partial<ConversationView>;
  /** What is left out cannot be asked for. */
  readonly actions: Partial<ConversationActions>;
  /** @returns ends the subscription. */
  subscribe<Name extends keyof ConversationSignals>(
    type: Name,
    listener: (detail: ConversationSignals[Name]) => void,
  ): () => void;
}

type Listener = (detail: never) => void;

/** A store whose signals are the events of a call, as they are dispatched on one of its targets. */
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

  /** The view has changed. */
  changed(): void {
    this.#emit('change', undefined);
  }

  /** Tells its subscribers nothing more, and lets go of its targets. */
  end(): void {
    this.#end.abort();
    this.#subscribers.clear();
  }

  /** Listens to an event once somebody wants it: nobody pays for `levels` that are not shown. */
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
            // Events bubble: those of a conversation inside of this one are not its own.
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
