/**
 * The worklet's ledger of replies: the position of each reply in the stream of played frames, and so what was heard of
 * each. Positions are absolute frames of the output encoding's rate, counted since the format was set.
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

/** More replies than this are never queued: each is spoken before the next is generated. */
const MAX_SPANS = 256;

export class ReplyTimeline {
  #spans: Span[] = [];
  readonly #heard: (reply: number, heardFrames: number, over: boolean) => void;
  #cut: Span | undefined;
  #cutFrame = 0;

  /** @param heard called when a reply becomes audible and when it is over; frames from its first audible one */
  constructor(heard: (reply: number, heardFrames: number, over: boolean) => void) {
    this.#heard = heard;
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
      const heardFrames = heardOf(span, playedFrames);
      if (heardFrames > 0 && !span.audibleTold) {
        span.audibleTold = true;
        this.#heard(span.reply, heardFrames, false);
      }
      // With its last audible frame the reply was heard to its end, whatever silence follows it in the ring.
      const lastFrame = span.firstAudibleFrame < 0 ? span.endFrame : span.lastAudibleFrame + 1;
      if (!span.complete || playedFrames < lastFrame) return;
      this.#spans.shift();
      this.#heard(span.reply, heardFrames, true);
    }
  }

  /** Frames of the current reply heard so far, from its first audible one. */
  heardFrames(playedFrames: number): number {
    return heardOf(this.#spans[0], playedFrames);
  }

  /**
   * Discards everything written so far, up to `endFrame`; later writes are a new beginning.
   * @returns the current or next reply, 0 if there was none
   */
  cut(endFrame: number): number {
    this.#cutFrame = endFrame;
    this.#cut = this.#spans[0];
    this.#spans = [];
    return this.#cut?.reply ?? 0;
  }

  /** Frames heard of the reply that the latest `cut` ended, if the last `discardedFrames` before the cut were not played. */
  heardFramesOfCut(discardedFrames: number): number {
    return heardOf(this.#cut, this.#cutFrame - discardedFrames);
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
