/** In `localStorage`, as JSON: `{"microphoneId": …, "speakerId": …}`. */
export const DEVICES_KEY = 'voice-agent-devices';

export interface ChosenDevices {
  readonly microphoneId?: string | undefined;
  readonly speakerId?: string | undefined;
}

/** The visitor's choice from an earlier visit; none if storage is unavailable. */
export function rememberedDevices(): ChosenDevices {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(DEVICES_KEY) ?? '{}');
    if (typeof stored !== 'object' || stored === null) return {};
    const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
    const { microphoneId, speakerId } = stored as Record<string, unknown>;
    return { microphoneId: text(microphoneId), speakerId: text(speakerId) };
  } catch {
    return {};
  }
}

export function rememberDevices(chosen: ChosenDevices): void {
  try {
    localStorage.setItem(DEVICES_KEY, JSON.stringify(chosen));
  } catch {
    // Then the visitor chooses again next time.
  }
}

export function forgetDevices(): void {
  try {
    localStorage.removeItem(DEVICES_KEY);
  } catch {
    // Then nothing could be stored either.
  }
}
