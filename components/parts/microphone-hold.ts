/** Shorter than any word. A tap keeps the microphone open until the next tap, for people who cannot hold a button. */
const TAP_MS = 250;

export interface MicrophoneHold {
  readonly press: () => void;
  /** @returns whether something was held */
  readonly release: () => boolean;
  /** Does not change the microphone. */
  readonly forget: () => void;
}

/** Opens a microphone while a button or key is held. */
export function microphoneHold(call: { muted: boolean }): MicrophoneHold {
  let pressedAtMs: number | undefined;
  let wasOpen = false;
  const forget = (): void => (pressedAtMs = undefined);
  return {
    press() {
      pressedAtMs = performance.now();
      wasOpen = !call.muted;
      call.muted = false;
    },
    release() {
      if (pressedAtMs === undefined) return false;
      const isTap = performance.now() - pressedAtMs < TAP_MS;
      forget();
      call.muted = wasOpen || !isTap;
      return true;
    },
    forget,
  };
}
