/** Registers `<voice-agent>`. Importing it twice, or beside another copy, does no harm: the first one stays. */
import { isServer } from 'lit';
import { VoiceAgentElement } from './voice-agent.js';

if (!isServer && !customElements.get('voice-agent')) customElements.define('voice-agent', VoiceAgentElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent': VoiceAgentElement;
  }
}

export { VoiceAgentElement };
