import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Messages } from '../locales/en.js';
import {
  FACE_EVENTS,
  VOICE_AGENT_CONNECTED,
  type VoiceAgentElementEventMap,
} from '../voice-agent/voice-agent.events.js';
import type { VoiceAgentElement } from '../voice-agent/voice-agent.js';
import type { ConversationActions, ConversationView } from './conversation-view.js';

type LinkHost = ReactiveControllerHost & HTMLElement & { for: string | null };

/** What a part wants to hear from its agent, beyond being drawn anew. */
export type AgentListeners = {
  readonly [Name in keyof VoiceAgentElementEventMap]?: (event: VoiceAgentElementEventMap[Name]) => void;
};

/** Called with the agent that was found, or `undefined` when it is gone, and the one before. */
type OnAgent = (agent: VoiceAgentElement | undefined, previous: VoiceAgentElement | undefined) => void;

const REDRAWN_AFTER = [...FACE_EVENTS, 'mute-change'] as const;

/**
 * Connects a part that stands alone with its agent: the element whose id is in `for`, else the nearest ancestor. State
 * comes down by way of the agent's own properties and events, requests go up by its methods; parts know nothing of
 * each other, and may be in the page before their agent is.
 */
export class AgentLink implements ReactiveController {
  readonly #host: LinkHost;
  readonly #redraw = (): void => this.#host.requestUpdate();
  readonly #listeners: readonly (readonly [name: string, listener: (event: Event) => void])[];
  readonly #onAgent: OnAgent | undefined;
  #agent: VoiceAgentElement | undefined;

  constructor(host: LinkHost, listeners: AgentListeners = {}, onAgent?: OnAgent) {
    this.#host = host;
    this.#onAgent = onAgent;
    this.#listeners = [
      ...Object.entries(listeners).map(
        ([name, listener]) => [name, this.#ofAgent(listener as (event: Event) => void)] as const,
      ),
      ...REDRAWN_AFTER.map((name) => [name, this.#redraw] as const),
    ];
    host.addController(this);
  }

  get agent(): VoiceAgentElement | undefined {
    return this.#agent;
  }

  /** What a part shows; an agent that is not there yet is idle. */
  view(messages: Messages): ConversationView {
    const agent = this.#agent;
    const state = agent?.state ?? 'idle';
    return {
      state,
      userSpeaking: agent?.userSpeaking ?? false,
      held: false,
      muted: agent?.muted ?? false,
      pushToTalk: agent?.pushToTalk ?? false,
      textInput: false,
      textOnly: agent?.inputMode === 'text',
      allowed: false,
      transcript: agent?.transcript ?? [],
      error: state === 'error' ? agent?.error : undefined,
      // The agent's own face asks.
      askingConsent: false,
      notice: undefined,
      seconds: undefined,
      messages,
      visualizer: 'orb',
    };
  }

  readonly actions: ConversationActions = {
    toggleCall: () => this.#agent?.toggle(),
    toggleMuted: () => this.#setMuted(!this.#agent?.muted),
    interrupt: () => {
      if (this.#agent?.state === 'speaking') this.#agent.interrupt();
    },
    sendText: (text) => this.#agent?.say(text),
    writeInstead: () => undefined,
    press: () => this.#setMuted(false),
    release: () => this.#setMuted(true),
    answerConsent: () => undefined,
  };

  #setMuted(muted: boolean): void {
    if (this.#agent) this.#agent.muted = muted;
  }

  hostConnected(): void {
    document.addEventListener(VOICE_AGENT_CONNECTED, this.#resolve);
    this.#resolve();
  }

  hostUpdate(): void {
    this.#resolve();
  }

  hostDisconnected(): void {
    document.removeEventListener(VOICE_AGENT_CONNECTED, this.#resolve);
    this.#connect(undefined);
  }

  readonly #resolve = (): void => {
    const found = this.#find();
    if (found === this.#agent) return;
    this.#connect(found);
    this.#host.requestUpdate();
  };

  #find(): VoiceAgentElement | undefined {
    if (this.#host.for !== null) return named(this.#host, this.#host.for);
    for (
      let node: Node | null = this.#host;
      node;
      node = node instanceof ShadowRoot ? node.host : node.parentNode
    )
      if (isVoiceAgent(node)) return node;
    return undefined;
  }

  #connect(agent: VoiceAgentElement | undefined): void {
    const previous = this.#agent;
    if (agent === previous) return;
    for (const [name, listener] of this.#listeners) {
      previous?.removeEventListener(name, listener);
      agent?.addEventListener(name, listener);
    }
    this.#agent = agent;
    this.#onAgent?.(agent, previous);
  }

  /** Events bubble: those of an agent that is inside this one are none of its own. */
  #ofAgent(listener: (event: Event) => void): (event: Event) => void {
    return (event) => {
      if (event.target === this.#agent) listener(event);
    };
  }
}

/** In the tree of the part, else in one around that: a part may stand in another one. */
function named(part: Node, id: string): VoiceAgentElement | undefined {
  for (let root = part.getRootNode(); ; root = root.host.getRootNode()) {
    // A part that is in no page has no root that could look.
    const found = 'getElementById' in root && (root as Document | ShadowRoot).getElementById(id);
    if (found && isVoiceAgent(found)) return found;
    if (!(root instanceof ShadowRoot)) return undefined;
  }
}

/** By what it can do, not by its name: a page may register the class under another one. */
function isVoiceAgent(node: Node): node is VoiceAgentElement {
  return 'say' in node && 'transcript' in node;
}
