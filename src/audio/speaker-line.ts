/** The speaker of a call: the chosen one while it is connected, the system's default one otherwise. */

export interface SpeakerOutput {
  /**
   * Plays through this device; the system's default one for an empty id.
   * @throws DOMException when there is no such device.
   */
  setSpeaker(deviceId: string): Promise<void>;
}

/** `live`: the chosen speaker plays, or the system's default one where none is chosen; `lost`: the default one plays instead. */
export type SpeakerStatus = 'live' | 'lost';

export interface SpeakerLineHandlers {
  status(status: SpeakerStatus): void;
  /** The chosen speaker cannot be used; told once for each time that it goes away. */
  failed(): void;
}

export class SpeakerLine {
  readonly #handlers: SpeakerLineHandlers;
  #output: SpeakerOutput | undefined;
  #wishedId = '';
  /** What the output was told last. */
  #usedId = '';
  #status: SpeakerStatus = 'live';

  constructor(handlers: SpeakerLineHandlers) {
    this.#handlers = handlers;
  }

  /** Plays through `output` from now on, which uses the default speaker. */
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

  /** Devices came or went: a chosen speaker that is connected again is used again. */
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
      // Another one may have been chosen meanwhile.
      if (this.#usedId === deviceId) await this.#fallBack();
    }
  }

  async #fallBack(): Promise<void> {
    this.#usedId = '';
    this.#setStatus('lost');
    this.#handlers.failed();
    // A context whose device is gone may stay silent until it is told to use another one.
    await this.#output?.setSpeaker('').catch(() => undefined);
  }

  #setStatus(status: SpeakerStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#handlers.status(status);
  }
}

/** @returns undefined where the browser keeps the list to itself. */
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
