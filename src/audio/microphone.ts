/** The microphone: how it is asked for, and what a refusal means. */
import { VoiceAgentError } from '../errors.js';

/**
 * Echo cancellation, else the agent hears and interrupts itself. No noise suppression and no gain control: the server
 * does its own, and a second layer costs accuracy. Mono is a wish, since some devices have only stereo.
 */
const CONSTRAINTS: MediaTrackConstraints = {
  echoCancellation: true,
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
  if (!isSecureContext) {
    throw VoiceAgentError.fatal(
      'insecure_page',
      'Browsers give the microphone only to secure pages.',
      'Serve this page over https: or from localhost.',
    );
  }
  const { mediaDevices } = navigator as Partial<Navigator>;
  if (typeof mediaDevices?.getUserMedia !== 'function') {
    throw VoiceAgentError.fatal(
      'unsupported_browser',
      'This browser has no access to a microphone.',
      'Use a current Chrome, Edge, Firefox or Safari.',
    );
  }
  try {
    // A bare id is a wish: a headset that was left at home must not keep anybody from calling.
    return await mediaDevices.getUserMedia({ audio: deviceId ? { ...CONSTRAINTS, deviceId } : CONSTRAINTS });
  } catch (error) {
    throw microphoneError(error);
  }
}

export function stopMicrophone(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** Names of DOMException as getUserMedia throws them, some of them old. */
function microphoneError(error: unknown): VoiceAgentError {
  const name = error instanceof Error ? error.name : '';
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
    case 'PermissionDeniedError':
      return isAllowedHere()
        ? VoiceAgentError.fatal(
            'microphone_denied',
            'The microphone was not allowed.',
            'Allow it in the browser’s address bar or site settings.',
            error,
          )
        : VoiceAgentError.fatal(
            'microphone_denied',
            'This frame may not use the microphone.',
            'The page around it has to say <iframe allow="microphone">.',
            error,
          );
    case 'NotFoundError':
    case 'OverconstrainedError':
    case 'DevicesNotFoundError':
      return VoiceAgentError.fatal(
        'microphone_missing',
        'No microphone was found.',
        'Connect one, or choose one in the system’s sound settings.',
        error,
      );
    case 'NotReadableError':
    case 'AbortError':
    case 'TrackStartError':
      return VoiceAgentError.fatal(
        'microphone_in_use',
        'The microphone could not be opened.',
        'Close other programs that use it.',
        error,
      );
    default:
      return VoiceAgentError.fatal(
        'microphone_failed',
        `The microphone could not be opened (${name || 'unknown reason'}).`,
        'Check the system’s sound settings.',
        error,
      );
  }
}

/** Chromium tells whether the embedding page delegates the microphone; elsewhere the answer is always yes. */
function isAllowedHere(): boolean {
  const policy = (document as Document & { featurePolicy?: { allowsFeature(name: string): boolean } })
    .featurePolicy;
  return policy?.allowsFeature('microphone') ?? true;
}
