import type { SoundCommand } from '../../src/worklet/messages.js';

/** A worklet that records the session's commands. */
export class RecordedSink {
  readonly actions: SoundCommand[] = [];

  readonly post = (command: SoundCommand): void => void this.actions.push(command);

  get types(): string[] {
    return this.actions.map((action) => (action.type === 'hold' && !action.held ? 'release' : action.type));
  }

  /** The first byte of each piece of audio to play, by reply. */
  played(reply: number): (number | undefined)[] {
    return this.actions.flatMap((action) =>
      action.type === 'audio' && action.reply === reply ? [action.bytes[0]] : [],
    );
  }

  /** Number of bytes to play, by reply. */
  playedBytes(reply: number): number {
    return this.actions.reduce(
      (sum, action) => sum + (action.type === 'audio' && action.reply === reply ? action.bytes.length : 0),
      0,
    );
  }
}
