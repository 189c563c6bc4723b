/** Registers `<voice-agent-extras>`, unless that was done already. */
import { VoiceAgentExtrasElement } from './voice-agent-extras.js';

if (typeof document === 'object' && !customElements.get('voice-agent-extras'))
  customElements.define('voice-agent-extras', VoiceAgentExtrasElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-extras': VoiceAgentExtrasElement;
  }
}

export { VoiceAgentExtrasElement };
