import type { VoiceAgent } from '../../src/index.js';
import { CallProgress } from '../parts/call-progress.js';
import { isActive, type ConversationActions } from '../parts/conversation-view.js';
import { microphoneHold } from '../parts/microphone-hold.js';
import { UI_EVENTS } from '../voice-agent/voice-agent.events.js';
import { provideConversation } from './conversation-context.js';
import { Conversation, type ConversationSignals } from './conversation-store.js';

/** The part of `VoiceAgent` that parts need. */
export type ProvidedAgent = EventTarget &
  Pick<
    VoiceAgent,
    | 'state'
    | 'userSpeaking'
    | 'error'
    | 'transcript'
    | 'inputMode'
    | 'muted'
    | 'volume'
    | 'microphoneId'
    | 'speakerId'
    | 'start'
    | 'stop'
    | 'interrupt'
    | 'say'
    | 'tapAudio'
  >;

/**
 * Lets parts show and control an agent without a tag: those inside `element`, and those that name its id in `for`.
 * @param agent It dispatches its events on itself, or on `element` if that was its second argument.
 * @returns a function that disconnects the parts. The call continues.
 */
export function provideVoiceAgent(element: Element, agent: ProvidedAgent): () => void {
  const conversation: FiniteConversation = new FiniteConversation(
    [agent, element],
    () => progress.view,
    actionsOf(
      agent,
      () => conversation.changed(),
      () => progress.hasJustEnded,
    ),
  );
  const changed = (): void => conversation.changed();
  const progress = new CallProgress(agent, conversation, changed);
  for (const name of [...UI_EVENTS, 'mute-change'] as const) conversation.subscribe(name, changed);
  const takeBack = provideConversation(element, conversation);
  return () => {
    takeBack();
    progress.end();
    conversation.end();
  };
}

class FiniteConversation extends Conversation {
  readonly #ends = new Set<() => void>();

  override subscribe<Name extends keyof ConversationSignals>(
    type: Name,
    listener: (detail: ConversationSignals[Name]) => void,
  ): () => void {
    const unsubscribe = super.subscribe(type, listener);
    const end = (): void => {
      this.#ends.delete(end);
      unsubscribe();
    };
    this.#ends.add(end);
    return end;
  }

  /** Ends all subscriptions, so that nothing listens to the agent any more. */
  end(): void {
    for (const end of this.#ends) end();
  }
}

function actionsOf(
  agent: ProvidedAgent,
  changed: () => void,
  hasJustEnded: () => boolean,
): ConversationActions {
  // The error is dispatched as `agent-error`, too, so an unhandled rejection would only be noise.
  const start = (): void => void agent.start().catch(() => undefined);
  const call = {
    get muted() {
      return agent.muted === true;
    },
    set muted(muted) {
      agent.muted = muted;
      changed();
    },
  };
  const hold = microphoneHold(call);
  return {
    toggleCall: ({ isTrusted }) => {
      if (isActive(agent.state)) void agent.stop();
      else if (!isTrusted || !hasJustEnded()) start();
    },
    toggleMuted: () => void (call.muted = !call.muted),
    interrupt: () => {
      if (agent.state === 'speaking') agent.interrupt();
    },
    sendText: (text) => agent.say(text),
    writeInstead: () => {
      const { inputMode } = agent;
      agent.inputMode = 'text';
      start();
      agent.inputMode = inputMode;
    },
    press: hold.press,
    release: hold.release,
    answerConsent: () => undefined,
    choose: (settings) => {
      Object.assign(agent, settings);
      changed();
    },
    tapAudio: (port) => agent.tapAudio(port),
  };
}
