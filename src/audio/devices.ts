/** What the system says of its sound devices, and when that changes. */

/** Plugging in a headset makes a burst of events, and the list is not always complete at the first. */
const SETTLE_MS = 250;

/**
 * Which microphones there are and which of them opening one would give: a text that changes when that does. By
 * specification the default device is the first of its kind. Ids alone count: a Bluetooth headset changes its labels with
 * its profile, which opening it does.
 * @param wishedId wins over the default one while it is present.
 * @returns undefined where the browser keeps the list to itself.
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

/** What happened: devices came or went, or the page may be allowed again what it was refused. */
export type DeviceNews = 'devices' | 'permission' | 'visible';

/**
 * Calls back when devices came or went, the permission for the microphone changed, or the page was seen again (a phone
 * takes devices from pages in the background).
 * @returns ends the watch.
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
    // Not every browser can be asked about the microphone.
  }
}

/** What systems call a Bluetooth headset in its telephone profile, the only one of its profiles with a microphone. */
const HANDS_FREE = /bluetooth|hands?-?free|airpods|\bhfp\b|\bhsp\b|headset head/i;
/** Telephone profiles carry 8 or 16 kHz (24 or 32 kHz with the newest); no built-in microphone does. */
const HANDS_FREE_MAX_RATE_HZ = 32_000;

/** Whether opening this microphone makes a headset change its profile, which silences its speaker for a moment. */
export function isHandsFree(track: MediaStreamTrack): boolean {
  const { sampleRate } = track.getSettings();
  return HANDS_FREE.test(track.label) || (sampleRate !== undefined && sampleRate <= HANDS_FREE_MAX_RATE_HZ);
}
