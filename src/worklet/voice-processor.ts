/**
 * The AudioWorklet: microphone in, speaker out, everything in between in the engine. Glue only.
 *
 * Real-time: `process` takes no lock, never waits and does not allocate. Its messages are created once and reused,
 * since posting copies them.
 */
import { AUDIO_ENCODINGS, DEFAULT_ENCODING, type AudioEncoding } from '../audio-encoding.js';
import { DuplexEngine } from '../engine/duplex-engine.js';
import {
  CONSUMED_FRAMES,
  DISCARDED_FRAMES,
  FIRST_AUDIBLE_FRAME,
  GIVING_WAY,
  LAST_AUDIBLE_FRAME,
  MICROPHONE_LEVEL,
  SPEAKER_LEVEL,
  WRITTEN_FRAMES,
} from '../engine/engine-exports.js';
import type {
  GivingWay,
  PageToWorklet,
  PlaybackStats,
  SessionToWorklet,
  VoiceProcessorOptions,
  WorkletToPage,
  WorkletToSession,
} from './messages.js';
import { MeanDelay } from './mean-delay.js';
import { readStats } from './playback-stats.js';
import { SteadyOutput } from './steady-output.js';
import { PROCESSOR_NAME } from './processor-name.js';
import { ReplyTimeline } from './reply-timeline.js';

const QUANTUM_FRAMES = 128;
const LEVELS_PER_SECOND = 30;
const PLAYHEADS_PER_SECOND = 20;
/** A multiple of the quantum: 85 ms at 48 kHz. */
const TAP_FRAMES = 4_096;
/** Audio that waits for space in the 60 s ring: four minutes of speech. A server that sends more is broken. */
const MAX_INBOX_BYTES = 12_000_000;
/** The same in messages of the smallest observed size. */
const MAX_INBOX_PIECES = 25_000;
const SILENT_LEVEL = 1e-4;
/** Digital zeros for this long come from a switch or a wrong device, not from a quiet room. */
const SILENCE_SECONDS = 5;
/** After it has delivered sound, zeros may come from a headset's noise gate, for as long as its wearer listens. */
const GATED_SECONDS = 45;

/** By the engine's numbers. */
const REACTIONS: readonly GivingWay[] = ['none', 'ducked', 'held'];

/** Audio of a reply, or the mark that it is complete. */
type InboxEntry = Extract<SessionToWorklet, { type: 'audio' | 'end' }>;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Message<T extends WorkletToSession['type']> = Mutable<Extract<WorkletToSession, { type: T }>>;
type PageMessage<T extends WorkletToPage['type']> = Mutable<Extract<WorkletToPage, { type: T }>>;

class VoiceProcessor extends AudioWorkletProcessor {
  readonly #engine: DuplexEngine;
  readonly #timeline = new ReplyTimeline((...heard) => this.#reportHeard(...heard));
  readonly #steady = new SteadyOutput(sampleRate);
  readonly #playoutDelay = new MeanDelay();
  #sessionPort: MessagePort | undefined;
  #formatted = false;
  #closed = false;
  #output = AUDIO_ENCODINGS[DEFAULT_ENCODING];
  /** Received from the session and not yet written to the ring, oldest first. */
  #inbox: InboxEntry[] = [];
  #inboxBytes = 0;
  /** Of these, flushed since the format was set. */
  #skippedBytes = 0;
  #lostBytes = 0;
  #flushedAtFrame = -1;
  /** When each kind of report is due. */
  readonly #dueFrames = { heard: 0, levels: 0, stats: 0 };
  #levelsWereSilent = false;
  /** The session holds the audio. */
  #held = false;
  /** When the first sample of the current packet arrived. */
  #packetStartedAtMs = 0;
  /** One message at a time is followed to the speaker: its position, −1 if there is none. */
  #probeFrame = -1;
  #probeArrivedAtMs = 0;

