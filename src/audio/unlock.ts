/** Starts an AudioContext: browsers allow it only after a gesture or while the page captures audio. */
import { VoiceAgentError } from '../errors.js';

/** The gestures that allow audio. */
export const GESTURES = ['pointerdown', 'pointerup', 'keydown', 'touchend'] as const;

/** A context that may run does so within tens of milliseconds; a Bluetooth headset needs about a second to wake up. */
const RUNNING_MS = 4_000;

/**
 * A gesture in the meantime helps.
 * @throws {VoiceAgentError} `audio_blocked` if the context does not run in time
 */
export async function untilRunning(context: AudioContext, timeoutMs = RUNNING_MS): Promise<void> {
  if (context.state === 'running') return;
  const end = new AbortController();
  const { signal } = end;
  await new Promise<void>((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      end.abort();
      outcome();
    };
    // Do not trust its promise: it may stay pending until a click, or reject although the context runs.
    const resume = (): void => void context.resume().then(check, check);
    const check = (): void => {
      if (context.state === 'running') settle(resolve);
    };
    const timer = setTimeout(() => settle(() => reject(blocked())), timeoutMs);
    context.addEventListener('statechange', check, { signal });
    for (const gesture of GESTURES)
      document.addEventListener(gesture, resume, { signal, capture: true, passive: true });
    resume();
  });
}

function blocked(): VoiceAgentError {
  return VoiceAgentError.fatal('audio_blocked');
}
