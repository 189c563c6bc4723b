/** Registers `<voice-agent-controls>`, unless that was done already. */
import { isServer } from 'lit';
import { VoiceAgentControlsElement } from './voice-agent-controls.js';

if (!isServer && !customElements.get('voice-agent-controls'))
  customElements.define('voice-agent-controls', VoiceAgentControlsElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-controls': VoiceAgentControlsElement;
  }
}

export { VoiceAgentControlsElement };
