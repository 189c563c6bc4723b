import type { ConversationAgent } from '../../../../components/voice-agent/call-options.js';
import { VoiceAgentElement } from '../../../../components/voice-agent/voice-agent.js';
import type {
  AudioEncoding,
  SessionConfig,
  ToolTiming,
  TranscriptEntry,
  VoiceAgentError,
  VoiceAgentState,
  VoiceAgentTool,
} from '../../../../src/index.js';

/** A call that a test controls: it sets states, entries and levels, and records requests. */
export class ScriptedAgent extends EventTarget implements ConversationAgent {
  serverUrl: string | undefined;
  tokenUrl: string | undefined;
  token: string | undefined;
  getToken: (() => Promise<string>) | undefined;
  agentId: string | undefined;
  systemPrompt: string | undefined;
  greeting: string | undefined;
  voice: string | undefined;
  inputEncoding: AudioEncoding | undefined;
  outputEncoding: AudioEncoding | undefined;
  inputMode: 'voice' | 'text' | undefined;
  muted = false;
  volume = 1;
  microphoneId: string | undefined;
  speakerId: string | undefined;
  releaseMicrophone: boolean | undefined;
  maxDuration: number | undefined;
  idleTimeout: number | undefined;
  toolTiming: ToolTiming | undefined;
  assetBase: string | undefined;
  sessionConfig: SessionConfig | undefined;
  tools: readonly VoiceAgentTool[] | undefined;

  state: VoiceAgentState = 'idle';
  userSpeaking = false;
  error: VoiceAgentError | undefined;
  transcript: readonly TranscriptEntry[] = [];
  /** `start`, `stop:reason`, `interrupt`, `say:…`, in order. */
  readonly requests: string[] = [];
  /** What is typed can be sent. */
  takesText = true;
  readonly #target: EventTarget;

  /** @param target where events are dispatched; default: the agent itself */
  constructor(target?: EventTarget) {
    super();
    this.#target = target ?? this;
  }

  start(): Promise<void> {
    this.requests.push('start');
    this.enter('connecting');
    return Promise.resolve();
  }
  stop(reason = 'stopped'): Promise<void> {
    this.requests.push(`stop:${reason}`);
    this.enter('ended');
    this.fire('session-end', { reason, seconds: 75.4 });
    return Promise.resolve();
  }
  tapAudio(_port: MessagePort): () => void {
    this.requests.push('tap');
    return () => void this.requests.push('untap');
  }
  interrupt(): void {
    this.requests.push('interrupt');
  }
  say(text: string): boolean {
    this.requests.push(`say:${text}`);
    return this.takesText;
  }
  reply(instructions = ''): void {
    this.requests.push(`reply:${instructions}`);
  }
  /** There is nothing to prepare. */
  readonly prepare = (): void => undefined;
  readonly resume = (): Promise<void> => Promise.resolve();
  keep: ConversationAgent['keep'] = () => false;
  readonly handOver = (): void => undefined;
  updateSession(config: SessionConfig): void {
    this.requests.push(`update:${JSON.stringify(config)}`);
  }

  enter(...states: VoiceAgentState[]): void {
    for (const state of states) {
      const previous = this.state;
      this.state = state;
      this.fire('state-change', { state, previous });
    }
  }
  fail(error: VoiceAgentError): void {
    this.error = error;
    this.fire('agent-error', error.toData());
    this.enter('error');
  }
  hear(speaking: boolean): void {
    this.userSpeaking = speaking;
    this.fire(speaking ? 'speech-start' : 'speech-end', null);
  }
  /** Adds an entry, or changes the one with this key. */
  utter(entry: Partial<TranscriptEntry> & Pick<TranscriptEntry, 'key' | 'role' | 'text'>): void {
    const whole: TranscriptEntry = { final: true, interrupted: false, ...entry };
    const known = this.transcript.some(({ key }) => key === entry.key);
    this.transcript = known
      ? this.transcript.map((old) => (old.key === entry.key ? whole : old))
      : [...this.transcript, whole];
    const { role, text, final, interrupted } = whole;
    this.fire('transcript', { role, text, final, interrupted });
  }
  levels(microphone: number, speaker: number): void {
    this.fire('levels', { microphone, speaker });
  }

  fire(type: string, detail: unknown): void {
    this.#target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }
}

/** The real element, with a scripted call. */
export class ScriptedElement extends VoiceAgentElement {
  declare script: ScriptedAgent;

  protected override createAgent(): ConversationAgent {
    this.script = new ScriptedAgent(this);
    return this.script;
  }
}
