/** Registers `<voice-agent-controls>`, unless that was done already. */
import { VoiceAgentControlsElement } from './voice-agent-controls.js';

if (typeof document === 'object' && !customElements.get('voice-agent-controls'))
  customElements.define('voice-agent-controls', VoiceAgentControlsElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-controls': VoiceAgentControlsElement;
  }
}

export { VoiceAgentControlsElement };
