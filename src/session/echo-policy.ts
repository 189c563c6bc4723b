/**
 * What to do about our own sound in the microphone. The browser's canceller removes most of it. The service takes the
 * rest for a user who interrupts. A table, without clock or effects.
 */
import type { TurnDetection } from '../protocol/messages.js';

/** The engine's measurements so far. */
export interface EchoReport {
  /** How long our own sound was heard in this call. */
  readonly playedSeconds: number;
  /** How far it exceeds the microphone's noise, dB; the mean of the bands. */
  readonly echoAboveNoiseDb: number;
  /** Upper bound of our own sound in the microphone relative to what is played, dB. In noise, it is the noise. */
  readonly echoLeakDb: number | undefined;
}

/** `none`: a headset, or a canceller that leaves nothing, without noise; `high`: the service hears our own sound. */
export type EchoLevel = 'unknown' | 'none' | 'some' | 'high';

export interface EchoMeasures {
  /** Attenuation of our own sound, dB. */
  readonly gainDb: number;
  /** Whether the microphone is attenuated while it may deliver our own sound. */
  readonly guarded: boolean;
  /** Settings for the service; those that the page has set are left alone. */
  readonly turnDetection: TurnDetection;
}

/** Before that, neither the canceller nor the measurement has settled. */
const KNOWN_SECONDS = 3;
const SETTLED_SECONDS = 6;
/** Once settled; before, higher by this for each second. For rooms: `npm run room`. */
const HIGH_DB = 10;
const UNSETTLED_DB = 10 / 3;
/** Hysteresis: `high` remains until the value is lower by this. */
const HYSTERESIS_DB = 2;
const NONE_DB = 4.5;
/** In the quiet rooms of `npm run room` the bound is −37 … −55 dB, in a car −23 … −28 dB. */
const BOUNDED_DB = -35;
const TURNED_DOWN_DB = -6;

/** @param before the previous assessment */
export function echoLevel(
  before: EchoLevel,
  { playedSeconds, echoAboveNoiseDb, echoLeakDb = 0 }: EchoReport,
): EchoLevel {
  if (playedSeconds < KNOWN_SECONDS) return before;
  const wasHigh = before === 'high';
  // When turned down, our own sound exceeds the noise by that much less without leaking less.
  const aboveDb = wasHigh ? echoAboveNoiseDb - TURNED_DOWN_DB + HYSTERESIS_DB : echoAboveNoiseDb;
  if (aboveDb >= HIGH_DB + UNSETTLED_DB * Math.max(0, SETTLED_SECONDS - playedSeconds)) return 'high';
  // Frequent changes would be audible, so in between the previous assessment stays.
  const wasNone = before === 'none';
  // Noise, in a car for instance, hides an echo from this measurement but not from the service.
  const isBounded = echoLeakDb < (wasNone ? BOUNDED_DB + HYSTERESIS_DB : BOUNDED_DB);
  return isBounded && (wasNone || aboveDb < NONE_DB) ? 'none' : 'some';
}

/**
 * @param usualDelayMs the service's own `interruption_delay`. Its default threshold is not documented: the middle of the
 * range.
 */
export function echoMeasures(level: EchoLevel, usualDelayMs: number): EchoMeasures {
  if (level === 'high')
    return {
      gainDb: TURNED_DOWN_DB,
      guarded: true,
      turnDetection: { interruption_delay: 800, vad_threshold: 0.8 },
    };
  // If there is no echo, only the user can interrupt, so react sooner.
  const isNone = level === 'none';
  const interruption_delay = isNone ? Math.min(250, usualDelayMs) : usualDelayMs;
  // Most interruptions by an echo come before the canceller has settled, while the level is unknown.
  return { gainDb: 0, guarded: !isNone, turnDetection: { interruption_delay, vad_threshold: 0.5 } };
}
