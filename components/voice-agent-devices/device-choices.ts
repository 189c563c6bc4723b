import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { microphonePermission } from '../../src/index.js';

export interface DeviceChoice {
  readonly id: string;
  readonly label: string;
}

/** Chromium lists its default devices twice, once with these ids. */
const STAND_INS = ['default', 'communications', ''];

/** The audio devices and whether their names are available, kept up to date while the host is in the page. */
export class DeviceChoices implements ReactiveController {
  microphones: readonly DeviceChoice[] = [];
  speakers: readonly DeviceChoice[] = [];
  /** Browsers hide names and ids until the microphone was allowed. */
  named = false;
  /** There is at least one microphone, named or not. */
  present = false;
  /** The list was read at least once. */
  known = false;
  denied = false;
  readonly #host: ReactiveControllerHost;
  readonly #onAllowed: () => void;
  #watch: AbortController | undefined;
  #request = 0;

  /** @param onAllowed The visitor has changed the permission, and the microphone is allowed now. */
  constructor(host: ReactiveControllerHost, onAllowed: () => void) {
    this.#onAllowed = onAllowed;
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    this.#watch = new AbortController();
    const { signal } = this.#watch;
    const devices = (navigator as Partial<Navigator>).mediaDevices;
    devices?.addEventListener('devicechange', () => void this.refresh(), { signal });
    // Phones do not report changes that happened in the background.
    document.addEventListener('visibilitychange', () => void this.refresh(), { signal });
    void this.#watchPermission(signal);
    void this.refresh();
  }

  hostDisconnected(): void {
    this.#watch?.abort();
  }

  async refresh(): Promise<void> {
    const request = ++this.#request;
    const found = await (navigator as Partial<Navigator>).mediaDevices?.enumerateDevices().catch(() => []);
    // An older list may arrive after a newer one.
    if (request !== this.#request) return;
    const all = found ?? [];
    const choices = (kind: MediaDeviceKind): DeviceChoice[] =>
      all
        .filter((device) => device.kind === kind && !STAND_INS.includes(device.deviceId))
        .map(({ deviceId, label }) => ({ id: deviceId, label }));
    this.microphones = choices('audioinput');
    this.speakers = choices('audiooutput');
    this.present = all.some(({ kind }) => kind === 'audioinput');
    this.named = all.some(({ kind, label }) => kind === 'audioinput' && label !== '');
    this.known = true;
    this.#host.requestUpdate();
  }

  async #watchPermission(signal: AbortSignal): Promise<void> {
    const permission = await microphonePermission();
    // In a browser that does not tell, a refusal shows when the button is pressed.
    if (!permission) return;
    const read = (): void => {
      this.denied = permission.state === 'denied';
      void this.refresh();
    };
    const onChange = (): void => {
      if (permission.state === 'granted') this.#onAllowed();
      read();
    };
    if (!signal.aborted) permission.addEventListener('change', onChange, { signal });
    read();
  }
}
