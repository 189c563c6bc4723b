import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Messages } from '../locales/en.js';
import type { ConversationActions, ConversationView, FaceView } from '../parts/conversation-view.js';
import { onConversationAnnounced, requestConversation } from './conversation-context.js';
import type { ConversationSignals, ConversationStore } from './conversation-store.js';

type ConsumerHost = ReactiveControllerHost & HTMLElement & { for: string | null };

/** What a part wants to hear of its conversation, beyond being redrawn. */
export type ConversationListeners = {
  readonly [Name in keyof ConversationSignals]?: (detail: ConversationSignals[Name]) => void;
};

/** Called with the store that was found, or `undefined` when it is gone, and the one before. */
type OnStore = (store: ConversationStore | undefined, previous: ConversationStore | undefined) => void;

/** What a part shows without a conversation, and where a store leaves something out. */
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
  rememberDevices: false,
  texts: null,
};

/**
 * Connects a part that stands alone with its conversation: that of the element whose id is in `for`, else the one around
 * it. Parts do not know of each other, and may be in the page before their conversation is.
 */
export class ConversationConsumer implements ReactiveController {
  readonly #host: ConsumerHost;
  readonly #listeners: ConversationListeners;
  readonly #onStore: OnStore;
  #store: ConversationStore | undefined;
  /** What a provider has answered to the latest request, and how to hear no more of it. */
  #answer: ConversationStore | undefined;
  #unsubscribe: (() => void) | undefined;
  #isAsking = false;
  /** Aborted when the host leaves the page. */
  #away = new AbortController();
  #subscriptions: readonly (() => void)[] = [];
  /** Its microphone is held open by this part. */
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

  /** What a part shows, in its own language; a conversation that is not there yet is idle. */
  view(messages: Messages): FaceView {
    return { ...NO_CALL, ...this.#store?.view, messages };
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

  /** @returns whether there was an answer. */
  #ask(target: Element): boolean {
    requestConversation(target, this.#host, this.#onAnswer, this.#host.for === null);
    return this.#answer !== undefined;
  }

  /** Also called when a provider changes its mind. */
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
    // If a button is held that goes away, no `pointerup` will come.
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

/** The part itself, from which a request goes up; or what its `for` names, in the tree of the part and in those around that. */
function* askable(part: ConsumerHost): Generator<Element> {
  if (part.for === null) {
    yield part;
    return;
  }
  for (let root = part.getRootNode(); ; root = root.host.getRootNode()) {
    // A part that is in no page has no root that could look.
    const found = 'getElementById' in root && (root as Document | ShadowRoot).getElementById(part.for);
    if (found) yield found;
    if (!(root instanceof ShadowRoot)) return;
  }
}
