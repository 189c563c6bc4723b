/**
 * Audio that was passed to the worklet and not heard yet, so that it can be passed to another one if the first is
 * lost with its AudioContext. A conversation's replies arrive in real time, so this is a fraction of a second.
 */
export type UnheardPiece =
  | { readonly type: 'sound'; readonly reply: number; readonly bytes: Uint8Array<ArrayBuffer> }
  /** The reply is complete. */
  | { readonly type: 'end'; readonly reply: number };

/** With the position after its last byte, counted since the format was set. */
type Piece = UnheardPiece & { readonly endByte: number };

/** For a server that sends faster than real time: as much as the worklet's ring keeps. */
const MAX_BYTES = 60 * 48_000;
const MAX_PIECES = 6_000;

export class UnheardSound {
  #pieces: Piece[] = [];
  #bytes = 0;
  #endByte = 0;

  /** @param bytes is copied */
  add(reply: number, bytes: Uint8Array): void {
    this.#endByte += bytes.length;
    this.#bytes += bytes.length;
    this.#pieces.push({ type: 'sound', reply, bytes: bytes.slice(), endByte: this.#endByte });
    this.#trim();
  }

  complete(reply: number): void {
    this.#pieces.push({ type: 'end', reply, endByte: this.#endByte });
    this.#trim();
  }

  /** Everything before that position was played; the mark of a reply's end stays until `heard`. */
  consumed(byte: number): void {
    for (let first = this.#pieces[0]; first !== undefined; first = this.#pieces[0]) {
      if (first.type === 'end' || first.endByte > byte) return;
      this.#drop();
    }
  }

  /** The reply was heard to its end, and so was everything before it. */
  heard(reply: number): void {
    for (let first = this.#pieces[0]; first !== undefined; first = this.#pieces[0]) {
      if (first.reply > reply) return;
      this.#drop();
    }
  }

  /** The sound of one reply, in order. */
  of(reply: number): readonly Uint8Array[] {
    return this.#pieces.flatMap((piece) =>
      piece.type === 'sound' && piece.reply === reply ? [piece.bytes] : [],
    );
  }

  /** Clears it, and continues counting. @returns the unheard entries in order */
  take(): readonly UnheardPiece[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    this.#bytes = 0;
    return pieces;
  }

  #trim(): void {
    while (this.#bytes > MAX_BYTES || this.#pieces.length > MAX_PIECES) this.#drop();
  }

  #drop(): void {
    const piece = this.#pieces.shift();
    if (piece?.type === 'sound') this.#bytes -= piece.bytes.length;
  }
}
