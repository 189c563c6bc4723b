import type { VoiceAgentElementEventMap } from '../voice-agent/voice-agent.events.js';

interface HelpHost {
  requestUpdate(): void;
  addEventListener(
    type: 'agent-error',
    listener: (event: VoiceAgentElementEventMap['agent-error']) => unknown,
  ): void;
}

/** Notices that a microphone which was refused has been allowed meanwhile. */
export class MicrophoneHelp {
  /** The latest error was a refusal, and it does not hold any more. */
  allowed = false;

  constructor(host: HelpHost) {
    host.addEventListener('agent-error', async ({ detail: { code } }) => {
      this.allowed = false;
      if (code !== 'microphone_denied') return;
      try {
        const permission = await navigator.permissions.query({ name: 'microphone' });
        permission.onchange = () => {
          this.allowed = permission.state === 'granted';
          host.requestUpdate();
        };
      } catch {
        // Not every browser can be asked about the microphone.
      }
    });
  }
}
