/** The kinds of sound that the Audio Session API tells apart (W3C Audio Session, §3.1); those used here. */
type AudioSessionType = 'auto' | 'playback' | 'play-and-record';

/**
 * Tells the system what the page's sound is for, where it can be told (Safari): a conversation may use the microphone and
 * the echo canceller; answers to typed messages are not silenced by an iPhone's ring switch.
 * @returns puts back what the page had set.
 */
export function claimAudioSession(type: AudioSessionType): () => void {
  const { audioSession } = navigator as { audioSession?: { type: string } };
  if (!audioSession) return () => undefined;
  const before = audioSession.type;
  audioSession.type = type;
  return () => {
    // A page that has changed it in mid-call has had the last word.
    if (audioSession.type === type) audioSession.type = before;
  };
}
