/**
 * The microphone of a call. The device may be unplugged, muted by the system, replaced, or released while it is not
 * needed. At most one track is open at any time: the old one is stopped before the next is requested.
 */
import { VoiceAgentError } from '../errors.js';
import { listMicrophones, watchDevices, type DeviceNews } from './devices.js';
import { openMicrophone, stopMicrophone } from './microphone.js';

/** Systems mute a track briefly when devices change. A longer mute is deliberate. */
const MUTED_MS = 500;
/** No event reports that another program has released a device. */
const RETRY_MS = 3_000;
/**
 * Opening a device may change the list of devices (Bluetooth profiles, iOS). Within this time, only one change is
 * followed.
 */
const QUIET_MS = 10_000;
/** A track that ends this soon after opening, twice in a row, would end again. */
const SHORT_LIFE_MS = 1_000;

/**
 * - `off`: not open, because it is not wanted.
 * - `live`: it delivers sound.
 * - `muted`: the browser, the system or the device mutes it.
 * - `silent`: it has delivered only digital zeros for some seconds.
 * - `lost`: it disappeared, and no other could be opened.
 */
export type MicrophoneStatus = 'off' | 'live' | 'muted' | 'silent' | 'lost';

export interface MicrophoneLineHandlers {
  /** The source to capture from now on; undefined if there is none. */
  changed(stream: MediaStream | undefined): void;
  status(status: MicrophoneStatus): void;
  /** Never fatal: the call continues without a microphone. */
  notice(error: VoiceAgentError): void;
}

type LineState =
  | { readonly phase: 'unopened' }
  /** `again`: the requested device is no longer the wanted one. */
  | { readonly phase: 'opening'; readonly again: boolean }
  | { readonly phase: 'live'; readonly stream: MediaStream; readonly endTrackWatch: () => void }
  /** Released until it is needed. */
  | { readonly phase: 'paused' }
  | { readonly phase: 'lost' }
  | { readonly phase: 'closed' };

export class MicrophoneLine {
  readonly #handlers: MicrophoneLineHandlers;
  #state: LineState = { phase: 'unopened' };
  #status: MicrophoneStatus = 'off';
  #deviceId: string | undefined;
  #wanted = true;
  #ownMute = false;
  #endDeviceWatch: (() => void) | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #muteTimer: ReturnType<typeof setTimeout> | undefined;
  /** The list of devices after the last opening, so that the effects of opening count as known. */
  #known: string | undefined;
  #triedAtMs = -Infinity;
  #shortLives = 0;
  #followedAtMs = -Infinity;

  /** @param deviceId the device to use while it is present */
  constructor(deviceId: string | undefined, handlers: MicrophoneLineHandlers) {
    this.#deviceId = deviceId;
    this.#handlers = handlers;
  }

