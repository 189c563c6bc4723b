/**
 * The microphone of a call, whatever becomes of the device: it is unplugged, taken by the system, exchanged for another
 * one, or set free while it is not needed. At most one track is open at any time; the old one is stopped before the next is asked for.
 */
import { VoiceAgentError } from '../errors.js';
import { expectedMicrophone, watchDevices } from './devices.js';
import { openMicrophone, stopMicrophone } from './microphone.js';

/** Systems mute a track for a moment when devices change; what lasts longer may be cured by opening it anew. */
const MUTED_MS = 1_500;
/** A device that another program holds is given back without an event. */
const BUSY_RETRY_MS = 3_000;

export interface MicrophoneLineHandlers {
  /** What to listen to from now on; undefined while there is nothing. */
  changed(stream: MediaStream | undefined): void;
  /** Never fatal: the call goes on without a microphone, too. */
  notice(error: VoiceAgentError): void;
}

export class MicrophoneLine {
  readonly #handlers: MicrophoneLineHandlers;
  #stream: MediaStream | undefined;
  #endTrackWatch: (() => void) | undefined;
  #endDeviceWatch: (() => void) | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #deviceId: string | undefined;
  #expected: string | undefined;
  #paused = false;
  #replacing = false;
  #replaceAgain = false;
  #lossTold = false;
  #closed = false;

  /** @param deviceId the one to have, where it is there. */
  constructor(deviceId: string | undefined, handlers: MicrophoneLineHandlers) {
    this.#deviceId = deviceId;
    this.#handlers = handlers;
  }

  /**
   * Asks for the microphone, at once: some browsers want that inside the click.
   * @throws {VoiceAgentError} `insecure_page`, `unsupported_browser`, `microphone_denied`, `_missing`, `_in_use`, `_failed`
   */
  async open(): Promise<void> {
    const asked = this.#deviceId;
    const stream = await openMicrophone(asked);
    if (!this.#accept(stream)) return;
    this.#endDeviceWatch = watchDevices(() => void this.#onDevices());
    if (asked !== this.#deviceId) void this.#replace(true);
    // The call need not wait for the list of devices.
    void this.#noteExpected();
  }

  /** Another microphone from now on. */
  choose(deviceId: string | undefined): void {
    if (deviceId === this.#deviceId) return;
    this.#deviceId = deviceId;
    if (this.#endDeviceWatch) void this.#replace(true);
  }

  /** Sets the device free, or takes it again: the browser's sign that the page listens goes off and on with it. */
  pause(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    if (!this.#endDeviceWatch) return;
    if (paused) this.#release();
    else void this.#replace(true);
  }

  close(): void {
    this.#closed = true;
    this.#endDeviceWatch?.();
    clearTimeout(this.#retryTimer);
    this.#release();
  }

  /** @returns whether it is wanted: a call may be over before the person has allowed the microphone. */
  #accept(stream: MediaStream): boolean {
    if (this.#closed || this.#paused) {
      stopMicrophone(stream);
      return !this.#closed;
    }
    this.#stream = stream;
    this.#lossTold = false;
    const [track] = stream.getAudioTracks();
    if (track) this.#endTrackWatch = this.#watchTrack(track);
    this.#handlers.changed(stream);
    return true;
  }

  #watchTrack(track: MediaStreamTrack): () => void {
    const end = new AbortController();
    const { signal } = end;
    let timer: ReturnType<typeof setTimeout> | undefined;
    track.addEventListener('ended', () => void this.#replace(), { signal });
    track.addEventListener('mute', () => (timer = setTimeout(() => this.#onMuted(track), MUTED_MS)), {
      signal,
    });
    track.addEventListener('unmute', () => clearTimeout(timer), { signal });
    return () => {
      end.abort();
      clearTimeout(timer);
    };
  }

  #onMuted(track: MediaStreamTrack): void {
    if (track.muted) void this.#replace();
  }

  /** Stops the track at once; the recording light goes off. */
  #release(): void {
    this.#endTrackWatch?.();
    if (!this.#stream) return;
    stopMicrophone(this.#stream);
    this.#stream = undefined;
    this.#handlers.changed(undefined);
  }

  async #noteExpected(): Promise<void> {
    this.#expected = await expectedMicrophone(this.#deviceId);
  }

  async #onDevices(): Promise<void> {
    if (!this.#stream) {
      await this.#replace();
      return;
    }
    const found = await expectedMicrophone(this.#deviceId);
    if (found === undefined || found === this.#expected) return;
    const wasKnown = this.#expected !== undefined;
    this.#expected = found;
    if (wasKnown) await this.#replace();
  }

  /** Another request while one is under way leads to one more. */
  async #replace(asked = false): Promise<void> {
    this.#replaceAgain = true;
    if (this.#replacing) return;
    this.#replacing = true;
    while (this.#replaceAgain && !this.#closed && !this.#paused) {
      this.#replaceAgain = false;
      await this.#reopen(asked);
    }
    this.#replacing = false;
  }

  /** @param asked by the page, which need not be told. */
  async #reopen(asked: boolean): Promise<void> {
    clearTimeout(this.#retryTimer);
    this.#release();
    try {
      const stream = await openMicrophone(this.#deviceId);
      if (!this.#accept(stream)) return;
      await this.#noteExpected();
      if (!asked) this.#tellChange(stream);
    } catch (error) {
      this.#tellLoss(VoiceAgentError.from(error));
    }
  }

  #tellChange(stream: MediaStream): void {
    const [track] = stream.getAudioTracks();
    if (track?.muted) {
      this.#handlers.notice(VoiceAgentError.notice('microphone_muted'));
      return;
    }
    const { label: name } = track ?? {};
    this.#handlers.notice(
      name
        ? VoiceAgentError.notice('microphone_changed/named', { values: { name } })
        : VoiceAgentError.notice('microphone_changed'),
    );
  }

  #tellLoss(cause: VoiceAgentError): void {
    if (this.#closed) return;
    if (cause.code === 'microphone_in_use')
      this.#retryTimer = setTimeout(() => void this.#replace(), BUSY_RETRY_MS);
    if (this.#lossTold) return;
    this.#lossTold = true;
    this.#handlers.notice(
      VoiceAgentError.notice(
        cause.code === 'microphone_denied' ? 'microphone_lost/denied' : 'microphone_lost',
        { cause },
      ),
    );
  }
}
