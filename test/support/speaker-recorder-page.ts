/** The part of speaker-recorder.ts that runs in the page. */

export interface PageRecording {
  readonly rateHz: number;
  readonly quantumFrames: number;
  /** Float32Array, base64. */
  readonly samples: string;
  /** Float64Array, base64. */
  readonly quantumEpochMs: string;
}

declare global {
  interface Window {
    speakerRecorder: {
      read(): Promise<PageRecording[]>;
      /** Length of the audible audio that was played, over all contexts. */
      audibleMs(): Promise<number>;
    };
  }
}

export interface RecorderOptions {
  /**
   * A BroadcastChannel that receives each piece at once, as {@link RecordedPiece}. So another page of the origin has the
   * recording when this page is left.
   */
  readonly channel?: string;
}

export interface RecordedPiece {
  /** Identifies the page. */
  readonly timeOrigin: number;
  readonly rateHz: number;
  readonly samples: Float32Array;
  /** `Date.now()` of each render quantum. */
  readonly epochMs: Float64Array;
}

/**
 * Playwright sends this function to the page as text: it must not use anything from outside itself.
 */
export function installRecorder({ channel }: RecorderOptions): void {
  interface Piece {
    readonly samples: Float32Array;
    readonly epochMs: Float64Array;
    /** Number of audible render quanta so far. */
    readonly audibleQuanta: number;
    /** The answer to `read`. */
    readonly isAnswer: boolean;
  }
  interface Tap {
    readonly context: AudioContext;
    readonly node: Promise<AudioWorkletNode>;
    readonly pieces: Piece[];
    /** For each `read` that was not answered yet, oldest first. */
    readonly onAnswers: (() => void)[];
  }

  const processorSource = `
    const PIECE_QUANTA = ${channel === undefined ? 375 : 8};
    registerProcessor('speaker-recorder', class extends AudioWorkletProcessor {
      constructor() {
        super();
        this.quantum = 0;
        this.audibleQuanta = 0;
        this.samples = null;
        this.epochMs = new Float64Array(PIECE_QUANTA);
        this.port.onmessage = () => this.ship(true);
      }
      ship(isAnswer) {
        const frames = this.samples === null ? 0 : this.samples.length / PIECE_QUANTA;
        this.port.postMessage({
          samples: this.samples === null ? new Float32Array(0) : this.samples.slice(0, this.quantum * frames),
          epochMs: this.epochMs.slice(0, this.quantum),
          audibleQuanta: this.audibleQuanta,
          isAnswer,
        });
        this.quantum = 0;
      }
      process([input], [output]) {
        const frames = output[0].length;
        this.samples ??= new Float32Array(PIECE_QUANTA * frames);
        const heard = input[0];
        if (heard?.some((sample) => Math.abs(sample) > 0.002)) this.audibleQuanta += 1;
        if (heard) this.samples.set(heard, this.quantum * frames);
        else this.samples.fill(0, this.quantum * frames, (this.quantum + 1) * frames);
        this.epochMs[this.quantum] = Date.now();
        this.quantum += 1;
        if (this.quantum === PIECE_QUANTA) this.ship(false);
        return true;
      }
    });`;

  const pieceChannel = channel === undefined ? undefined : new BroadcastChannel(channel);
  const taps: Tap[] = [];
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...parameters: unknown[]) => unknown;

  function tapOf(context: AudioContext): Tap {
    const known = taps.find((tap) => tap.context === context);
    if (known) return known;
    const pieces: Piece[] = [];
    const tap: Tap = { context, node: createNode(context), pieces, onAnswers: [] };
    void tap.node.then((node) => {
      node.port.onmessage = ({ data }: MessageEvent<Piece>) => {
        pieces.push(data);
        const { samples, epochMs } = data;
        const { sampleRate: rateHz } = context;
        pieceChannel?.postMessage({ timeOrigin: performance.timeOrigin, rateHz, samples, epochMs });
        if (data.isAnswer) tap.onAnswers.shift()?.();
      };
    });
    taps.push(tap);
    return tap;
  }

  const loaded = new WeakMap<AudioContext, Promise<void>>();

  async function load(context: AudioContext): Promise<void> {
    const url = URL.createObjectURL(new Blob([processorSource], { type: 'text/javascript' }));
    await context.audioWorklet.addModule(url);
  }

  // Loaded with the context, before the page loads its own worklet: on a busy machine, audio would otherwise begin earlier.
  window.AudioContext = class extends AudioContext {
    constructor(options?: AudioContextOptions) {
      super(options);
      const loading = load(this);
      loaded.set(this, loading);
      // A context may be closed, or have no worklet.
      loading.catch(() => undefined);
    }
  };

  async function createNode(context: AudioContext): Promise<AudioWorkletNode> {
    await (loaded.get(context) ?? load(context));
    const node = new AudioWorkletNode(context, 'speaker-recorder', {
      channelCount: 1,
      channelCountMode: 'explicit',
    });
    // Its output is silent; the connection keeps it running.
    connect.call(node, context.destination);
    return node;
  }

  AudioNode.prototype.connect = function (this: AudioNode, ...parameters: unknown[]) {
    const [target] = parameters;
    if (target instanceof AudioDestinationNode && this.context instanceof AudioContext) {
      void tapOf(this.context).node.then((node) => connect.call(this, node));
    }
    return connect.apply(this, parameters);
  } as typeof AudioNode.prototype.connect;

  async function flush(tap: Tap): Promise<void> {
    const node = await tap.node;
    if (tap.context.state !== 'running') return;
    await new Promise<void>((resolve) => {
      tap.onAnswers.push(resolve);
      node.port.postMessage('read');
    });
  }

  // A closed context does not answer, so its recording is fetched before.
  const close = AudioContext.prototype.close;
  AudioContext.prototype.close = async function (this: AudioContext) {
    const tap = taps.find(({ context }) => context === this);
    if (tap) await flush(tap);
    await close.call(this);
  };

  function join<A extends Float32Array | Float64Array>(target: A, parts: readonly A[]): string {
    let offset = 0;
    for (const part of parts) {
      target.set(part, offset);
      offset += part.length;
    }
    const bytes = new Uint8Array(target.buffer);
    let text = '';
    for (let start = 0; start < bytes.length; start += 32_768) {
      text += String.fromCharCode(...bytes.subarray(start, start + 32_768));
    }
    return btoa(text);
  }

  async function readTap(tap: Tap): Promise<PageRecording> {
    await flush(tap);
    const frames = tap.pieces.reduce((sum, { samples }) => sum + samples.length, 0);
    const quanta = tap.pieces.reduce((sum, { epochMs }) => sum + epochMs.length, 0);
    return {
      rateHz: tap.context.sampleRate,
      quantumFrames: quanta === 0 ? 0 : frames / quanta,
      samples: join(new Float32Array(frames), tap.pieces.map(({ samples }) => samples)), // prettier-ignore
      quantumEpochMs: join(new Float64Array(quanta), tap.pieces.map(({ epochMs }) => epochMs)), // prettier-ignore
    };
  }

  async function audibleMs(): Promise<number> {
    await Promise.all(taps.map(flush));
    return taps.reduce((sum, { context, pieces }) => {
      const { audibleQuanta = 0 } = pieces.at(-1) ?? {};
      return sum + (audibleQuanta * 128_000) / context.sampleRate;
    }, 0);
  }

  window.speakerRecorder = { read: () => Promise.all(taps.map(readTap)), audibleMs };
}
