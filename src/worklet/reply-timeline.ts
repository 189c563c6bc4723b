/**
 * The position of each reply in the stream of played frames, and so what was heard of each. Positions are absolute
 * frames of the output encoding's rate, counted since the format was set.
 *
 * Real-time: `advance` runs in every render quantum and does not allocate.
 */
interface Span {
  readonly reply: number;
  endFrame: number;
  /** −1 until something audible was written. */
  firstAudibleFrame: number;
  lastAudibleFrame: number;
  complete: boolean;
  audibleTold: boolean;
}

export interface ReplyTimelineHandlers {
  audible(reply: number): void;
  /** `heardFrames` from the first audible frame to the last. */
  heard(reply: number, heardFrames: number, audible: boolean): void;
}

/** More replies than this are never queued: each is spoken before the next is generated. */
const MAX_SPANS = 256;

export class ReplyTimeline {
  readonly #spans: Span[] = [];
  readonly #handlers: ReplyTimelineHandlers;
  #cut: Span | undefined;

  constructor(handlers: ReplyTimelineHandlers) {
    this.#handlers = handlers;
  }

  /** The current or next reply; 0 if there is none. */
  get current(): number {
    return this.#spans[0]?.reply ?? 0;
  }

  /**
   * Audio of a reply was written to the ring, up to `endFrame`.
   * @param firstAudibleFrame of what was written, −1 if all of it was silent; likewise `lastAudibleFrame`
   */
  written(reply: number, endFrame: number, firstAudibleFrame: number, lastAudibleFrame: number): void {
    const span = this.#span(reply);
    span.endFrame = endFrame;
    if (firstAudibleFrame < 0) return;
    if (span.firstAudibleFrame < 0) span.firstAudibleFrame = firstAudibleFrame;
    span.lastAudibleFrame = lastAudibleFrame;
  }

  /** The reply is complete. */
  complete(reply: number): void {
    this.#span(reply).complete = true;
  }

  /** `playedFrames` have been sent to the speaker. */
  advance(playedFrames: number): void {
    for (let span = this.#spans[0]; span !== undefined; span = this.#spans[0]) {
      const audible = span.firstAudibleFrame >= 0;
      if (audible && !span.audibleTold && playedFrames > span.firstAudibleFrame) {
        span.audibleTold = true;
        this.#handlers.audible(span.reply);
      }
      // With its last audible frame the reply was heard to its end, whatever silence follows it in the ring.
      const lastFrame = audible ? span.lastAudibleFrame + 1 : span.endFrame;
      if (!span.complete || playedFrames < lastFrame) return;
      this.#spans.shift();
      this.#handlers.heard(span.reply, audible ? lastFrame - span.firstAudibleFrame : 0, audible);
    }
  }

  /** Frames of the current reply heard so far, from its first audible one. */
  heardFrames(playedFrames: number): number {
    return heardOf(this.#spans[0], playedFrames);
  }

  /**
   * Discards everything written so far; later writes are a new beginning.
   * @returns the current or next reply, 0 if there was none
   */
  cut(): number {
    this.#cut = this.#spans[0];
    this.#spans.length = 0;
    return this.#cut?.reply ?? 0;
  }

  /** Frames heard of the reply that the latest `cut` ended, at `playedFrames`. */
  heardFramesOfCut(playedFrames: number): number {
    return heardOf(this.#cut, playedFrames);
  }

  #span(reply: number): Span {
    const known = this.#spans.find((span) => span.reply === reply);
    if (known) return known;
    // Audio of a reply may be late, but a later reply has begun only after it, so there is nothing to wait for.
    for (const earlier of this.#spans) if (earlier.reply < reply) earlier.complete = true;
    const span: Span = {
      reply,
      endFrame: 0,
      firstAudibleFrame: -1,
      lastAudibleFrame: -1,
      complete: this.#spans.some((other) => other.reply > reply),
      audibleTold: false,
    };
    this.#spans.push(span);
    if (this.#spans.length > MAX_SPANS) this.#spans.shift();
    return span;
  }
}

function heardOf(span: Span | undefined, playedFrames: number): number {
  if (!span || span.firstAudibleFrame < 0) return 0;
  return Math.max(0, Math.min(playedFrames, span.lastAudibleFrame + 1) - span.firstAudibleFrame);
}
