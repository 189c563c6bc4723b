/** Registers `<voice-agent>`. Importing it twice, or beside another copy, does no harm: the first one stays. */
import { VoiceAgentElement } from './voice-agent.js';

if (typeof document === 'object' && !customElements.get('voice-agent'))
  customElements.define('voice-agent', VoiceAgentElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent': VoiceAgentElement;
  }
}

export { VoiceAgentElement };
