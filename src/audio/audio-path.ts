/**
 * The audio of a call on the page's side: a microphone and a graph, each replaced when its device or context is lost.
 * The worklet talks to the session through its own port, and every new graph gets a new port.
 */
import type { ErrorKey } from '../error-catalogue.js';
import { VoiceAgentError, type ErrorDetails, type VoiceAgentErrorData } from '../errors.js';
import type { Levels, SoundTap, WorkletSettings, WorkletToPage } from '../worklet/messages.js';
import { AudioGraph, checkSupport } from './audio-graph.js';
import { claimAudioSession } from './audio-session.js';
import { isHandsFree, watchDevices } from './devices.js';
import { MicrophoneLine, type MicrophoneSettings, type MicrophoneStatus } from './microphone-line.js';
import { SpeakerLine, type SpeakerStatus } from './speaker-line.js';

/** From opening the microphone to the first sound: the time that a Bluetooth headset needs to change its profile. */
const SETTLE_HANDS_FREE_MS = 1_000;
/** Pause after the first failure; each further failure makes it longer by the same amount. */
const REBUILD_PAUSE_MS = 800;
const MAX_FAILED_REBUILDS = 5;
/** As many more after an interruption: a phone call may last four minutes. */
const INTERRUPTED_REBUILDS = 60;
/** A context that is lost sooner counts as failed. Within this time, a clock that never moves is noticed. */
const SHORT_LIFE_MS = 5_000;

/** What the page is told, by the name of its event; `tap` goes to the taps. */
export type AudioEvent =
  | { readonly type: 'levels'; readonly detail: Levels }
  | { readonly type: 'tap'; readonly detail: SoundTap }
  /** Initially `off`. */
  | { readonly type: 'microphone-change'; readonly detail: { readonly status: MicrophoneStatus } }
  /** Initially `live`. */
  | { readonly type: 'speaker-change'; readonly detail: { readonly status: SpeakerStatus } }
  /** A problem with the audio; the call continues. */
  | { readonly type: 'agent-error'; readonly detail: VoiceAgentErrorData };

export interface AudioPathHandlers {
  tell(event: AudioEvent): void;
  /** A new worklet takes over; this is the session's port to it. */
  replaced(workletPort: MessagePort): void;
  /** Audio is no longer possible. */
  failed(error: VoiceAgentError): void;
}

type Optional<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Settings that can change during a call. The default is unmuted at full volume. */
export interface AudioSettings extends Optional<WorkletSettings>, MicrophoneSettings {
  /** By id; default: the system's. */
  readonly speakerId?: string | undefined;
}

export interface AudioPathOptions extends AudioSettings {
  /** With `text`, no microphone is requested or opened. */
  readonly inputMode?: 'voice' | 'text' | undefined;
  /** Folder of the worklet's file; default: the folder of the script. */
  readonly assetBase?: string | undefined;
}

type SoundPhase =
  | 'preparing'
  | 'running'
  /** The context was lost, and a new one is being created. */
  | 'rebuilding'
  | 'closed';

type SoundEvent = 'run' | 'lost' | 'close';

const transitions: Readonly<Record<SoundPhase, Partial<Readonly<Record<SoundEvent, SoundPhase>>>>> = {
  preparing: { run: 'running', close: 'closed' },
  running: { lost: 'rebuilding', close: 'closed' },
  rebuilding: { run: 'running', close: 'closed' },
  closed: {},
};

export class AudioPath {
  readonly #handlers: AudioPathHandlers;
  readonly #microphone: MicrophoneLine;
  readonly #speaker: SpeakerLine;
  readonly #endDeviceWatch: () => void;
  readonly #releaseAudioSession: () => void;
  /** From the session to the worklet of the present graph. */
  #line = new MessageChannel();
  #settings: AudioPathOptions;
  /** Exists from `load()` on. */
  #graph: AudioGraph | undefined;
  #stream: MediaStream | undefined;
  #openedAtMs = 0;
  #ranAtMs = 0;
  /** Rebuilds in a row that failed, or did not last; and how many of them an interruption excuses. */
  #failures = 0;
  #excused = 0;
  #phase: SoundPhase = 'preparing';

