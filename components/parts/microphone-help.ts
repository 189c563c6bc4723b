import type { ConversationStore } from '../conversation/conversation-store.js';

/** Knows whether the browser's microphone prompt is open, and detects that a blocked microphone was allowed. */
export class MicrophoneHelp {
  /** Since the latest call started. */
  allowed = false;
  #permission: PermissionStatus | undefined;

  constructor(signals: Pick<ConversationStore, 'subscribe'>, redraw: () => void) {
    signals.subscribe('state-change', ({ state }) => {
      if (state === 'connecting') void this.#watch(redraw);
    });
  }

  /** A call that needs the microphone may open the prompt. */
  get asks(): boolean {
    return this.#permission?.state === 'prompt';
  }

  async #watch(redraw: () => void): Promise<void> {
    this.allowed = false;
    try {
      const permission = (this.#permission ??= await navigator.permissions.query({ name: 'microphone' }));
      permission.onchange = () => {
        this.allowed = permission.state === 'granted';
        redraw();
      };
      redraw();
    } catch {
      // Not every browser supports the microphone permission.
    }
  }
}