  // Every field of a message is set before it is posted.
  readonly #packet = { type: 'packet' } as Message<'packet'>;
  readonly #heard = { type: 'heard' } as Message<'heard'>;
  readonly #flushed = { type: 'flushed' } as Message<'flushed'>;
  readonly #stats = {} as Mutable<PlaybackStats>;
  readonly #statsMessage: Message<'stats'> = { type: 'stats', stats: this.#stats };
  readonly #voice: Message<'voice'> = { type: 'voice', speaking: false, givingWay: 'none', reply: 0 };
  readonly #levels = { type: 'levels' } as PageMessage<'levels'>;
  /** Without a value at first: the page may know the silence of the worklet that this one replaces. */
  readonly #silence = { type: 'microphone-silence' } as PageMessage<'microphone-silence'>;

  #muted = false;
  #volume = 1;
  #gain = 1;
  #hasMicrophone = false;
  /** This microphone has delivered sound. */
  #hasHeard = false;
  /** When the microphone last delivered anything but zeros. */
  #soundFrame = 0;
  /** Filled while there is a tap. */
  #tap: PageMessage<'tap'> | undefined;
  #tapFrames = 0;

  constructor(options: { readonly processorOptions: VoiceProcessorOptions }) {
    super();
    this.#engine = new DuplexEngine(options.processorOptions.engine, { deviceRateHz: sampleRate });
    this.port.onmessage = ({ data }: MessageEvent<PageToWorklet>) => this.#onPageMessage(data);
  }

