/**
 * What is said to and by the AudioWorklet. Two ports: the node's own port to the page (set-up, microphone switch,
 * levels) and the session port, a MessageChannel straight to the session (packets, replies), which never waits for the page.
 */
import type { AudioEncoding } from '../audio-encoding.js';

/** `processorOptions` of the node. */
export interface VoiceProcessorOptions {
  /** The compiled engine, or its bytes where a Module cannot be cloned. */
  readonly engine: WebAssembly.Module | ArrayBuffer;
}

/** What may change at any time. */
export interface WorkletSettings {
  /** While muted, packets go on, filled with silence: the server's turn detection needs them. */
  readonly muted: boolean;
  /** Linear playback gain, 0…1, and clamped to it; ramped, so it never clicks. */
  readonly volume: number;
  /** Both sides are sent to the page as `SoundTap`s. */
  readonly tap: boolean;
}

// ── page → worklet ────────────────────────────────────────────────────────────────────────────────────────────────
export type PageToWorklet =
  /** Replaces an earlier one. */
  | { readonly type: 'session-port'; readonly port: MessagePort }
  | ({ readonly type: 'settings' } & WorkletSettings)
  /** A microphone was just opened: nothing is played before the output has run steadily, for that long at least. */
  | { readonly type: 'settle'; readonly atLeastMs: number }
  /** Fade out and end: the processor returns false from then on. */
  | { readonly type: 'close' };

// ── worklet → page ────────────────────────────────────────────────────────────────────────────────────────────────
/** About 30 times a second while either side sounds. RMS, linear, 0…1. */
export interface Levels {
  readonly type: 'levels';
  readonly microphone: number;
  readonly speaker: number;
}

/**
 * The microphone has delivered nothing but digital zeros for 5 s: a switch on the device, or the wrong device. Even a quiet
 * room is not that silent. Where it has delivered sound before, after 45 s: noise gates of headsets deliver zeros, too. Told
 * once, and once more when it delivers sound.
 */
export interface MicrophoneSilence {
  readonly type: 'microphone-silence';
  readonly silent: boolean;
}

/** The same stretch of time on both sides, at the context's rate, linear, −1…1. A muted microphone is silent. */
export interface SoundTap {
  readonly type: 'tap';
  readonly rateHz: number;
  readonly microphone: Float32Array<ArrayBuffer>;
  readonly speaker: Float32Array<ArrayBuffer>;
}

export type WorkletToPage = Levels | MicrophoneSilence | SoundTap;

// ── session → worklet ─────────────────────────────────────────────────────────────────────────────────────────────
export type SessionToWorklet =
  /** Sets both encodings and starts packets; drops everything under way. */
  | { readonly type: 'format'; readonly input: AudioEncoding; readonly output: AudioEncoding }
  /** Audio of a reply, as it came. `reply` counts up from 1 within a call; bytes may end in the middle of a sample. */
  | {
      readonly type: 'audio';
      readonly reply: number;
      readonly bytes: Uint8Array;
      /** `Date.now()` when the message with it arrived. */
      readonly arrivedAtMs: number;
    }
  /** The server has sent all of this reply. */
  | { readonly type: 'reply-complete'; readonly reply: number }
  /** Fade out (5 ms) and forget everything queued so far. Answered by `flushed`. */
  | { readonly type: 'flush' }
  /** Fade out and wait, keeping the ring. */
  | { readonly type: 'hold' }
  /** Go on where `hold` stopped. */
  | { readonly type: 'release' }
  /** Whether replies may give way to somebody who speaks. Not at first. */
  | { readonly type: 'give-way'; readonly allowed: boolean }
  /** Our own sound, linear, beside the page's volume. 1 at first. */
  | { readonly type: 'turn-down'; readonly gain: number };

// ── worklet → session ─────────────────────────────────────────────────────────────────────────────────────────────
export type WorkletToSession =
  /** About 50 ms of encoded microphone sound. */
  | {
      readonly type: 'packet';
      /** Another one may have been asked for meanwhile. */
      readonly encoding: AudioEncoding;
      readonly bytes: Uint8Array;
      /** Mean level of the sound in it before muting, RMS, linear: tells that a muted user is speaking. */
      readonly level: number;
      /** `Date.now()` when its first sample came from the device. */
      readonly startedAtMs: number;
    }
  /** The first audible sample of a reply was rendered. */
  | { readonly type: 'reply-audible'; readonly reply: number }
  /** A reply is over for the ear: its last audible sample was rendered, or it was complete and never audible. */
  | {
      readonly type: 'reply-heard';
      readonly reply: number;
      readonly heardMs: number;
      readonly audible: boolean;
    }
  /** Playback time of the reply that sounds, counted from its first audible sample in played frames; every 50 ms. */
  | {
      readonly type: 'playhead';
      readonly reply: number;
      readonly heardMs: number;
      /** Bytes of all sound since `format` that were played or, being silent, skipped; every byte before counts. */
      readonly consumedBytes: number;
    }
  /** What a flush stopped. `reply` is the one that was sounding or about to; 0 when nothing was queued. */
  | {
      readonly type: 'flushed';
      readonly reply: number;
      /** Played since the reply's first audible sample. */
      readonly heardMs: number;
      /** Received, but thrown away unheard. */
      readonly discardedMs: number;
      /** From the flush message to the first silent quantum. */
      readonly roundTripMs: number;
    }
  /** What the engine hears, and does about it, has changed. */
  | ({ readonly type: 'voice' } & VoiceReport)
  /** Once a second. */
  | { readonly type: 'stats'; readonly stats: PlaybackStats };

/** What a reply does about somebody who speaks: it sounds as always, is ducked, or waits. */
export type GivingWay = 'none' | 'ducked' | 'held';

export interface VoiceReport {
  /** Somebody speaks into the microphone. */
  readonly speaking: boolean;
  readonly givingWay: GivingWay;
  /** The reply that sounds or is about to; 0 when there is none. */
  readonly reply: number;
}

/** The state of the playback path. Durations in ms of media time; counters since the call began. */
export interface PlaybackStats {
  readonly depthMs: number;
  readonly targetMs: number;
  readonly underruns: number;
  /** Silence that was played inside a reply because its sound had not come yet. */
  readonly concealedMs: number;
  /** Silent frames skipped to bring the delay down. */
  readonly droppedSilenceMs: number;
  /** Silence added inside silence to deepen the buffer unheard. */
  readonly insertedSilenceMs: number;
  /** Sound that fitted neither the ring nor the inbox before it. */
  readonly overflowMs: number;
  /** How often a reply was ducked because somebody spoke. */
  readonly ducks: number;
  /** Ducks of which nothing came: the reply went on. A word of assent, a cough, or a mistake. */
  readonly falseDucks: number;
  /** From the first sign of speech in the worklet to the latest duck; undefined before the first. */
  readonly onsetToDuckMs: number | undefined;
  /** What the microphone holds of our own sound relative to what is played, after the canceller, dB: an upper bound. Undefined before any was played. */
  readonly echoLeakDb: number | undefined;
  /** How far that stands out of the microphone's noise, dB, mean of the bands; 0 where none is heard. */
  readonly echoAboveNoiseDb: number;
  /** How long our own sound was heard: what the two before rest on. */
  readonly playedSeconds: number;
  /** From the arrival of a message to its sound at the speaker's side of the graph: mean of the last second's; undefined before the first. */
  readonly playoutDelayMs: number | undefined;
}

/** With what only the session's side can tell. */
export interface AudioStats extends PlaybackStats {
  /** From the first sample of a packet to its message: mean of the last second's; undefined before the first. */
  readonly captureDelayMs: number | undefined;
}
