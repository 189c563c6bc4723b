/** Requests the microphone and interprets refusals. */
import type { ErrorKey } from '../error-catalogue.js';
import { VoiceAgentError } from '../errors.js';

/**
 * Echo cancellation, else the agent hears and interrupts itself. `all` cancels everything that the system plays, not
 * only this page; browsers that do not know the value treat it as true. No noise suppression or gain control: the
 * server has its own, and a second layer costs accuracy. Mono is only a preference, because some devices have only
 * stereo.
 */
const CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: 'all',
  noiseSuppression: false,
  autoGainControl: false,
  channelCount: { ideal: 1 },
};

/**
 * Requests a microphone.
 * @param deviceId the preferred one; default: the system's
 * @throws {VoiceAgentError} `insecure_page`, `unsupported_browser`, `microphone_denied`, `_missing`, `_in_use`,
 * `_failed`
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
    // Chromium may ignore an id that is not `exact`.
    if (deviceId)
      return await mediaDevices.getUserMedia({ audio: { ...CONSTRAINTS, deviceId: { exact: deviceId } } });
  } catch (error) {
    // A missing headset must not prevent the call.
    if ((error as DOMException).name !== 'OverconstrainedError') throw microphoneError(error);
  }
  try {
    return await mediaDevices.getUserMedia({ audio: CONSTRAINTS });
  } catch (error) {
    throw microphoneError(error);
  }
}

/** Whether the browser will refuse without a prompt. False if unknown. */
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

/** By the names of the DOMExceptions that getUserMedia throws. */
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

/** The place to allow the microphone depends on the browser. */
function deniedKey(error: Error): ErrorKey {
  const { userAgent } = navigator;
  if (isAllowedHere() === false) return 'microphone_denied/frame';
  if (error.message.includes('system')) return 'microphone_denied/system';
  if (userAgent.includes('Firefox')) return 'microphone_denied/firefox';
  return userAgent.includes('Chrome') ? 'microphone_denied/chrome' : 'microphone_denied/other';
}

/** Only Chromium reports whether the embedding page delegates the microphone to this frame. */
function isAllowedHere(): boolean | undefined {
  const policy = (document as Document & { featurePolicy?: { allowsFeature(name: string): boolean } })
    .featurePolicy;
  return policy ? policy.allowsFeature('microphone') : window === top || undefined;
}