  // Not private, because the browser calls it.
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const input = inputs[0]?.[0];
    const output = outputs[0]?.[0];
    // The wall clock is read only when needed, because every reading creates an object.
    if (output && this.#steady.watching) this.#steady.advance(output.length, Date.now());
    if (!output || !this.#formatted) return !this.#closed;
    this.#applyHold();
    this.#hasMicrophone = input !== undefined;
    if (this.#engine.capture(input)) this.#sendPackets();
    this.#engine.render(output, currentFrame);
    this.#reportVoice();
    if (this.#tap) this.#fillTap(this.#tap, input, output);
    const playedFrames = this.#engine.reading(CONSUMED_FRAMES);
    if (this.#probeFrame >= 0 && playedFrames > this.#probeFrame) {
      this.#probeFrame = -1;
      this.#playoutDelay.add(Date.now() - this.#probeArrivedAtMs);
    }
    this.#timeline.advance(playedFrames);
    if (this.#flushedAtFrame >= 0 && !this.#engine.flushing) this.#reportFlush();
    if (this.#isDue('heard', PLAYHEADS_PER_SECOND)) this.#reportPlayhead();
    if (this.#isDue('levels', LEVELS_PER_SECOND)) this.#reportLevels();
    if (this.#isDue('stats', 1)) this.#reportStats();
    return !(this.#closed && !this.#engine.flushing);
  }

  // ── page ────────────────────────────────────────────────────────────────────────────────────────────────────────
  #onPageMessage(message: PageToWorklet): void {
    switch (message.type) {
      case 'session-port':
        this.#sessionPort?.close();
        this.#sessionPort = message.port;
        this.#sessionPort.onmessage = ({ data }: MessageEvent<SessionToWorklet>) =>
          this.#onSessionMessage(data);
        break;
      case 'settings':
        this.#muted = message.muted;
        this.#engine.setMuted(message.muted);
        this.#volume = message.volume;
        this.#engine.setVolume(this.#volume * this.#gain);
        if (!message.tap) this.#tap = undefined;
        else this.#tap ??= this.#newTap();
        break;
      case 'settle':
        this.#steady.begin(message.atLeastMs, Date.now());
        break;
      case 'close':
        // What the flush discards was not heard: the session must not be told that it was consumed.
        this.#sessionPort?.close();
        this.#engine.flush();
        this.#closed = true;
        break;
    }
  }

  // ── session ─────────────────────────────────────────────────────────────────────────────────────────────────────
  #onSessionMessage(message: SessionToWorklet): void {
    switch (message.type) {
      case 'format':
        this.#setFormat(message.input, message.output);
        break;
      case 'audio':
      case 'end':
        this.#receive(message);
        break;
      case 'flush':
        // Within the fade of another one, which is answered first.
        if (this.#flushedAtFrame >= 0) this.#reportFlush();
        this.#engine.flush();
        this.#flushedAtFrame = currentFrame;
        this.#flushed.discardedMs = this.#ms(this.#inboxBytes / this.#output.bytesPerSample);
        this.#flushed.reply = this.#discard();
        break;
      case 'hold':
        this.#held = message.held;
        break;
      case 'give-way':
        this.#engine.allowGivingWay(message.allowed);
        this.#engine.guardMicrophone(message.guarded);
        this.#gain = message.gain;
        this.#engine.setVolume(this.#volume * this.#gain);
        break;
    }
  }

  #setFormat(input: AudioEncoding, output: AudioEncoding): void {
    this.#engine.setFormat(input, output);
    this.#discard();
    this.#skippedBytes = 0;
    // The context may have run for a long time while the permission prompt was open.
    this.#soundFrame = currentFrame;
    this.#output = AUDIO_ENCODINGS[output];
    this.#packet.encoding = input;
    this.#packet.bytes = new Uint8Array(this.#engine.packetBytes);
    this.#packetStartedAtMs = Date.now();
    this.#dueFrames.stats = currentFrame + sampleRate;
    this.#formatted = true;
  }

  /** @returns the reply that was current or next */
  #discard(): number {
    this.#inbox = [];
    this.#skippedBytes += this.#inboxBytes;
    this.#inboxBytes = 0;
    this.#held = false;
    this.#probeFrame = -1;
    return this.#timeline.cut(this.#engine.reading(WRITTEN_FRAMES));
  }

  /** Two reasons to hold the audio: the user may be interrupting, or the output is not ready. */
  #applyHold(): void {
    const wanted = this.#held || this.#steady.waiting;
    // A flush also ends a hold; the next reply waits again if it must.
    if (this.#engine.flushing || wanted === this.#engine.held) return;
    if (wanted) this.#engine.hold();
    else this.#engine.release();
  }

  #receive(entry: InboxEntry): void {
    const { length } = entry.type === 'audio' ? entry.bytes : [];
    const isFull = this.#inboxBytes + length > MAX_INBOX_BYTES || this.#inbox.length > MAX_INBOX_PIECES;
    if (length > 0 && isFull) {
      this.#lostBytes += length;
      return;
    }
    this.#inbox.push(entry);
    this.#inboxBytes += length;
    this.#drainInbox();
  }

  #drainInbox(): void {
    for (let next = this.#inbox[0]; next !== undefined; next = this.#inbox[0]) {
      if (next.type === 'end') {
        this.#engine.endTalkspurt();
        this.#timeline.complete(next.reply);
        this.#inbox.shift();
        continue;
      }
      const { reply, bytes } = next;
      const firstFrame = this.#engine.reading(WRITTEN_FRAMES);
      const accepted = this.#engine.write(bytes, currentFrame);
      const endFrame = this.#engine.reading(WRITTEN_FRAMES);
      this.#timeline.written(
        reply,
        endFrame,
        this.#engine.reading(FIRST_AUDIBLE_FRAME),
        this.#engine.reading(LAST_AUDIBLE_FRAME),
      );
      // Half a sample adds no frame that could be followed.
      if (this.#probeFrame < 0 && endFrame > firstFrame) {
        this.#probeFrame = firstFrame;
        this.#probeArrivedAtMs = next.arrivedAtMs;
      }
      this.#inboxBytes -= accepted;
      if (accepted < bytes.length) {
        this.#inbox[0] = { ...next, bytes: bytes.subarray(accepted) };
        return;
      }
      this.#inbox.shift();
    }
  }

  #isDue(report: 'heard' | 'levels' | 'stats', perSecond: number): boolean {
    if (currentFrame < this.#dueFrames[report]) return false;
    this.#dueFrames[report] = currentFrame + sampleRate / perSecond;
    return true;
  }

  // ── reports ─────────────────────────────────────────────────────────────────────────────────────────────────────
  #sendPackets(): void {
    this.#packet.startedAtMs = this.#packetStartedAtMs;
    // The rest of this quantum begins the next packet.
    this.#packetStartedAtMs = Date.now();
    while (this.#engine.takePacket(this.#packet.bytes)) {
      this.#packet.level = this.#engine.packetLevel;
      this.#tellSession(this.#packet);
    }
  }

  /** Whether speech has started or stopped, or a reply was ducked, held or resumed. */
  #reportVoice(): void {
    const { speaking } = this.#engine;
    const givingWay = REACTIONS[this.#engine.reading(GIVING_WAY)]!;
    if (speaking === this.#voice.speaking && givingWay === this.#voice.givingWay) return;
    this.#voice.speaking = speaking;
    this.#voice.givingWay = givingWay;
    this.#voice.reply = this.#timeline.current;
    this.#tellSession(this.#voice);
  }

  #reportFlush(): void {
    const frames = currentFrame + QUANTUM_FRAMES - this.#flushedAtFrame;
    const discardedFrames = this.#engine.reading(DISCARDED_FRAMES);
    this.#flushed.heardMs = this.#ms(this.#timeline.heardFramesOfCut(discardedFrames));
    this.#flushed.discardedMs += this.#ms(discardedFrames);
    this.#flushed.roundTripMs = (frames * 1_000) / sampleRate;
    this.#flushedAtFrame = -1;
    this.#tellSession(this.#flushed);
  }

  #reportPlayhead(): void {
    this.#drainInbox();
    const { current } = this.#timeline;
    if (current !== 0)
      this.#reportHeard(current, this.#timeline.heardFrames(this.#engine.reading(CONSUMED_FRAMES)), false);
  }

