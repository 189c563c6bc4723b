/** Registers `<voice-agent-export>`, unless that was done already. */
import { VoiceAgentExportElement } from './voice-agent-export.js';

if (typeof document === 'object' && !customElements.get('voice-agent-export'))
  customElements.define('voice-agent-export', VoiceAgentExportElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-export': VoiceAgentExportElement;
  }
}

export { VoiceAgentExportElement };
