/**
 * The microphone of a call. The device may be unplugged, muted by the system, replaced, or released while it is not
 * needed. At most one track is open at any time: the old one is stopped before the next is requested.
 */
import type { ErrorKey } from '../error-catalogue.js';
import { VoiceAgentError, type ErrorDetails } from '../errors.js';
import { listDevices, type DeviceNews } from './devices.js';
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

export interface MicrophoneSettings {
  /** The device to use while it is present; default: the system's. */
  readonly microphoneId?: string | undefined;
  /** Muted by the page itself. Some browsers then mute the track as well, which must not be reported. */
  readonly muted?: boolean | undefined;
  /** Close the microphone while muted. */
  readonly releaseMicrophone?: boolean | undefined;
}

export interface MicrophoneLineHandlers {
  /** The source to capture from now on; undefined if there is none. */
  changed(stream: MediaStream | undefined): void;
  status(status: MicrophoneStatus): void;
  /** The call continues, without a microphone if need be. */
  notice(key: ErrorKey, details?: ErrorDetails): void;
}

type LineState =
  /** `closed`: before it is opened, and after the call. */
  | { readonly phase: 'closed' | 'opening' | 'lost' }
  | { readonly phase: 'live'; readonly stream: MediaStream; readonly end: AbortController }
  /** Released until it is needed. */
  | { readonly phase: 'paused' };

/** `asked`: the page requested it and need not be told. */
type Reason = 'first' | 'asked' | 'device';

export class MicrophoneLine {
  readonly #handlers: MicrophoneLineHandlers;
  #state: LineState = { phase: 'closed' };
  #status: MicrophoneStatus = 'off';
  #deviceId: string | undefined;
  #wanted = true;
  #ownMute = false;
  /** The device that is being opened is no longer the chosen one. */
  #again = false;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #muteTimer: ReturnType<typeof setTimeout> | undefined;
  /** The devices after the last opening, so that the effects of opening count as known. */
  #known: string | undefined;
  #triedAtMs = -Infinity;
  #shortLives = 0;
  #followedAtMs = -Infinity;

  constructor(handlers: MicrophoneLineHandlers) {
    this.#handlers = handlers;
  }

  /**
   * Requests the microphone synchronously, because some browsers require that inside the click.
   * @throws {VoiceAgentError} `unsupported_browser`, `microphone_denied`, `_missing`, `_in_use`, `_failed`
   */
  open(): Promise<void> {
    return this.#request('first');
  }