  /** @throws {VoiceAgentError} `insecure_page`, `unsupported_browser` */
  constructor(options: AudioPathOptions, handlers: AudioPathHandlers) {
    checkSupport();
    this.#handlers = handlers;
    this.#settings = options;
    const notice = (key: ErrorKey, details?: ErrorDetails): void => this.#notice(key, details);
    this.#microphone = new MicrophoneLine({
      changed: (stream) => this.#onMicrophone(stream),
      status: (status) => handlers.tell({ type: 'microphone-change', detail: { status } }),
      notice,
    });
    this.#speaker = new SpeakerLine({
      status: (status) => handlers.tell({ type: 'speaker-change', detail: { status } }),
      notice,
    });
    this.#endDeviceWatch = watchDevices((news) => {
      void this.#microphone.devicesChanged(news);
      void this.#speaker.devicesChanged();
    });
    this.#releaseAudioSession = claimAudioSession(
      options.inputMode === 'text' ? 'playback' : 'play-and-record',
    );
  }

  get outputLatencyMs(): number {
    return this.#graph?.outputLatencyMs ?? 0;
  }

  /** The session's port to the worklet. Messages wait until the worklet exists. */
  get sessionPort(): MessagePort {
    return this.#line.port2;
  }

  /**
   * Requests the microphone synchronously.
   * @throws {VoiceAgentError} as for opening a microphone
   */
  async openMicrophone(): Promise<void> {
    this.#microphone.set(this.#settings);
    if (this.#settings.inputMode !== 'text') await this.#microphone.open();
  }

  /**
   * Creates the audio context and loads the worklet, possibly while the permission prompt is open. Call it inside the
   * click, because browsers start audio only there, and after `openMicrophone()`: the first context of a page blocks
   * its thread for tens of milliseconds, in which the microphone can open.
   * @throws {VoiceAgentError} `audio_failed`, `engine_failed`
   */
  async load(): Promise<void> {
    const graph: AudioGraph = new AudioGraph({
      message: (message) => this.#onMessage(message),
      interrupted: () => this.#notice('audio_interrupted'),
      lost: (wasInterrupted) => graph === this.#graph && this.#onLost(wasInterrupted),
    });
    this.#graph = graph;
    await graph.load(this.#settings.assetBase);
  }

  /**
   * Starts the audio. Call it when the worklet is loaded and the microphone open.
   * @param waitMs how long a gesture may be waited for; the visitor is told.
   * @throws {VoiceAgentError} `audio_blocked`, `audio_failed`
   */
  async run(waitMs?: number): Promise<void> {
    await this.#graph?.run(waitMs);
    if (this.#enter('run')) this.#connect();
  }

  /** @param change what is different */
  set(change: AudioSettings): void {
    this.#settings = { ...this.#settings, ...change };
    this.#microphone.set(this.#settings);
    this.#applySettings();
  }

  /** Turns the microphone off immediately and permanently. */
  releaseMicrophone(): void {
    this.#microphone.close();
  }

  /** Fades out, then frees every device. */
  async close(): Promise<void> {
    this.#enter('close');
    this.#microphone.close();
    this.#endDeviceWatch();
    // At once, because the next call may begin during the fade.
    this.#releaseAudioSession();
    await this.#graph?.close();
  }

  // ── the microphone ──────────────────────────────────────────────────────────────────────────────────────────────
  #onMicrophone(stream: MediaStream | undefined): void {
    this.#stream = stream;
    this.#openedAtMs = performance.now();
    if (this.#phase === 'running') this.#graph?.setMicrophone(stream, this.#settleMs);
  }

  /** How long a headset still needs since its microphone was opened. Zero for all other outputs. */
  get #settleMs(): number {
    const [track] = this.#stream?.getAudioTracks() ?? [];
    if (!track || !isHandsFree(track)) return 0;
    return Math.max(0, this.#openedAtMs + SETTLE_HANDS_FREE_MS - performance.now());
  }

  #notice(key: ErrorKey, details?: ErrorDetails): void {
    this.#handlers.tell({ type: 'agent-error', detail: VoiceAgentError.notice(key, details).toData() });
  }

  // ── the graph ───────────────────────────────────────────────────────────────────────────────────────────────────
  #onMessage({ type, ...detail }: WorkletToPage): void {
    if ('silent' in detail) this.#microphone.setSilent(detail.silent);
    else this.#handlers.tell({ type, detail } as AudioEvent);
  }

  #connect(): void {
    this.#ranAtMs = performance.now();
    this.#graph?.setMicrophone(this.#stream, this.#settleMs);
    // This graph could not take it, and another one is being made.
    if (this.#phase !== 'running') return;
    this.#applySettings();
    this.#speaker.connect(this.#graph);
    const { port1: port } = this.#line;
    this.#graph?.post({ type: 'session-port', port }, [port]);
  }

  #applySettings(): void {
    const { muted = false, volume = 1, tap = false, speakerId = '' } = this.#settings;
    this.#graph?.post({ type: 'settings', muted, volume, tap });
    this.#speaker.choose(speakerId);
  }

  #onLost(wasInterrupted?: boolean): void {
    // Before it runs, `run()` throws.
    if (!this.#enter('lost')) return;
    this.#speaker.connect(undefined);
    if (performance.now() - this.#ranAtMs >= SHORT_LIFE_MS) {
      this.#failures = 0;
      this.#excused = wasInterrupted ? INTERRUPTED_REBUILDS : 0;
    }
    void this.#rebuild(VoiceAgentError.fatal('audio_failed'));
  }

  /** The session stays and gets another worklet. */
  async #rebuild(problem: VoiceAgentError): Promise<void> {
    void this.#graph?.close();
    if (this.#failures === 1) this.#notice('audio_interrupted');
    const counted = this.#failures++ - this.#excused;
    if (counted === MAX_FAILED_REBUILDS) {
      if (this.#enter('close')) this.#handlers.failed(problem);
      return;
    }
    const pauseMs = REBUILD_PAUSE_MS * counted;
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    // Closed in the meantime.
    if (this.#phase !== 'rebuilding') return;
    try {
      await this.load();
      await this.#graph?.run();
    } catch (error) {
      return this.#rebuild(VoiceAgentError.from(error));
    }
    if (!this.#enter('run')) return;
    this.#line = new MessageChannel();
    this.#connect();
    this.#handlers.replaced(this.#line.port2);
  }

  #enter(event: SoundEvent): boolean {
    const next = transitions[this.#phase][event];
    if (next) this.#phase = next;
    return next !== undefined;
  }
}
