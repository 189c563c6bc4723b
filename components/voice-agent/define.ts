/** Registers `<voice-agent>`. Importing it twice, or next to another copy, is harmless: the first one wins. */
import { VoiceAgentElement } from './voice-agent.js';

if (typeof document === 'object' && !customElements.get('voice-agent'))
  customElements.define('voice-agent', VoiceAgentElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent': VoiceAgentElement;
  }
}

export { VoiceAgentElement };
