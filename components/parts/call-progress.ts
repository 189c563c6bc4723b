import type {
  InputMode,
  MicrophoneStatus,
  TranscriptEntry,
  VoiceAgentErrorData,
  VoiceAgentState,
} from '../../src/index.js';
import type { ConversationStore } from '../conversation/conversation-store.js';
import { isActive, type Notice } from './conversation-view.js';
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

interface ProgressCall {
  readonly transcript: readonly TranscriptEntry[];
  readonly state: VoiceAgentState;
  readonly muted?: boolean | undefined;
  readonly inputMode?: InputMode | null | undefined;
}

/** What a UI shows of a call besides its state: its length, whether the reply is held, the notice. */
export class CallProgress {
  /** The reply is ducked or held, because the user seems to speak. */
  held = false;
  readonly #call: ProgressCall;
  readonly #redraw: () => void;
  #startedAtMs: number | undefined;
  #seconds: number | undefined;
  #inputMode: InputMode | null | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** In the order in which they were reported. */
  readonly #problems = new Map<Cause, VoiceAgentErrorData>();
  #secondsLeft: number | undefined;
  #mutedSpeech = 0;
  #endedAtMs = -Infinity;
  #earlier: readonly TranscriptEntry[] = [];
  /** The transcript of the previous call, until another one begins. */
  #said: readonly TranscriptEntry[] = [];

  constructor(call: ProgressCall, signals: Pick<ConversationStore, 'subscribe'>, redraw: () => void) {
    this.#call = call;
    this.#redraw = redraw;
    signals.subscribe('state-change', ({ state, previous }) => {
      this.held = false;
      if (state === 'connecting') {
        this.#problems.clear();
        this.#secondsLeft = undefined;
        this.#mutedSpeech = 0;
        this.#inputMode = call.inputMode;
        this.#earlier = [...this.#earlier, ...this.#said].slice(-MAX_EARLIER);
        this.#said = [];
      }
      if (!isActive(state)) {
        if (isActive(previous)) this.#endedAtMs = performance.now();
        // The latest notice is still worth reading; all others end with the call.
        for (const cause of this.#problems.keys()) if (cause !== 'moment') this.#problems.delete(cause);
        this.#said = call.transcript;
        this.#end(this.seconds);
      }
      if (isActive(state) && previous === 'connecting') {
        this.#startedAtMs = performance.now();
        this.#timer = setInterval(redraw, 1000);
      }
    });
    signals.subscribe('session-end', ({ seconds }) => {
      // As counted by the service, if it reported a number.
      this.#end(Math.round(seconds));
      this.#secondsLeft = undefined;
    });
    signals.subscribe(
      'reply-hold',
      ({ outcome }) => (this.held = outcome === 'ducked' || outcome === 'held'),
    );
    signals.subscribe('call-warning', ({ secondsLeft }) => (this.#secondsLeft = secondsLeft));
    signals.subscribe('agent-error', (error) => this.#onError(error));
    signals.subscribe('microphone-change', ({ status }) => this.#onMicrophone(status));
    signals.subscribe('levels', ({ microphone }) => this.#onLevels(microphone));
    signals.subscribe('mute-change', () => (this.#mutedSpeech = 0));
    signals.subscribe('session-ready', () => this.#over('connecting'));
    signals.subscribe('speaker-change', ({ status }) => {
      if (status === 'live') this.#over('speaker');
    });
    signals.subscribe('reply-end', () => this.#over('moment'));
  }

  /** Whole seconds; `undefined` before the first call. For display only: `session-end` has the billed time. */
  get seconds(): number | undefined {
    if (this.#startedAtMs === undefined) return this.#seconds;
    return Math.round((performance.now() - this.#startedAtMs) / 1000);
  }

  /** The call has just ended, so its button has a new meaning. */
  get hasJustEnded(): boolean {
    return performance.now() - this.#endedAtMs < UNSEEN_MS;
  }

  /** The transcripts of earlier calls, oldest first: a new call must not erase what can still be read or saved. */
  get earlier(): readonly TranscriptEntry[] {
    return this.#earlier;
  }

  /** Whether there is no microphone: in the current call as it was started, otherwise in the next one. */
  get textOnly(): boolean {
    const { state, inputMode } = this.#call;
    return (isActive(state) ? this.#inputMode : inputMode) === 'text';
  }

  get notice(): Notice | undefined {
    if (this.#mutedSpeech >= SPEECH_LEVELS) return { kind: 'speaking-muted' };
    if (this.#secondsLeft !== undefined) return { kind: 'ends-soon', secondsLeft: this.#secondsLeft };
    const error = this.#problems.get('microphone') ?? [...this.#problems.values()].at(-1);
    return error && { kind: 'problem', error };
  }

  /** Removes all notices. */
  end(): void {
    this.#end(undefined);
  }

  #end(seconds: number | undefined): void {
    clearInterval(this.#timer);
    this.#seconds = seconds;
    this.#startedAtMs = undefined;
  }

  #onError(error: VoiceAgentErrorData): void {
    const { code, fatal, key = code } = error;
    const cause = CAUSES[key] ?? CAUSES[code] ?? 'moment';
    if (fatal) this.#problems.clear();
    else {
      // The latest notice comes last.
      this.#problems.delete(cause);
      this.#problems.set(cause, error);
    }
  }

  #over(cause: Cause): void {
    if (this.#problems.delete(cause)) this.#redraw();
  }

  #onMicrophone(status: MicrophoneStatus): void {
    if (status === 'live' || status === 'off') this.#over('microphone');
  }

  /** Levels come from the audio thread. While they arrive, the audio is not interrupted. */
  #onLevels(microphone: number): void {
    this.#watchMuted(microphone);
    this.#over('interruption');
  }

  #watchMuted(microphone: number): void {
    if (!this.#call.muted || this.#mutedSpeech >= SPEECH_LEVELS) return;
    this.#mutedSpeech = Math.max(0, this.#mutedSpeech + (loudness(microphone) > SPEECH_LOUDNESS ? 1 : -0.25));
    if (this.#mutedSpeech >= SPEECH_LEVELS) this.#redraw();
  }
}
