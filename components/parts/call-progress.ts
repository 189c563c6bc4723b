import {
  microphonePermission,
  type TranscriptEntry,
  type VoiceAgent,
  type VoiceAgentErrorData,
} from '../../src/index.js';
import type { ConversationStore } from '../conversation/conversation-store.js';
import { isActive, type ConversationView, type Notice } from './conversation-view.js';
import { loudness } from './loudness.js';

/** A level this high in this many consecutive reports (30 per second) means that somebody speaks while muted. */
const SPEECH_LOUDNESS = 0.4;
const SPEECH_LEVELS = 12;

/** How long a notice is valid. `moment`: until the agent speaks again. */
type Cause = 'moment' | 'microphone' | 'speaker' | 'interruption' | 'connecting' | 'call';

/** By code or key of the error. All others are momentary. */
const CAUSES: Readonly<Record<string, Cause>> = {
  microphone_lost: 'microphone',
  microphone_muted: 'microphone',
  microphone_silent: 'microphone',
  speaker_failed: 'speaker',
  audio_interrupted: 'interruption',
  'connection_failed/retrying': 'connecting',
  // A text-only call continues without any audio.
  insecure_page: 'call',
  unsupported_browser: 'call',
  engine_failed: 'call',
  audio_failed: 'call',
  audio_blocked: 'call',
};

/** A press of End at the moment when the call ends was not meant for the new button. */
const UNSEEN_MS = 500;

/** How many entries of earlier calls are kept: hours of conversation. */
const MAX_EARLIER = 1_000;

/** A `VoiceAgent`, or an element with its properties. */
type ShownCall = Pick<VoiceAgent, 'state' | 'userSpeaking' | 'error' | 'transcript'> & {
  readonly [Name in 'inputMode' | 'muted' | 'volume' | 'microphoneId' | 'speakerId']?:
    VoiceAgent[Name] | null | undefined;
};

/** The view of a call, for every kind of provider. */
type CallView = Pick<
  ConversationView,
  | 'state'
  | 'userSpeaking'
  | 'held'
  | 'muted'
  | 'volume'
  | 'microphoneId'
  | 'speakerId'
  | 'textOnly'
  | 'textInput'
  | 'transcript'
  | 'earlier'
  | 'error'
  | 'allowed'
  | 'notice'
  | 'seconds'
>;

/** What a UI shows of a call: its state, its length, whether the reply is held, the notice. */
export class CallProgress {
  /** The reply is ducked or held, because the user seems to speak. */
  #isHeld = false;
  /** The transcripts of earlier calls, oldest first: a new call must not erase what can still be read or saved. */
  #earlier: readonly TranscriptEntry[] = [];
  /** The next call began then, on another page. */
  sinceMs: number | undefined;
  readonly #call: ShownCall;
  readonly #redraw: () => void;
  #startedAtMs: number | undefined;
  #endedAtMs = -Infinity;
  #seconds: number | undefined;
  #inputMode: ShownCall['inputMode'];
  #permission: PermissionStatus | undefined;
  /** A blocked microphone was allowed, since the latest call started. */
  #isAllowed = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** In the order in which they were reported. */
  readonly #problems = new Map<Cause, VoiceAgentErrorData>();
  #secondsLeft: number | undefined;
  /** Levels of somebody who speaks while muted. */
  #mutedSpeech = 0;
  /** The transcript of the previous call, until another one begins. */
  #said: readonly TranscriptEntry[] = [];

