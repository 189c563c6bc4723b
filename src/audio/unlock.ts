/**
 * Gets an AudioContext running and keeps it so. Browsers start it only after a gesture or while the page captures
 * sound; iOS takes it away for a phone call (`interrupted`, a state of its own); `resume()` may pend for ever.
 */
import { VoiceAgentError } from '../errors.js';

/** A context that may run does so within tens of milliseconds; a Bluetooth headset needs about a second to wake. */
const RUNNING_MS = 4_000;
const GESTURES = ['pointerdown', 'pointerup', 'keydown', 'touchend'] as const;

/**
 * @throws {VoiceAgentError} `audio_blocked` when the context does not run in time.
 */
export async function untilRunning(context: AudioContext, timeoutMs = RUNNING_MS): Promise<void> {
  if (context.state === 'running') return;
  await new Promise<void>((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      clearTimeout(timer);
      context.removeEventListener('statechange', check);
      outcome();
    };
    const check = (): void => {
      if (context.state === 'running') settle(resolve);
    };
    const timer = setTimeout(() => settle(() => reject(blocked())), timeoutMs);
    context.addEventListener('statechange', check);
    // Its own promise is not to be trusted: it may pend until a click, or reject and run all the same.
    context.resume().then(check, check);
  });
}

/**
 * Resumes the context whenever it falls out of `running`: at once, at the next gesture, and when the page comes back.
 * @param onChange told when sound stops being possible and when it is back.
 * @returns ends the watch.
 */
export function keepRunning(context: AudioContext, onChange: (running: boolean) => void): () => void {
  const end = new AbortController();
  const { signal } = end;
  let wasRunning = context.state === 'running';
  const resume = (): void => {
    if (context.state !== 'running' && context.state !== 'closed') context.resume().catch(() => undefined);
  };
  context.addEventListener(
    'statechange',
    () => {
      const running = context.state === 'running';
      if (running !== wasRunning) onChange(running);
      wasRunning = running;
      resume();
    },
    { signal },
  );
  for (const gesture of GESTURES)
    document.addEventListener(gesture, resume, { signal, capture: true, passive: true });
  document.addEventListener('visibilitychange', resume, { signal });
  window.addEventListener('pageshow', resume, { signal });
  return () => end.abort();
}

function blocked(): VoiceAgentError {
  return VoiceAgentError.fatal(
    'audio_blocked',
    'The browser did not let the page play sound.',
    'Call start() from a click or a key press, and check that a sound output is connected.',
  );
}