  /** Switches to another microphone; releases the device or opens it again, and the browser's recording indicator follows. */
  set({ microphoneId, muted = false, releaseMicrophone }: MicrophoneSettings): void {
    const isOther = microphoneId !== this.#deviceId;
    const isMuteNew = muted !== this.#ownMute;
    this.#deviceId = microphoneId;
    this.#ownMute = muted;
    this.#wanted = !(muted && releaseMicrophone);
    const state = this.#state;
    if (!this.#wanted && (state.phase === 'live' || state.phase === 'lost')) this.#leave('paused');
    else if (isOther || state.phase === 'paused') this.#reopen('asked');
    else if (isMuteNew && state.phase === 'live') this.#watchMute(state.stream);
  }

  /** The device delivers digital zeros, or sound again. A mute or a lost device explains zeros. */
  setSilent(silent: boolean): void {
    if (this.#status !== (silent ? 'live' : 'silent')) return;
    this.#setStatus(silent ? 'silent' : 'live');
    if (silent) this.#handlers.notice('microphone_silent');
  }

  close(): void {
    this.#leave('closed');
  }

  /** Nothing is open, because it is not wanted. */
  #leave(phase: 'paused' | 'closed'): void {
    this.#release({ phase });
    this.#setStatus('off');
  }

  // ── its track ───────────────────────────────────────────────────────────────────────────────────────────────────
  /**
   * A mute by the address bar, a headset key or the system is the visitor's choice. Show it and leave it: opening the
   * device again would undo it.
   */
  #watchMute(stream: MediaStream, afterMs = MUTED_MS): void {
    clearTimeout(this.#muteTimer);
    const isMuted = (): boolean => stream.getAudioTracks().some(({ muted }) => muted);
    const tell = (): void => {
      if (isMuted() && this.#setStatus('muted')) this.#handlers.notice('microphone_muted');
    };
    if (!isMuted()) this.#setStatus('live');
    else if (!this.#ownMute && afterMs === 0) tell();
    else if (!this.#ownMute) this.#muteTimer = setTimeout(tell, afterMs);
  }

  #onEnded(): void {
    this.#shortLives = performance.now() - this.#triedAtMs < SHORT_LIFE_MS ? this.#shortLives + 1 : 0;
    if (this.#shortLives < 2) {
      this.#reopen('device');
      return;
    }
    // Opening it again would only end again immediately.
    this.#release({ phase: 'lost' });
    this.#tellLoss();
    this.#retryIn(RETRY_MS);
  }

  // ── the devices of the system ───────────────────────────────────────────────────────────────────────────────────
  /** One change causes one opening, and our own opening causes none. */
  async devicesChanged(news: DeviceNews): Promise<void> {
    const { phase } = this.#state;
    // While a device is being opened, changes are effects of that. The list is read again when it is open.
    if (phase !== 'live' && phase !== 'lost') return;
    const found = await this.#list();
    if (this.#state.phase !== phase) return;
    const isKnown = found === this.#known;
    if (phase === 'lost') {
      if (!isKnown || news === 'chance') this.#reopen('device');
      else this.#retryIn(this.#triedAtMs + RETRY_MS - performance.now());
    } else if (this.#known === undefined) {
      this.#known = found;
    } else if (found !== undefined && !isKnown) {
      this.#follow(() => this.devicesChanged('devices'));
    }
  }

  /** @param decide called if it is too early: whether to follow is decided again then */
  #follow(decide: () => Promise<void>): void {
    // Another microphone would not be muted. The list is read again when this one is unmuted.
    if (this.#status === 'muted') return;
    const waitMs = this.#followedAtMs + QUIET_MS - performance.now();
    if (waitMs > 0) {
      this.#retryIn(waitMs, () => void decide());
      return;
    }
    this.#followedAtMs = performance.now();
    this.#reopen('device');
  }

  /**
   * The microphone that would be opened; it changes when that does. By specification the default device is the first
   * of its kind. Only ids count: opening a Bluetooth headset changes its profile and with it its labels.
   * @returns undefined if the browser hides the list
   */
  async #list(): Promise<string | undefined> {
    const microphones = await listDevices('audioinput');
    const found = microphones?.find(({ deviceId }) => deviceId === this.#deviceId) ?? microphones?.[0];
    return microphones && [found?.deviceId, found?.groupId].join(' ');
  }

  #retryIn(ms: number, act = (): void => this.#reopen('device')): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(act, ms);
  }

  // ── opening ─────────────────────────────────────────────────────────────────────────────────────────────────────
  #reopen(why: Reason): void {
    const { phase } = this.#state;
    if (phase === 'opening') this.#again ||= why === 'asked';
    else if (phase !== 'closed' && this.#wanted) void this.#request(why);
  }

  async #request(why: Reason): Promise<void> {
    this.#release({ phase: 'opening' });
    const opened = await openMicrophone(this.#deviceId).catch((error: unknown) =>
      VoiceAgentError.from(error),
    );
    const [stream, refusal] = opened instanceof VoiceAgentError ? [undefined, opened] : [opened];
    this.#triedAtMs = performance.now();
    const isClosed = this.#state.phase !== 'opening';
    if (stream && !isClosed && this.#wanted && !this.#again) {
      this.#use(stream);
      if (why === 'device') this.#tellChange(stream);
    } else {
      stopMicrophone(stream);
      if (isClosed) return;
      if (why === 'first' && refusal) {
        this.#state = { phase: 'closed' };
        throw refusal;
      }
      if (!this.#wanted) this.#leave('paused');
      else if (this.#again) return this.#request('asked');
      else this.#onRefused(refusal);
    }
    // The call does not wait for it.
    void this.#learnDevices();
  }

  async #learnDevices(): Promise<void> {
    const known = (this.#known = await this.#list());
    const state = this.#state;
    if (state.phase !== 'live' || !this.#deviceId) return;
    const usedId = state.stream.getAudioTracks()[0]?.getSettings().deviceId;
    // The chosen one was connected while another one opened.
    if (usedId && usedId !== this.#deviceId && known?.startsWith(`${this.#deviceId} `))
      this.#follow(() => this.#learnDevices());
  }

  #use(stream: MediaStream): void {
    const end = new AbortController();
    const { signal } = end;
    for (const track of stream.getAudioTracks()) {
      track.addEventListener('ended', () => this.#onEnded(), { signal });
      for (const type of ['mute', 'unmute'])
        track.addEventListener(type, () => this.#watchMute(stream), { signal });
      track.addEventListener('unmute', () => void this.devicesChanged('devices'), { signal });
    }
    this.#state = { phase: 'live', stream, end };
    this.#handlers.changed(stream);
    this.#watchMute(stream, 0);
  }

  /** Stops the track at once; the browser's recording indicator turns off. */
  #release(next: LineState): void {
    clearTimeout(this.#retryTimer);
    this.#again = false;
    const state = this.#state;
    this.#state = next;
    if (state.phase !== 'live') return;
    state.end.abort();
    clearTimeout(this.#muteTimer);
    stopMicrophone(state.stream);
    this.#handlers.changed(undefined);
  }

  #onRefused(cause: VoiceAgentError | undefined): void {
    this.#state = { phase: 'lost' };
    if (cause?.code === 'microphone_in_use') this.#retryIn(RETRY_MS);
    this.#tellLoss(cause);
  }

  #tellLoss(cause?: VoiceAgentError): void {
    if (!this.#setStatus('lost')) return;
    const key = cause?.code === 'microphone_denied' ? 'microphone_lost/denied' : 'microphone_lost';
    this.#handlers.notice(key, { cause });
  }

  #tellChange(stream: MediaStream): void {
    const [track] = stream.getAudioTracks();
    if (!track || track.muted) return;
    const { label: name } = track;
    this.#handlers.notice(name ? 'microphone_changed/named' : 'microphone_changed', { values: { name } });
  }

  /** @returns whether it is news */
  #setStatus(status: MicrophoneStatus): boolean {
    if (status === this.#status) return false;
    this.#status = status;
    this.#handlers.status(status);
    return true;
  }
}