  /**
   * Requests the microphone synchronously, because some browsers require that inside the click.
   * @throws {VoiceAgentError} `insecure_page`, `unsupported_browser`, `microphone_denied`, `_missing`, `_in_use`,
   * `_failed`
   */
  async open(): Promise<void> {
    const asked = this.#deviceId;
    this.#state = { phase: 'opening', again: false };
    let stream: MediaStream;
    try {
      stream = await openMicrophone(asked);
    } catch (error) {
      this.#leave('opening', { phase: 'unopened' });
      throw error;
    }
    this.#endDeviceWatch = watchDevices((news) => void this.#onDevices(news));
    if (!this.#accept(stream)) {
      // Closed in the meantime: no watcher may remain.
      if (this.#phase === 'closed') this.#endDeviceWatch();
      return;
    }
    if (asked !== this.#deviceId) void this.#reopen('asked');
    else void this.#noteDevices();
  }

  /** Switches to another microphone. */
  choose(deviceId: string | undefined): void {
    if (deviceId === this.#deviceId) return;
    this.#deviceId = deviceId;
    void this.#reopen('asked');
  }

  /** Releases the device or opens it again; the browser's recording indicator follows. */
  pause(paused: boolean): void {
    this.#wanted = !paused;
    const { phase } = this.#state;
    if (paused && (phase === 'live' || phase === 'lost')) this.#rest();
    else if (!paused && phase === 'paused') void this.#reopen('asked');
  }

  /** The page's own mute. Some browsers then mute the track as well, which must not be reported. */
  setOwnMute(muted: boolean): void {
    if (muted === this.#ownMute) return;
    this.#ownMute = muted;
    if (this.#state.phase === 'live') this.#watchMute(this.#state.stream);
  }

  /**
   * The device delivers digital zeros, or sound again.
   * @returns whether that is news: a mute or a lost device explains zeros
   */
  setSilent(silent: boolean): boolean {
    if (silent) return this.#status === 'live' && this.#setStatus('silent');
    if (this.#status === 'silent') this.#setStatus('live');
    return false;
  }

  close(): void {
    this.#endDeviceWatch?.();
    this.#release({ phase: 'closed' });
    this.#setStatus('off');
  }

  /** Nothing is open until the page wants it again. */
  #rest(): void {
    this.#release({ phase: 'paused' });
    this.#setStatus('off');
  }

  // Otherwise the compiler assumes that the phase is unchanged across an await.
  get #phase(): LineState['phase'] {
    return this.#state.phase;
  }

  /** Changes the phase, unless something else has changed it in the meantime. */
  #leave(from: LineState['phase'], to: LineState): void {
    if (this.#state.phase === from) this.#state = to;
  }

  /** @returns whether it is in use now: the call may have ended before the visitor allowed the microphone */
  #accept(stream: MediaStream): boolean {
    if (this.#state.phase !== 'opening') {
      stopMicrophone(stream);
      return false;
    }
    if (!this.#wanted) {
      stopMicrophone(stream);
      this.#rest();
      return false;
    }
    this.#triedAtMs = performance.now();
    this.#state = { phase: 'live', stream, endTrackWatch: this.#watchTrack(stream) };
    this.#handlers.changed(stream);
    this.#watchMute(stream, 0);
    return true;
  }

  // ── its track ───────────────────────────────────────────────────────────────────────────────────────────────────
  #watchTrack(stream: MediaStream): () => void {
    const end = new AbortController();
    const { signal } = end;
    for (const track of stream.getAudioTracks()) {
      track.addEventListener('ended', () => this.#onEnded(), { signal });
      for (const type of ['mute', 'unmute'])
        track.addEventListener(type, () => this.#watchMute(stream), { signal });
    }
    return () => {
      end.abort();
      clearTimeout(this.#muteTimer);
    };
  }

  /**
   * A mute by the address bar, a headset key or the system is the visitor's choice. Show it and leave it: opening the
   * device again would undo it.
   */
  #watchMute(stream: MediaStream, afterMs = MUTED_MS): void {
    clearTimeout(this.#muteTimer);
    const isMuted = (): boolean => stream.getAudioTracks().some(({ muted }) => muted);
    if (!isMuted()) {
      this.#setStatus('live');
      return;
    }
    if (this.#ownMute) return;
    const tell = (): void => {
      if (isMuted() && this.#setStatus('muted'))
        this.#handlers.notice(VoiceAgentError.notice('microphone_muted'));
    };
    if (afterMs === 0) tell();
    else this.#muteTimer = setTimeout(tell, afterMs);
  }

  #onEnded(): void {
    this.#shortLives = performance.now() - this.#triedAtMs < SHORT_LIFE_MS ? this.#shortLives + 1 : 0;
    if (this.#shortLives < 2) {
      void this.#reopen('device');
      return;
    }
    // Opening it again would only end again immediately.
    this.#release({ phase: 'lost' });
    this.#tellLoss();
    this.#retryIn(RETRY_MS);
  }

  // ── the devices of the system ───────────────────────────────────────────────────────────────────────────────────
  async #noteDevices(): Promise<void> {
    this.#known = await listMicrophones(this.#deviceId);
  }

  /** One change causes one opening, and our own opening causes none. */
  async #onDevices(news: DeviceNews): Promise<void> {
    const { phase } = this.#state;
    if (phase === 'lost') {
      const changed = (await listMicrophones(this.#deviceId)) !== this.#known;
      if (this.#phase !== 'lost') return;
      if (changed || news !== 'devices') void this.#reopen('device');
      else this.#retryIn(this.#triedAtMs + RETRY_MS - performance.now());
      return;
    }
    // While a device is being opened, changes are effects of that. The list is read again when it is open.
    if (phase !== 'live') return;
    const found = await listMicrophones(this.#deviceId);
    if (found === undefined || found === this.#known || this.#phase !== 'live') return;
    if (this.#known === undefined) {
      this.#known = found;
      return;
    }
    const waitMs = this.#followedAtMs + QUIET_MS - performance.now();
    if (waitMs > 0) {
      clearTimeout(this.#retryTimer);
      this.#retryTimer = setTimeout(() => void this.#onDevices('devices'), waitMs);
      return;
    }
    this.#followedAtMs = performance.now();
    void this.#reopen('device');
  }

  #retryIn(ms: number): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => void this.#reopen('device'), Math.max(ms, 0));
  }

  // ── another one ─────────────────────────────────────────────────────────────────────────────────────────────────
  /** @param why `asked`: the page requested it and need not be told */
  async #reopen(why: 'asked' | 'device'): Promise<void> {
    const { phase } = this.#state;
    if (phase === 'opening') {
      if (why === 'asked') this.#state = { phase, again: true };
      return;
    }
    if (phase === 'unopened' || phase === 'closed' || !this.#wanted) return;
    this.#release({ phase: 'opening', again: false });
    try {
      const stream = await openMicrophone(this.#deviceId);
      if (this.#isStale()) {
        stopMicrophone(stream);
        this.#state = { phase: 'lost' };
        void this.#reopen(why);
        return;
      }
      if (!this.#accept(stream)) return;
      if (why === 'device') this.#tellChange(stream);
    } catch (error) {
      this.#onRefused(VoiceAgentError.from(error));
    }
    await this.#noteDevices();
  }

  #isStale(): boolean {
    return this.#state.phase === 'opening' && this.#state.again;
  }

  /** Stops the track at once; the browser's recording indicator turns off. */
  #release(next: LineState): void {
    clearTimeout(this.#retryTimer);
    const state = this.#state;
    this.#state = next;
    if (state.phase !== 'live') return;
    state.endTrackWatch();
    stopMicrophone(state.stream);
    this.#handlers.changed(undefined);
  }

  #onRefused(cause: VoiceAgentError): void {
    if (this.#phase !== 'opening') return;
    const again = this.#isStale();
    this.#state = { phase: 'lost' };
    this.#triedAtMs = performance.now();
    if (!this.#wanted) {
      this.#rest();
      return;
    }
    if (again) {
      void this.#reopen('asked');
      return;
    }
    if (cause.code === 'microphone_in_use') this.#retryIn(RETRY_MS);
    this.#tellLoss(cause);
  }

  #tellLoss(cause?: VoiceAgentError): void {
    if (!this.#setStatus('lost')) return;
    const key = cause?.code === 'microphone_denied' ? 'microphone_lost/denied' : 'microphone_lost';
    this.#handlers.notice(VoiceAgentError.notice(key, { cause }));
  }

  #tellChange(stream: MediaStream): void {
    const [track] = stream.getAudioTracks();
    if (!track || track.muted) return;
    const { label: name } = track;
    this.#handlers.notice(
      name
        ? VoiceAgentError.notice('microphone_changed/named', { values: { name } })
        : VoiceAgentError.notice('microphone_changed'),
    );
  }

  /** @returns whether it is news */
  #setStatus(status: MicrophoneStatus): boolean {
    if (status === this.#status) return false;
    this.#status = status;
    this.#handlers.status(status);
    return true;
  }
}
