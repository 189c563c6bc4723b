/** The speaker of a call: the chosen one while it is connected, otherwise the system's default. */

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
  failed(): void;
}

export class SpeakerLine {
  readonly #handlers: SpeakerLineHandlers;
  #output: SpeakerOutput | undefined;
  #wishedId = '';
  /** The id that the output was last set to. */
  #usedId = '';
  #status: SpeakerStatus = 'live';

  constructor(handlers: SpeakerLineHandlers) {
    this.#handlers = handlers;
  }

  /** From now on plays through `output`, which uses the default speaker. */
  connect(output: SpeakerOutput): void {
    this.#output = output;
    this.#usedId = '';
    void this.#apply();
  }

  choose(deviceId: string): void {
    if (deviceId === this.#wishedId) return;
    this.#wishedId = deviceId;
    void this.#apply();
  }

  /** Devices came or went: use the chosen speaker again if it is connected again. */
  async devicesChanged(): Promise<void> {
    if (this.#wishedId === '') return;
    const isThere = await isConnected(this.#wishedId);
    if (isThere === undefined || isThere === (this.#usedId === this.#wishedId)) return;
    if (isThere) await this.#use(this.#wishedId);
    else await this.#fallBack();
  }

  async #apply(): Promise<void> {
    if (this.#wishedId !== this.#usedId) await this.#use(this.#wishedId);
  }

  async #use(deviceId: string): Promise<void> {
    this.#usedId = deviceId;
    try {
      await this.#output?.setSpeaker(deviceId);
      if (this.#usedId === deviceId) this.#setStatus('live');
    } catch {
      // Another one may have been chosen in the meantime.
      if (this.#usedId === deviceId) await this.#fallBack();
    }
  }

  async #fallBack(): Promise<void> {
    this.#usedId = '';
    this.#setStatus('lost');
    this.#handlers.failed();
    // A context whose device disappeared may stay silent until it is set to another one.
    await this.#output?.setSpeaker('').catch(() => undefined);
  }

  #setStatus(status: SpeakerStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#handlers.status(status);
  }
}

/** @returns undefined if the browser hides the list */
async function isConnected(speakerId: string): Promise<boolean | undefined> {
  try {
    const speakers = (await navigator.mediaDevices.enumerateDevices()).filter(
      ({ kind }) => kind === 'audiooutput',
    );
    return speakers.length === 0 ? undefined : speakers.some(({ deviceId }) => deviceId === speakerId);
  } catch {
    return undefined;
  }
}
