export interface Note {
  readonly frequencyHz: number;
  readonly atMs: number;
  readonly durationMs: number;
}

const ATTACK_MS = 12;

/**
 * Plays notes that fade in and out, one after another.
 * @param peak Linear, for each note; overlapping notes add up.
 * @returns a promise that settles after the last note
 */
export function playNotes(context: BaseAudioContext, notes: readonly Note[], peak: number): Promise<void> {
  // The time that a new context reports may already be in the past.
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

/** Plays a context's audio on a speaker if the browser supports that; otherwise on the default one. */
export async function useSpeaker(context: AudioContext, speakerId: string | undefined): Promise<void> {
  if (speakerId && 'setSinkId' in context)
    await (context.setSinkId as (id: string) => Promise<void>)(speakerId).catch(() => undefined);
}
