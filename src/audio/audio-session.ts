/** The types of the Audio Session API (W3C Audio Session, §3.1) that are used here. */
type AudioSessionType = 'auto' | 'playback' | 'play-and-record';

/**
 * Tells the system the purpose of the page's audio, where supported (Safari). A conversation may use the microphone
 * and the echo canceller; answers to typed messages are not silenced by an iPhone's ring switch.
 * @returns a function that restores the page's value
 */
export function claimAudioSession(type: AudioSessionType): () => void {
  const { audioSession } = navigator as { audioSession?: { type: string } };
  if (!audioSession) return () => undefined;
  const before = audioSession.type;
  audioSession.type = type;
  return () => {
    // If the page has changed it during the call, keep the page's value.
    if (audioSession.type === type) audioSession.type = before;
  };
}
