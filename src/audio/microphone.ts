/** The microphone: how it is asked for, and what a refusal means. */
import type { ErrorKey } from '../error-catalogue.js';
import { VoiceAgentError } from '../errors.js';

/**
 * Echo cancellation, else the agent hears and interrupts itself. `all` cancels what the whole system plays, not this page
 * alone; browsers that do not know the word read it as true. No noise suppression and no gain control: the server
 * does its own, and a second layer costs accuracy. Mono is a wish, since some devices have only stereo.
 */
const CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: 'all',
  noiseSuppression: false,
  autoGainControl: false,
  channelCount: { ideal: 1 },
};

/**
 * Asks for a microphone.
 * @param deviceId the one to have, where it is there; the system's default one otherwise.
 * @throws {VoiceAgentError} `insecure_page`, `unsupported_browser`, `microphone_denied`, `_missing`, `_in_use`, `_failed`
 */
export async function openMicrophone(deviceId?: string): Promise<MediaStream> {
  if (!globalThis.isSecureContext) {
    throw VoiceAgentError.fatal('insecure_page');
  }
  const { mediaDevices } = navigator as Partial<Navigator>;
  if (typeof mediaDevices?.getUserMedia !== 'function') {
    throw VoiceAgentError.fatal('unsupported_browser');
  }
  try {
    // Chromium may overlook an id that is only wished for.
    if (deviceId)
      return await mediaDevices.getUserMedia({ audio: { ...CONSTRAINTS, deviceId: { exact: deviceId } } });
  } catch (error) {
    // A headset that was left at home must not keep anybody from calling.
    if ((error as DOMException).name !== 'OverconstrainedError') throw microphoneError(error);
  }
  try {
    return await mediaDevices.getUserMedia({ audio: CONSTRAINTS });
  } catch (error) {
    throw microphoneError(error);
  }
}

/** The browser will not ask. False where it does not say. */
export async function isMicrophoneGranted(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: 'microphone' })).state === 'granted';
  } catch {
    return false;
  }
}

export function stopMicrophone(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** By the names of DOMException that getUserMedia throws. */
function microphoneError(error: unknown): VoiceAgentError {
  const { name } = error as DOMException;
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return VoiceAgentError.fatal(deniedKey(error as DOMException), { cause: error });
    case 'NotFoundError':
    case 'OverconstrainedError':
      return VoiceAgentError.fatal('microphone_missing', { cause: error });
    case 'NotReadableError':
    case 'AbortError':
      return VoiceAgentError.fatal('microphone_in_use', { cause: error });
    default:
      return VoiceAgentError.fatal('microphone_failed', { values: { name }, cause: error });
  }
}

/** Where the microphone is allowed depends on the browser. */
function deniedKey(error: Error): ErrorKey {
  const { userAgent } = navigator;
  if (isAllowedHere() === false) return 'microphone_denied/frame';
  if (error.message.includes('system')) return 'microphone_denied/system';
  if (userAgent.includes('Firefox')) return 'microphone_denied/firefox';
  return userAgent.includes('Chrome') ? 'microphone_denied/chrome' : 'microphone_denied/other';
}

/** Chromium tells whether the embedding page delegates the microphone; elsewhere nobody knows that of a frame. */
function isAllowedHere(): boolean | undefined {
  const policy = (document as Document & { featurePolicy?: { allowsFeature(name: string): boolean } })
    .featurePolicy;
  return policy ? policy.allowsFeature('microphone') : window === top || undefined;
}
