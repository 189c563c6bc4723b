import { nothing, type ReactiveController, type ReactiveControllerHost } from 'lit';
import type { Messages } from '../locales/en.js';
import {
  VOICE_AGENT_CONNECTED,
  VOICE_AGENT_UPDATED,
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

/** What a part shows whose agent is not there yet. */
const NO_CALL: Omit<ConversationView, 'messages'> = {
  state: 'idle',
  userSpeaking: false,
  held: false,
  muted: false,
  pushToTalk: false,
  textInput: false,
  textOnly: false,
  allowed: false,
  transcript: [],
  error: undefined,
  askingConsent: false,
  notice: undefined,
  seconds: undefined,
  visualizer: 'orb',
  extras: nothing,
};

/**
 * Connects a part that stands alone with its agent: the element whose id is in `for`, else the nearest ancestor. State
 * comes down as what the agent itself shows, whenever it has changed, and requests go up to the agent's own actions;
 * parts know nothing of each other, and may be in the page before their agent is.
 */
export class AgentLink implements ReactiveController {
  readonly #host: LinkHost;
  readonly #redraw = (): void => this.#host.requestUpdate();
  readonly #listeners: readonly (readonly [name: string, listener: (event: Event) => void])[];
  readonly #onAgent: OnAgent | undefined;
  #agent: VoiceAgentElement | undefined;
  /** Its microphone is held open by this part. */
  #pressed: VoiceAgentElement | undefined;

  constructor(host: LinkHost, listeners: AgentListeners = {}, onAgent?: OnAgent) {
    this.#host = host;
    this.#onAgent = onAgent;
    this.#listeners = [
      ...Object.entries(listeners).map(
        ([name, listener]) => [name, this.#ofAgent(listener as (event: Event) => void)] as const,
      ),
      [VOICE_AGENT_UPDATED, this.#redraw],
    ];
    host.addController(this);
  }

  get agent(): VoiceAgentElement | undefined {
    return this.#agent;
  }

  /** What a part shows, in its own language; an agent that is not there yet is idle. */
  view(messages: Messages): ConversationView {
    return { ...NO_CALL, ...this.#agent?.view, messages };
  }

  readonly actions: ConversationActions = {
    toggleCall: (event) => this.#agent?.actions.toggleCall(event),
    toggleMuted: () => this.#agent?.actions.toggleMuted(),
    interrupt: () => this.#agent?.actions.interrupt(),
    sendText: (text) => this.#agent?.actions.sendText(text),
    writeInstead: () => this.#agent?.actions.writeInstead(),
    press: () => {
      this.#pressed = this.#agent;
      this.#agent?.actions.press();
    },
    release: () => {
      this.#pressed?.actions.release();
      this.#pressed = undefined;
    },
    answerConsent: (agreed) => this.#agent?.actions.answerConsent(agreed),
  };

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
    // Whoever held a button that is gone lets go of nothing any more.
    this.actions.release();
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
