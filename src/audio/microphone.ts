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

export function stopMicrophone(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** By the names of DOMException that getUserMedia throws. */
function microphoneError(error: unknown): VoiceAgentError {
  const { name } = error as DOMException;
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return isAllowedHere() !== false
        ? VoiceAgentError.fatal(
            'microphone_denied',
            'The microphone was not allowed.',
            isAllowedHere()
              ? howToAllow(error as DOMException)
              : andAround(howToAllow(error as DOMException)),
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
      return VoiceAgentError.fatal(
        'microphone_missing',
        'No microphone was found.',
        'Connect one, or choose one in the system’s sound settings.',
        error,
      );
    case 'NotReadableError':
    case 'AbortError':
      return VoiceAgentError.fatal(
        'microphone_in_use',
        'The microphone could not be opened.',
        'Close other programs that use it.',
        error,
      );
    default:
      return VoiceAgentError.fatal(
        'microphone_failed',
        `The microphone could not be opened (${name}).`,
        'Check the system’s sound settings.',
        error,
      );
  }
}

/** Where the microphone is allowed, in the browser at hand. */
function howToAllow(error: Error): string {
  const { userAgent } = navigator;
  if (error.message.includes('system')) return 'Allow it for the browser in the system’s privacy settings.';
  if (userAgent.includes('Firefox'))
    return 'Click the crossed-out microphone beside the address and remove the block.';
  if (/Chrome/.test(userAgent))
    return 'Click the icon at the start of the address and switch the microphone on.';
  return 'Open the page’s settings in the address bar and allow the microphone.';
}

/** For whoever made the page: readers in other languages are not told. */
function andAround(hint: string): string {
  return `${hint} (A page around this frame has to say <iframe allow="microphone">.)`;
}

/** Chromium tells whether the embedding page delegates the microphone; elsewhere nobody knows that of a frame. */
function isAllowedHere(): boolean | undefined {
  const policy = (document as Document & { featurePolicy?: { allowsFeature(name: string): boolean } })
    .featurePolicy;
  return policy ? policy.allowsFeature('microphone') : window === top || undefined;
}
