import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Messages } from '../locales/en.js';
import { FACE_EVENTS, VOICE_AGENT_CONNECTED } from '../voice-agent/voice-agent.events.js';
import type { VoiceAgentElement } from '../voice-agent/voice-agent.js';
import type { ConversationActions, ConversationView } from './conversation-view.js';

type LinkHost = ReactiveControllerHost & HTMLElement & { for: string | null };
type Levels = (event: CustomEvent<{ microphone: number; speaker: number }>) => void;

const REDRAWN_AFTER = [...FACE_EVENTS, 'mute-change'] as const;

/**
 * Connects a part that stands alone with its agent: the element whose id is in `for`, else the nearest ancestor. State
 * comes down by way of the agent's own properties and events, requests go up by its methods; parts know nothing of
 * each other, and may be in the page before their agent is.
 */
export class AgentLink implements ReactiveController {
  readonly #host: LinkHost;
  readonly #onLevels: Levels | undefined;
  #agent: VoiceAgentElement | undefined;

  constructor(host: LinkHost, onLevels?: Levels) {
    this.#host = host;
    this.#onLevels = onLevels;
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
    const root = this.#host.getRootNode();
    if (this.#host.for !== null) {
      const named = (root as Document | ShadowRoot).getElementById(this.#host.for);
      return named && isVoiceAgent(named) ? named : undefined;
    }
    for (
      let node: Node | null = this.#host;
      node;
      node = node instanceof ShadowRoot ? node.host : node.parentNode
    )
      if (isVoiceAgent(node)) return node;
    return undefined;
  }

  #connect(agent: VoiceAgentElement | undefined): void {
    for (const name of REDRAWN_AFTER) {
      this.#agent?.removeEventListener(name, this.#redraw);
      agent?.addEventListener(name, this.#redraw);
    }
    if (this.#onLevels) {
      this.#agent?.removeEventListener('levels', this.#onLevels as (event: Event) => void);
      agent?.addEventListener('levels', this.#onLevels);
    }
    this.#agent = agent;
  }

  readonly #redraw = (): void => this.#host.requestUpdate();
}

/** By what it can do, not by its name: a page may register the class under another one. */
function isVoiceAgent(node: Node): node is VoiceAgentElement {
  return 'say' in node && 'transcript' in node;
}
