/**
 * Messages to and from the AudioWorklet. Two ports: the node's own port to the page (set-up, microphone switch,
 * levels), and the session port, a MessageChannel directly to the session (packets, replies), which never waits for
 * the page.
 */
import type { AudioEncoding } from '../audio-encoding.js';

/** `processorOptions` of the node. */
export interface VoiceProcessorOptions {
  /** The compiled engine. */
  readonly engine: WebAssembly.Module;
}

/** Settings that can change at any time. */
export interface WorkletSettings {
  /** While muted, packets of silence continue, because the server's turn detection needs them. */
  readonly muted: boolean;
  /** Linear playback gain, clamped to 0…1; ramped, so it never clicks. */
  readonly volume: number;
  /** Sends both sides to the page as `SoundTap`s. */
  readonly tap: boolean;
}

// ── page → worklet ────────────────────────────────────────────────────────────────────────────────────────────────
export type PageToWorklet =
  /** Replaces an earlier one. */
  | { readonly type: 'session-port'; readonly port: MessagePort }
  | ({ readonly type: 'settings' } & WorkletSettings)
  /** A microphone was just opened: play nothing for at least this long, and after a stall until the output is steady. */
  | { readonly type: 'settle'; readonly atLeastMs: number }
  /** Fade out and end: the processor returns false from then on. */
  | { readonly type: 'close' };

// ── worklet → page ────────────────────────────────────────────────────────────────────────────────────────────────
/** The levels of both sides: RMS, linear, 0…1. */
export interface Levels {
  /** Measured before muting, so it shows that a muted user is speaking. */
  readonly microphone: number;
  /** What is played, after the volume. */
  readonly speaker: number;
}

/**
 * The microphone has delivered only digital zeros for 5 s: a switch on the device, or the wrong device. Even a quiet
 * room is not that silent. If it has delivered sound before, after 45 s, because noise gates of headsets deliver
 * zeros, too. Sent once, and once more when it delivers sound; also by a new worklet, with its first report.
 */
export interface MicrophoneSilence {
  readonly type: 'microphone-silence';
  readonly silent: boolean;
}

/** The same period on both sides, at the context's rate, linear, −1…1. A muted microphone is silent. */
export interface SoundTap {
  /** The rate of the AudioContext. */
  readonly rateHz: number;
  readonly microphone: Float32Array;
  readonly speaker: Float32Array;
}

export type WorkletToPage =
  /** About 30 times a second while there is sound on either side. */
  ({ readonly type: 'levels' } & Levels) | MicrophoneSilence | ({ readonly type: 'tap' } & SoundTap);

// ── session → worklet ─────────────────────────────────────────────────────────────────────────────────────────────
/** Audio of a reply, as it arrived. `reply` counts up from 1 within a call; bytes may end in the middle of a sample. */
export interface ReplyAudio {
  readonly type: 'audio';
  readonly reply: number;
  readonly bytes: Uint8Array;
}

/** What a session asks of the worklet. */
export type SoundCommand =
  /** Sets both encodings and starts packets; discards everything in progress. */
  | { readonly type: 'format'; readonly input: AudioEncoding; readonly output: AudioEncoding }
  | ReplyAudio
  /** The server has sent all of this reply. */
  | { readonly type: 'end'; readonly reply: number }
  /** Fade out (5 ms) and discard everything queued so far, and end a hold. Answered by `flushed`. */
  | { readonly type: 'flush' }
  /** Fade out and pause, keeping the ring; or resume there. */
  | { readonly type: 'hold'; readonly held: boolean }
  /**
   * Whether speech may duck replies, initially not; the gain of our own sound, linear, besides the page's volume,
   * initially 1; and whether the microphone is attenuated while it may deliver echo, initially not.
   */
  | {
      readonly type: 'give-way';
      readonly allowed: boolean;
      readonly gain: number;
      readonly guarded: boolean;
    };

/** @param arrivedAtMs `Date.now()` when the server's message arrived */
export type SessionToWorklet =
  Exclude<SoundCommand, ReplyAudio> | (ReplyAudio & { readonly arrivedAtMs: number });

