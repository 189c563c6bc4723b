export interface Note {
  readonly frequencyHz: number;
  readonly atMs: number;
  readonly durationMs: number;
}

const ATTACK_MS = 12;

/**
 * Plays notes that fade in and out, one after the other.
 * @param peak Linear, of each; notes that overlap add up.
 * @returns settled when the last one is over.
 */
export function playNotes(context: BaseAudioContext, notes: readonly Note[], peak: number): Promise<void> {
  // A context that was just made may report a time that has passed by the next quantum.
  const start = context.currentTime + 0.03;
  const last = notes.map(({ frequencyHz, atMs, durationMs }) => {
    const [from, to] = [start + atMs / 1000, start + (atMs + durationMs) / 1000];
    const oscillator = new OscillatorNode(context, { frequency: frequencyHz });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(peak, from + ATTACK_MS / 1000);
    gain.gain.linearRampToValueAtTime(0, to);
    oscillator.connect(gain).connect(context.destination);
    oscillator.start(from);
    oscillator.stop(to);
    return new Promise<void>((resolve) => {
      oscillator.onended = () => resolve();
    });
  });
  return Promise.all(last).then(() => undefined);
}

/** Sends a context's sound to a speaker, where the browser can; else it stays at the default one. */
export async function useSpeaker(context: AudioContext, speakerId: string | undefined): Promise<void> {
  if (speakerId && 'setSinkId' in context)
    await (context.setSinkId as (id: string) => Promise<void>)(speakerId).catch(() => undefined);
}