  constructor(call: ShownCall, signals: Pick<ConversationStore, 'subscribe'>, redraw: () => void) {
    this.#call = call;
    this.#redraw = redraw;
    signals.subscribe('state-change', ({ state, previous }) => {
      this.#isHeld = false;
      if (state === 'connecting') this.#begin();
      if (!isActive(state)) this.#finish(isActive(previous));
      else if (previous === 'connecting') {
        this.#startedAtMs = this.sinceMs ?? performance.now();
        this.sinceMs = undefined;
        this.#timer = setInterval(redraw, 1000);
      }
    });
    signals.subscribe('session-end', ({ seconds }) => {
      // As counted by the service, if it reported a number; 0 if the call never began.
      this.#seconds = Math.round(seconds) || undefined;
      this.#secondsLeft = undefined;
    });
    signals.subscribe('reply-hold', ({ outcome }) => (this.#isHeld = /^(ducked|held)$/.test(outcome)));
    signals.subscribe('call-warning', ({ secondsLeft }) => (this.#secondsLeft = secondsLeft));
    signals.subscribe('agent-error', (error) => this.#onError(error));
    for (const device of ['microphone', 'speaker'] as const)
      signals.subscribe(`${device}-change`, ({ status }) => {
        if (status === 'live' || status === 'off') this.#over(device);
      });
    signals.subscribe('levels', ({ microphone }) => {
      // They come from the audio thread. While they arrive, the audio is not interrupted.
      this.#over('interruption');
      if (call.muted) this.#onMutedLevel(microphone);
    });
    signals.subscribe('mute-change', () => (this.#mutedSpeech = 0));
    signals.subscribe('session-ready', () => this.#over('connecting'));
    signals.subscribe('reply-end', () => this.#over('moment'));
  }

  get view(): CallView {
    const { state, userSpeaking, error, transcript, inputMode, muted, volume, microphoneId, speakerId } =
      this.#call;
    // In the current call as it was started, otherwise in the next one.
    const textOnly = (isActive(state) ? this.#inputMode : inputMode) === 'text';
    const asksBrowser = state === 'connecting' && !textOnly && this.#permission?.state === 'prompt';
    return {
      state,
      userSpeaking,
      held: this.#isHeld,
      muted: muted ?? false,
      volume: volume ?? 1,
      microphoneId: microphoneId ?? undefined,
      speakerId: speakerId ?? undefined,
      textOnly,
      textInput: textOnly,
      transcript,
      earlier: this.#earlier,
      error: state === 'error' ? error : undefined,
      allowed: this.#isAllowed && error?.code === 'microphone_denied',
      notice: asksBrowser ? { kind: 'allow-microphone' } : this.#notice,
      seconds: this.#elapsedSeconds,
    };
  }

  /** The call has just ended, so its button has a new meaning. */
  get hasJustEnded(): boolean {
    return performance.now() - this.#endedAtMs < UNSEEN_MS;
  }

  /** Whole seconds; `undefined` before the first call. For display only: `session-end` has the billed time. */
  get #elapsedSeconds(): number | undefined {
    const startedAtMs = this.#startedAtMs;
    return this.#seconds ?? (startedAtMs && Math.round((performance.now() - startedAtMs) / 1000));
  }

  get #notice(): Notice | undefined {
    if (this.#call.muted && this.#mutedSpeech >= SPEECH_LEVELS) return { kind: 'speaking-muted' };
    if (this.#secondsLeft !== undefined) return { kind: 'ends-soon', secondsLeft: this.#secondsLeft };
    const error = this.#problems.get('microphone') ?? [...this.#problems.values()].at(-1);
    return error && { kind: 'problem', error };
  }

  /** Nothing is shown any more, until the next call. */
  end(): void {
    this.#stopClock();
    if (this.#permission) this.#permission.onchange = null;
  }

  #begin(): void {
    this.#problems.clear();
    this.#startedAtMs = this.#seconds = this.#secondsLeft = undefined;
    this.#mutedSpeech = 0;
    this.#inputMode = this.#call.inputMode;
    // A call that continues has brought its transcript.
    if (this.sinceMs === undefined) this.#earlier = [...this.#earlier, ...this.#said].slice(-MAX_EARLIER);
    this.#said = [];
    void this.#watchPermission();
  }

  /** Whether the browser will show its prompt, and later whether the visitor has allowed the microphone. */
  async #watchPermission(): Promise<void> {
    this.#isAllowed = false;
    const permission = (this.#permission ??= await microphonePermission());
    if (!permission) return;
    permission.onchange = () => {
      this.#isAllowed = permission.state === 'granted';
      this.#redraw();
    };
    this.#redraw();
  }

  #finish(wasActive: boolean): void {
    if (wasActive) this.#endedAtMs = performance.now();
    // The latest notice is still worth reading; all others end with the call.
    for (const cause of this.#problems.keys()) if (cause !== 'moment') this.#problems.delete(cause);
    this.#said = this.#call.transcript;
    this.sinceMs = undefined;
    this.#stopClock();
  }

  #stopClock(): void {
    clearInterval(this.#timer);
    this.#seconds = this.#elapsedSeconds;
  }

  #onError(error: VoiceAgentErrorData): void {
    const { code, fatal, key = code } = error;
    const cause = CAUSES[key] ?? CAUSES[code] ?? 'moment';
    // The latest notice comes last.
    this.#problems.delete(cause);
    if (fatal) this.#problems.clear();
    else this.#problems.set(cause, error);
  }

  #over(cause: Cause): void {
    if (this.#problems.delete(cause)) this.#redraw();
  }

  #onMutedLevel(microphone: number): void {
    if (this.#mutedSpeech >= SPEECH_LEVELS) return;
    const change = loudness(microphone) > SPEECH_LOUDNESS ? 1 : -0.25;
    this.#mutedSpeech = Math.max(0, this.#mutedSpeech + change);
    if (this.#mutedSpeech >= SPEECH_LEVELS) this.#redraw();
  }
}
