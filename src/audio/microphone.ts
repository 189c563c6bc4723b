/** Requests the microphone and interprets refusals. */
import type { ErrorKey } from '../error-catalogue.js';
import { VoiceAgentError } from '../errors.js';
import { microphonePermission } from './devices.js';

/**
 * Echo cancellation, else the agent hears and interrupts itself. `all` cancels everything that the system plays, not
 * only this page; browsers that do not know the value treat it as true. No noise suppression or gain control: the
 * server has its own, and a second layer costs accuracy. Mono is only a preference, as every bare value is, because
 * some devices have only stereo.
 */
const CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: 'all',
  noiseSuppression: false,
  autoGainControl: false,
  channelCount: 1,
};

/** By the names of the DOMExceptions that getUserMedia throws. */
const REFUSALS: Readonly<Record<string, ErrorKey>> = {
  NotFoundError: 'microphone_missing',
  OverconstrainedError: 'microphone_missing',
  NotReadableError: 'microphone_in_use',
  AbortError: 'microphone_in_use',
};

/**
 * Requests a microphone.
 * @param deviceId the preferred one; default: the system's
 * @throws {VoiceAgentError} `unsupported_browser`, `microphone_denied`, `_missing`, `_in_use`, `_failed`
 */
export async function openMicrophone(deviceId?: string): Promise<MediaStream> {
  const { mediaDevices } = navigator as Partial<Navigator>;
  if (!mediaDevices?.getUserMedia) throw VoiceAgentError.fatal('unsupported_browser');
  try {
    // Chromium may ignore an id that is not `exact`.
    return await mediaDevices.getUserMedia({
      audio: deviceId ? { ...CONSTRAINTS, deviceId: { exact: deviceId } } : CONSTRAINTS,
    });
  } catch (cause) {
    const { name, message } = cause as DOMException;
    // A missing headset must not prevent the call.
    if (deviceId && name === 'OverconstrainedError') return openMicrophone();
    const isDenied = name === 'NotAllowedError' || name === 'SecurityError';
    const key = isDenied ? await deniedKey(message) : (REFUSALS[name] ?? 'microphone_failed');
    throw VoiceAgentError.fatal(key, { values: { name }, cause });
  }
}

export function stopMicrophone(stream: MediaStream | undefined): void {
  for (const track of stream?.getTracks() ?? []) track.stop();
}

/**
 * @internal Why the microphone was refused, and so where to allow it, which depends on the browser.
 * @param message of the browser's error
 */
export async function deniedKey(message: string): Promise<ErrorKey> {
  const { userAgent } = navigator;
  if (!isAllowedHere()) return 'microphone_denied/frame';
  if (message.includes('system')) return 'microphone_denied/system';
  // There, a prompt that is closed stays open, and every refusal lasts.
  if (userAgent.includes('Firefox')) return 'microphone_denied/firefox';
  if ((await microphonePermission())?.state === 'prompt') return 'microphone_denied/dismissed';
  return userAgent.includes('Chrome') ? 'microphone_denied/chrome' : 'microphone_denied/other';
}

/**
 * False in a sandbox without an origin, and if the embedding page does not delegate the microphone to this frame, which
 * only Chromium reports.
 */
function isAllowedHere(): boolean {
  if (globalThis.origin === 'null') return false;
  const { featurePolicy } = document as { featurePolicy?: { allowsFeature(name: string): boolean } };
  return featurePolicy?.allowsFeature('microphone') ?? true;
}
