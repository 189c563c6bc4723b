/** The speaker of a call: the chosen one while it is connected, otherwise the system's default. */
import { listDevices } from './devices.js';

export interface SpeakerOutput {
  /**
   * Plays on this device; an empty id means the system's default.
   * @throws DOMException if there is no such device
   */
  setSpeaker(deviceId: string): Promise<void>;
}

/**
 * `live`: the chosen speaker is in use, or the default if none is chosen; `lost`: the default replaces the chosen
 * one.
 */
export type SpeakerStatus = 'live' | 'lost';

export interface SpeakerLineHandlers {
  status(status: SpeakerStatus): void;
  /** The chosen speaker cannot be used; reported once for each time that it disappears. */
  notice(key: 'speaker_failed'): void;
}

export class SpeakerLine {
  readonly #handlers: SpeakerLineHandlers;
  #output: SpeakerOutput | undefined;
  #wishedId = '';
  /** The id that the output was last set to. */
  #usedId = '';
  /** The id whose loss was reported. */
  #lostId = '';
  #status: SpeakerStatus = 'live';

  constructor(handlers: SpeakerLineHandlers) {
    this.#handlers = handlers;
  }

  /** From now on plays through `output`, which uses the default speaker; undefined while there is none. */
  connect(output: SpeakerOutput | undefined): void {
    this.#output = output;
    this.#usedId = '';
    if (this.#wishedId) void this.#use(this.#wishedId);
    else this.#setStatus('live');
  }

  choose(deviceId: string): void {
    if (deviceId === this.#wishedId) return;
    this.#wishedId = deviceId;
    void this.#use(deviceId);
  }

  /** Devices came or went: use the chosen speaker again if it is connected again. */
  async devicesChanged(): Promise<void> {
    if (!this.#wishedId) return;
    const speakers = await listDevices('audiooutput');
    // Some browsers hide the list, or the ids.
    if (!speakers?.[0]?.deviceId) return;
    const isThere = speakers.some(({ deviceId }) => deviceId === this.#wishedId);
    if (isThere === (this.#usedId === this.#wishedId)) return;
    await (isThere ? this.#use(this.#wishedId) : this.#fallBack());
  }

  async #use(deviceId: string): Promise<void> {
    const output = this.#output;
    if (!output) return;
    this.#usedId = deviceId;
    // Another speaker may have been chosen in the meantime, or this output been lost.
    const isCurrent = (): boolean => this.#output === output && this.#usedId === deviceId;
    try {
      await output.setSpeaker(deviceId);
      if (!isCurrent()) return;
      this.#lostId = '';
      this.#setStatus('live');
    } catch {
      if (isCurrent()) await this.#fallBack();
    }
  }

  async #fallBack(): Promise<void> {
    this.#usedId = '';
    this.#setStatus('lost');
    // Every replaced output fails to use it again.
    if (this.#lostId !== this.#wishedId) this.#handlers.notice('speaker_failed');
    this.#lostId = this.#wishedId;
    // A context whose device disappeared may stay silent until it is set to another one.
    await this.#output?.setSpeaker('').catch(() => undefined);
  }

  #setStatus(status: SpeakerStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#handlers.status(status);
  }
}
