import type { VoiceAgentElementEventMap } from '../voice-agent/voice-agent.events.js';

interface HelpHost {
  requestUpdate(): void;
  addEventListener(
    type: 'state-change',
    listener: (event: VoiceAgentElementEventMap['state-change']) => unknown,
  ): void;
}

/** Knows whether the browser is asking for the microphone, and notices that one which was refused has been allowed. */
export class MicrophoneHelp {
  /** Since the latest call began. */
  allowed = false;
  #permission: PermissionStatus | undefined;

  constructor(host: HelpHost) {
    host.addEventListener('state-change', async ({ detail: { state } }) => {
      if (state !== 'connecting') return;
      this.allowed = false;
      try {
        const permission = (this.#permission ??= await navigator.permissions.query({ name: 'microphone' }));
        permission.onchange = () => {
          this.allowed = permission.state === 'granted';
          host.requestUpdate();
        };
        host.requestUpdate();
      } catch {
        // Not every browser can be asked about the microphone.
      }
    });
  }

  /** A call that needs the microphone meets the browser's question. */
  get asks(): boolean {
    return this.#permission?.state === 'prompt';
  }
}
