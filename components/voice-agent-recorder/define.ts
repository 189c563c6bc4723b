/** Registers `<voice-agent-recorder>`, unless that was done already. */
import { VoiceAgentRecorderElement } from './voice-agent-recorder.js';

if (typeof document === 'object' && !customElements.get('voice-agent-recorder'))
  customElements.define('voice-agent-recorder', VoiceAgentRecorderElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-recorder': VoiceAgentRecorderElement;
  }
}

export { VoiceAgentRecorderElement };
