/** The system's audio devices and their changes. */

/** Plugging in a headset causes a burst of events, and the first list is not always complete. */
const SETTLE_MS = 250;

/**
 * A fingerprint of the available microphones and of the one that would be opened: it changes when those do. By
 * specification the default device is the first of its kind. Only ids count: opening a Bluetooth headset changes its
 * profile and with it its labels.
 * @param wishedId overrides the default device while it is present
 * @returns undefined if the browser hides the list
 */
export async function listMicrophones(wishedId?: string): Promise<string | undefined> {
  try {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const microphones = devices.filter(({ kind }) => kind === 'audioinput');
    const found = microphones.find(({ deviceId }) => deviceId === wishedId) ?? microphones[0];
    return found ? `${found.deviceId} ${found.groupId}` : '';
  } catch {
    return undefined;
  }
}

/** What happened: devices came or went, or a refused permission may have been granted. */
export type DeviceNews = 'devices' | 'permission' | 'visible';

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
    if (signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(() => onChange(news), SETTLE_MS);
  };
  const { mediaDevices } = navigator as Partial<Navigator>;
  mediaDevices?.addEventListener('devicechange', () => soon('devices'), { signal });
  document.addEventListener(
    'visibilitychange',
    () => document.visibilityState === 'visible' && soon('visible'),
    { signal },
  );
  void watchPermission(() => soon('permission'), signal);
  return () => {
    end.abort();
    clearTimeout(timer);
  };
}

async function watchPermission(onChange: () => void, signal: AbortSignal): Promise<void> {
  try {
    const permission = await navigator.permissions.query({ name: 'microphone' });
    if (!signal.aborted) permission.addEventListener('change', onChange, { signal });
  } catch {
    // Not every browser supports the microphone permission.
  }
}

/** How systems name a Bluetooth headset in its telephone profile, the only profile with a microphone. */
const HANDS_FREE = /bluetooth|hands?-?free|airpods|\bhfp\b|\bhsp\b|headset head/i;
/** Telephone profiles have 8 or 16 kHz (24 or 32 kHz with the newest); no built-in microphone does. */
const HANDS_FREE_MAX_RATE_HZ = 32_000;

/** Whether opening this microphone makes a headset change its profile, which silences its speaker briefly. */
export function isHandsFree(track: MediaStreamTrack): boolean {
  const { sampleRate } = track.getSettings();
  return HANDS_FREE.test(track.label) || (sampleRate !== undefined && sampleRate <= HANDS_FREE_MAX_RATE_HZ);
}
