import type { KeptSession } from '../../src/index.js';

/** Audio of replies that was not heard. The session reports each piece once, as it arrives. */
export class KeptSound {
  #sounds = new Map<number, Uint8Array[]>();

  /** @returns the session with all of this audio */
  added(news: KeptSession): KeptSession {
    const before = this.#sounds;
    this.#sounds = new Map();
    const replies = news.replies.map((reply) => {
      const sound = before.get(reply.number) ?? [];
      this.#sounds.set(reply.number, sound);
      sound.push(...reply.sound);
      let heardBytes = sound.reduce((sum, { length }) => sum + length, 0) - reply.unheardBytes;
      for (let first = sound[0]; first && first.length <= heardBytes; first = sound[0]) {
        heardBytes -= first.length;
        sound.shift();
      }
      // Half a sample.
      if (heardBytes > 0) sound[0] = sound[0]!.subarray(heardBytes);
      return { ...reply, sound };
    });
    return { ...news, replies };
  }
}
