import type { ConversationStore } from './conversation-store.js';

/** A key of the context community protocol and the type of its value, in the form of `@lit/context`. */
export type ConversationContext = symbol & { readonly __context__: ConversationStore };

/**
 * The key of a conversation in the context community protocol
 * (https://github.com/webcomponents-cg/community-protocols/blob/main/proposals/context.md). It is the same in every
 * copy of this module on a page.
 */
export const conversationContext = Symbol.for('voice-agent-element:conversation') as ConversationContext;

type OnConversation = (store: ConversationStore | undefined, unsubscribe?: () => void) => void;

/** The protocol's request, as far as a provider needs it. */
interface ContextRequest extends Event {
  readonly context: unknown;
  readonly callback: OnConversation;
}

/** Asks `target`, and its ancestors if `isAbove`, for a conversation. Providers answer synchronously. */
export function requestConversation(
  target: Element,
  contextTarget: Element,
  callback: OnConversation,
  isAbove: boolean,
): void {
  const event = new CustomEvent('context-request', { bubbles: isAbove, composed: isAbove });
  target.dispatchEvent(
    Object.assign(event, { context: conversationContext, contextTarget, callback, subscribe: true }),
  );
}

/**
 * Offers a conversation to the parts inside `element`, to those that name it in `for`, and to any other consumer of
 * the context.
 * @returns a function that withdraws the offer
 */
export function provideConversation(element: Element, store: ConversationStore): () => void {
  const answer = (event: Event): void => {
    const { context, callback } = event as ContextRequest;
    if (context !== conversationContext) return;
    event.stopImmediatePropagation();
    callback(store, () => undefined);
  };
  element.addEventListener('context-request', answer);
  announceConversation(element);
  return () => {
    element.removeEventListener('context-request', answer);
    announceConversation(element);
  };
}

/** Makes consumers ask again, after an offer was made or withdrawn. */
export function announceConversation(element: Element): void {
  const event = new CustomEvent('context-provider', { bubbles: true, composed: true });
  element.dispatchEvent(Object.assign(event, { context: conversationContext, contextTarget: element }));
}

/** `listener` is called when a conversation may have been added to this document or removed from it. */
export function onConversationAnnounced(page: Document, listener: () => void, signal: AbortSignal): void {
  page.addEventListener(
    'context-provider',
    (event) => {
      if ((event as ContextRequest).context === conversationContext) listener();
    },
    { signal },
  );
}
