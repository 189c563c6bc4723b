import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Messages } from '../locales/en.js';
import type { ConversationActions, ConversationView, TemplateView } from '../parts/conversation-view.js';
import { onConversationAnnounced, requestConversation } from './conversation-context.js';
import type { ConversationSignals, ConversationStore } from './conversation-store.js';

type ConsumerHost = ReactiveControllerHost & HTMLElement & { for: string | null };

/** The events that a part listens to, besides re-rendering. */
export type ConversationListeners = {
  readonly [Name in keyof ConversationSignals]?: (detail: ConversationSignals[Name]) => void;
};

/** Called with the store that was found (`undefined` if it was withdrawn) and the previous one. */
type OnStore = (store: ConversationStore | undefined, previous: ConversationStore | undefined) => void;

/** The view of a part without a conversation, and the defaults for fields that a store leaves out. */
const NO_CALL: ConversationView = {
  state: 'idle',
  userSpeaking: false,
  held: false,
  muted: false,
  volume: 1,
  microphoneId: undefined,
  speakerId: undefined,
  pushToTalk: false,
  textInput: false,
  textOnly: false,
  allowed: false,
  transcript: [],
  earlier: [],
  error: undefined,
  needsConsent: false,
  askingConsent: false,
  notice: undefined,
  seconds: undefined,
  layout: 'headless',
  visualizer: 'orb',
  options: {},
  texts: null,
};

/**
 * Connects a part with its conversation: that of the element whose id is in `for`, else of the nearest ancestor.
 * Parts do not know each other, and may be in the page before their conversation.
 */
export class ConversationConsumer implements ReactiveController {
  readonly #host: ConsumerHost;
  readonly #listeners: ConversationListeners;
  readonly #onStore: OnStore;
  #store: ConversationStore | undefined;
  /** The provider's answer to the latest request, and how to unsubscribe from it. */
  #answer: ConversationStore | undefined;
  #unsubscribe: (() => void) | undefined;
  #isAsking = false;
  /** Aborted when the host leaves the page. */
  #away = new AbortController();
  #subscriptions: readonly (() => void)[] = [];
  /** This part is holding the microphone open. */
  #pressed: ConversationStore | undefined;

  constructor(host: ConsumerHost, listeners: ConversationListeners, onStore: OnStore) {
    this.#host = host;
    this.#onStore = onStore;
    this.#listeners = { ...listeners, change: () => host.requestUpdate() };
    host.addController(this);
  }

  get store(): ConversationStore | undefined {
    return this.#store;
  }

  /** The view in the part's own language. Without a conversation, it is idle. */
  view(messages: Messages): TemplateView {
    return { ...NO_CALL, ...this.#store?.view, ...this.actions, messages };
  }

  readonly actions: ConversationActions = {
    toggleCall: (event) => this.#store?.actions.toggleCall?.(event),
    toggleMuted: () => this.#store?.actions.toggleMuted?.(),
    interrupt: () => this.#store?.actions.interrupt?.(),
    sendText: (text) => this.#store?.actions.sendText?.(text),
    writeInstead: () => this.#store?.actions.writeInstead?.(),
    press: () => {
      this.#pressed = this.#store;
      this.#store?.actions.press?.();
    },
    release: () => {
      this.#pressed?.actions.release?.();
      this.#pressed = undefined;
    },
    answerConsent: (agreed) => this.#store?.actions.answerConsent?.(agreed),
    choose: (settings) => this.#store?.actions.choose?.(settings),
    tapAudio: (port) => this.#store?.actions.tapAudio?.(port) ?? ((): void => undefined),
  };

  hostConnected(): void {
    this.#away = new AbortController();
    onConversationAnnounced(this.#host.ownerDocument, this.#resolve, this.#away.signal);
    this.#resolve();
  }

  hostUpdate(): void {
    this.#resolve();
  }

  hostDisconnected(): void {
    this.#away.abort();
    this.#unsubscribe?.();
    this.#connect(undefined);
  }

  readonly #resolve = (): void => {
    this.#isAsking = true;
    this.#answer = undefined;
    for (const target of askable(this.#host)) if (this.#ask(target)) break;
    this.#isAsking = false;
    this.#show(this.#answer);
  };

  /** @returns whether a provider answered */
  #ask(target: Element): boolean {
    requestConversation(target, this.#host, this.#onAnswer, this.#host.for === null);
    return this.#answer !== undefined;
  }

  /** Also called when a provider replaces its store. */
  readonly #onAnswer = (store: ConversationStore | undefined, unsubscribe?: () => void): void => {
    this.#answer = store;
    this.#unsubscribe = unsubscribe;
    if (!this.#isAsking) this.#show(store);
  };

  #show(store: ConversationStore | undefined): void {
    if (store === this.#store) return;
    this.#connect(store);
    this.#host.requestUpdate();
  }

  #connect(store: ConversationStore | undefined): void {
    const previous = this.#store;
    if (store === previous) return;
    // If a held button is removed, release it: no `pointerup` will come.
    this.actions.release();
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#subscriptions = store ? subscribeAll(store, this.#listeners) : [];
    this.#store = store;
    this.#onStore(store, previous);
  }
}

function subscribeAll(store: ConversationStore, listeners: ConversationListeners): (() => void)[] {
  const types = Object.keys(listeners) as (keyof ConversationSignals)[];
  return types.map((type) => store.subscribe(type, listeners[type] as (detail: unknown) => void));
}

/**
 * The part itself, from which the request bubbles, or the element named by `for` in the part's tree or an enclosing
 * one.
 */
function* askable(part: ConsumerHost): Generator<Element> {
  if (part.for === null) {
    yield part;
    return;
  }
  for (let root = part.getRootNode(); ; root = root.host.getRootNode()) {
    // A part outside a document has no root to search.
    const found = 'getElementById' in root && (root as Document | ShadowRoot).getElementById(part.for);
    if (found) yield found;
    if (!(root instanceof ShadowRoot)) return;
  }
}
