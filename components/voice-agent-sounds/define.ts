/** Registers `<voice-agent-sounds>`, unless that was done already. */
import { VoiceAgentSoundsElement } from './voice-agent-sounds.js';

if (typeof document === 'object' && !customElements.get('voice-agent-sounds'))
  customElements.define('voice-agent-sounds', VoiceAgentSoundsElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-sounds': VoiceAgentSoundsElement;
  }
}

export { VoiceAgentSoundsElement };
