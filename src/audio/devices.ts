/** The system's audio devices and their changes. */

/** Plugging in a headset causes a burst of events, and the first list is not always complete. */
const SETTLE_MS = 250;

/** @returns undefined if the browser hides the list */
export async function listDevices(kind: MediaDeviceKind): Promise<MediaDeviceInfo[] | undefined> {
  try {
    return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.kind === kind);
  } catch {
    return undefined;
  }
}

/**
 * What happened: devices came or went, or something else after which a microphone may be available again (a permission
 * that was granted, a page that became visible).
 */
export type DeviceNews = 'devices' | 'chance';

/**
 * Calls back when devices came or went, the microphone permission changed, or the page became visible (phones take
 * devices from pages in the background).
 * @returns a function that ends the watch
 */
export function watchDevices(onChange: (news: DeviceNews) => void): () => void {
  const end = new AbortController();
  const { signal } = end;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (news: DeviceNews): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!signal.aborted) onChange(news);
    }, SETTLE_MS);
  };
  const { mediaDevices } = navigator as Partial<Navigator>;
  mediaDevices?.addEventListener('devicechange', () => soon('devices'), { signal });
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'visible' && soon('chance'),
    { signal },
  );
  void microphonePermission().then((permission) =>
    permission?.addEventListener('change', () => soon('chance'), { signal }),
  );
  return () => end.abort();
}

let lastKnown: PermissionStatus | undefined;

/** @internal @returns undefined in a browser that does not tell */
export async function microphonePermission(): Promise<PermissionStatus | undefined> {
  try {
    lastKnown = await navigator.permissions.query({ name: 'microphone' });
  } catch {
    // It does not tell.
  }
  return lastKnown;
}

/** The last answer of `microphonePermission()`, without waiting for another one. */
export function isMicrophoneAllowed(): boolean {
  return lastKnown?.state === 'granted';
}

/** How systems name a Bluetooth headset in its telephone profile, the only profile with a microphone. */
const HANDS_FREE = /bluetooth|hands?-?free|airpods|\bhfp\b|\bhsp\b|headset head/i;
/** Telephone profiles have 8 or 16 kHz (24 or 32 kHz with the newest); no built-in microphone does. */
const HANDS_FREE_MAX_RATE_HZ = 32_000;

/** Whether opening this microphone makes a headset change its profile, which silences its speaker briefly. */
export function isHandsFree(track: MediaStreamTrack): boolean {
  const { sampleRate } = track.getSettings();
  // Not every browser tells the rate.
  return HANDS_FREE.test(track.label) || (sampleRate ?? Infinity) <= HANDS_FREE_MAX_RATE_HZ;
}