  #reportHeard(reply: number, heardFrames: number, over: boolean): void {
    this.#heard.reply = reply;
    this.#heard.heardMs = this.#ms(heardFrames);
    const playedBytes = this.#engine.reading(CONSUMED_FRAMES) * this.#output.bytesPerSample;
    this.#heard.playedBytes = playedBytes + this.#skippedBytes;
    this.#heard.over = over;
    this.#tellSession(this.#heard);
  }

  #reportLevels(): void {
    const microphone = this.#engine.reading(MICROPHONE_LEVEL);
    const speaker = this.#engine.reading(SPEAKER_LEVEL);
    this.#watchSilence(microphone);
    const silent = Math.max(microphone, speaker) < SILENT_LEVEL;
    // One more after the last sound, so that a meter returns to zero.
    if (silent && this.#levelsWereSilent) return;
    this.#levelsWereSilent = silent;
    this.#levels.microphone = microphone;
    this.#levels.speaker = speaker;
    this.#tellPage(this.#levels);
  }

  /** While muted, or without a microphone, silence means nothing. */
  #watchSilence(microphone: number): void {
    if (!this.#hasMicrophone) this.#hasHeard = false;
    else if (microphone !== 0) this.#hasHeard = true;
    if (microphone !== 0 || !this.#hasMicrophone || this.#muted) this.#soundFrame = currentFrame;
    const seconds = this.#hasHeard ? GATED_SECONDS : SILENCE_SECONDS;
    const silent = currentFrame - this.#soundFrame >= seconds * sampleRate;
    if (silent === this.#silence.silent) return;
    this.#silence.silent = silent;
    this.#tellPage(this.#silence);
  }

  #newTap(): PageMessage<'tap'> {
    this.#tapFrames = 0;
    return {
      type: 'tap',
      rateHz: sampleRate,
      microphone: new Float32Array(TAP_FRAMES),
      speaker: new Float32Array(TAP_FRAMES),
    };
  }

  #fillTap(tap: PageMessage<'tap'>, input: Float32Array | undefined, output: Float32Array): void {
    if (input && !this.#muted) tap.microphone.set(input, this.#tapFrames);
    else tap.microphone.fill(0, this.#tapFrames, this.#tapFrames + output.length);
    tap.speaker.set(output, this.#tapFrames);
    this.#tapFrames += output.length;
    if (this.#tapFrames < TAP_FRAMES) return;
    this.#tapFrames = 0;
    this.#tellPage(tap);
  }

  #reportStats(): void {
    readStats(this.#stats, this.#engine, this.#output.rateHz);
    this.#stats.overflowMs = this.#ms(this.#lostBytes / this.#output.bytesPerSample);
    this.#stats.playoutDelayMs = this.#playoutDelay.read();
    this.#tellSession(this.#statsMessage);
  }

  #ms(frames: number): number {
    return (frames * 1_000) / this.#output.rateHz;
  }

  #tellSession(message: WorkletToSession): void {
    this.#sessionPort?.postMessage(message);
  }

  #tellPage(message: WorkletToPage): void {
    this.port.postMessage(message);
  }
}

registerProcessor(PROCESSOR_NAME, VoiceProcessor);