// ── worklet → session ─────────────────────────────────────────────────────────────────────────────────────────────
export type WorkletToSession =
  /** About 50 ms of encoded microphone audio. */
  | {
      readonly type: 'packet';
      /** Another encoding may have been set in the meantime. */
      readonly encoding: AudioEncoding;
      readonly bytes: Uint8Array;
      /** Its mean level before muting, RMS, linear: shows that a muted user is speaking. */
      readonly level: number;
      /** `Date.now()` when its first sample came from the device. */
      readonly startedAtMs: number;
    }
  /** The current reply: when it becomes audible, every 50 ms, and when it is over. */
  | {
      readonly type: 'heard';
      readonly reply: number;
      /** Played frames since its first audible sample; 0 before it. */
      readonly heardMs: number;
      /** Bytes of all audio since `format` that were played or, if silent, skipped; every earlier byte counts. */
      readonly playedBytes: number;
      /** Its last audible sample was rendered, or it was complete and never audible. */
      readonly over: boolean;
    }
  /** What a flush stopped. `reply` is the current or next one; 0 if nothing was queued. */
  | {
      readonly type: 'flushed';
      readonly reply: number;
      /** Played since the reply's first audible sample. */
      readonly heardMs: number;
      /** Received, but discarded unheard. */
      readonly discardedMs: number;
      /** From the flush message to the first silent quantum. */
      readonly roundTripMs: number;
    }
  /** The engine's detection, or its reaction, has changed. */
  | ({ readonly type: 'voice' } & VoiceReport)
  /** Once a second. */
  | { readonly type: 'stats'; readonly stats: PlaybackStats };

/** The reply's reaction to speech: none, ducked, or held. */
export type GivingWay = 'none' | 'ducked' | 'held';

export interface VoiceReport {
  /** Speech at the microphone. */
  readonly speaking: boolean;
  readonly givingWay: GivingWay;
  /** The current or next reply; 0 if there is none. */
  readonly reply: number;
}

/** The state of the playback path. Durations in ms of media time; counters since the call began. */
export interface PlaybackStats {
  /** Audio in the jitter buffer. */
  readonly depthMs: number;
  /** The depth that the jitter buffer aims at. */
  readonly targetMs: number;
  /** How often a reply was interrupted because its continuation had not arrived. */
  readonly underruns: number;
  /** Silence played within a reply because its audio had not arrived yet. */
  readonly concealedMs: number;
  /** Silent frames skipped to reduce the delay. */
  readonly droppedSilenceMs: number;
  /** Silence inserted into silence to deepen the buffer inaudibly. */
  readonly insertedSilenceMs: number;
  /** Audio that fitted neither the ring nor the inbox before it. */
  readonly overflowMs: number;
  /** How often speech ducked a reply. */
  readonly ducks: number;
  /** Ducks after which the reply resumed: a back-channel, a cough, or a false alarm. */
  readonly falseDucks: number;
  /** From the onset of speech in the worklet to the latest duck; undefined before the first. */
  readonly onsetToDuckMs: number | undefined;
  /**
   * Level of our own sound in the microphone relative to what is played, after the canceller, dB: an upper bound.
   * Undefined before anything was played.
   */
  readonly echoLeakDb: number | undefined;
  /** How far that exceeds the microphone's noise, dB, mean of the bands; 0 if it is inaudible. */
  readonly echoAboveNoiseDb: number;
  /** How long the present worklet heard our own sound: the basis of the two values above. */
  readonly playedSeconds: number;
  /**
   * From the arrival of a message to its sound at the speaker side of the graph: mean over the last second; undefined
   * before the first.
   */
  readonly playoutDelayMs: number | undefined;
}

/** With values that only the session's side knows. */
export interface AudioStats extends PlaybackStats {
  /** From the first sample of a packet to its message: mean over the last second; undefined before the first. */
  readonly captureDelayMs: number | undefined;
}
