/** The link to the worklet as the session's AudioSink. */
import type { AudioEncoding } from '../audio-encoding.js';
import type { AudioSink, AudioSinkHandlers } from '../session/audio-sink.js';
import type { PlaybackStats, SessionToWorklet, WorkletToSession } from '../worklet/messages.js';

export class PortAudioSink implements AudioSink {
  readonly #link: MessagePort;

  constructor(link: MessagePort) {
    this.#link = link;
  }

  /** Hands on what the worklet says, from now on. */
  connect(handlers: AudioSinkHandlers, onStats: (stats: PlaybackStats) => void): void {
    this.#link.onmessage = ({ data }: MessageEvent<WorkletToSession>) => {
      switch (data.type) {
        case 'packet':
          handlers.packet(data.bytes, data.level);
          break;
        case 'reply-audible':
          handlers.replyAudible(data.reply);
          break;
        case 'reply-heard':
          handlers.replyHeard(data.reply, data.heardMs, data.audible);
          break;
        case 'playhead':
          handlers.playhead(data.reply, data.heardMs);
          break;
        case 'flushed':
          handlers.flushed(data);
          break;
        case 'stats':
          onStats(data.stats);
          break;
      }
    };
  }

  setFormat(input: AudioEncoding, output: AudioEncoding): void {
    this.#post({ type: 'format', input, output });
  }

  play(reply: number, bytes: Uint8Array): void {
    this.#post({ type: 'audio', reply, bytes }, [bytes.buffer as ArrayBuffer]);
  }

  completeReply(reply: number): void {
    this.#post({ type: 'reply-complete', reply });
  }

  flush(): void {
    this.#post({ type: 'flush' });
  }

  hold(): void {
    this.#post({ type: 'hold' });
  }

  release(): void {
    this.#post({ type: 'release' });
  }

  close(): void {
    this.#link.close();
  }

  #post(message: SessionToWorklet, transfer: Transferable[] = []): void {
    this.#link.postMessage(message, transfer);
  }
}
