/** A forgotten test must not keep listening. */
const LONGEST_MS = 30_000;
const WINDOW_FRAMES = 1_024;

interface MicrophoneTestHandlers {
  /** RMS, linear, 0…1; once per frame. */
  level(rms: number): void;
  /** The microphone was closed for any reason. */
  ended(): void;
}

/** Opens a microphone only to measure its level; the audio goes nowhere. */
export class MicrophoneTest {
  readonly #handlers: MicrophoneTestHandlers;
  #stream: MediaStream | undefined;
  #context: AudioContext | undefined;
  /** Of the element that shows the level: a page behind its small window gets no frames. */
  #view: Window | undefined;
  #frame = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Only the latest request may open the microphone. */
  #request = 0;
  #running = false;

  constructor(handlers: MicrophoneTestHandlers) {
    this.#handlers = handlers;
  }

  /** The microphone is open or being requested. */
  get running(): boolean {
    return this.#running;
  }

  /** It is open; the visitor has given permission if that was needed. */
  get open(): boolean {
    return this.#stream !== undefined;
  }

  /**
   * @param deviceId Default: the system's default microphone.
   * @param view The window whose frames count.
   * @throws DOMException like `getUserMedia`
   */
  async start(deviceId: string | undefined, view: Window): Promise<void> {
    this.#close();
    this.#view = view;
    const request = ++this.#request;
    this.#running = true;
    // Created before the wait, because Safari starts a context only inside the click.
    const context = (this.#context = new AudioContext());
    try {
      const audio = deviceId ? { deviceId: { exact: deviceId } } : true;
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      if (request === this.#request) this.#listen(context, stream);
      else stopTracks(stream);
    } catch (error) {
      if (request !== this.#request) return;
      this.stop();
      throw error;
    }
  }

  stop(): void {
    if (!this.#running) return;
    this.#request++;
    this.#running = false;
    this.#close();
    this.#handlers.ended();
  }

  #listen(context: AudioContext, stream: MediaStream): void {
    this.#stream = stream;
    stream.getAudioTracks()[0]?.addEventListener('ended', () => this.stop());
    const analyser = new AnalyserNode(context, { fftSize: WINDOW_FRAMES });
    new MediaStreamAudioSourceNode(context, { mediaStream: stream }).connect(analyser);
    const samples = new Float32Array(WINDOW_FRAMES);
    const measure = (): void => {
      analyser.getFloatTimeDomainData(samples);
      this.#handlers.level(Math.sqrt(samples.reduce((sum, sample) => sum + sample ** 2, 0) / WINDOW_FRAMES));
      this.#frame = this.#view!.requestAnimationFrame(measure);
    };
    measure();
    this.#timer = setTimeout(() => this.stop(), LONGEST_MS);
  }

  #close(): void {
    this.#view?.cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    if (this.#stream) stopTracks(this.#stream);
    void this.#context?.close();
    this.#stream = this.#context = undefined;
  }
}

function stopTracks(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
