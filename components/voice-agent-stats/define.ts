/** Registers `<voice-agent-stats>`, unless that was done already. */
import { VoiceAgentStatsElement } from './voice-agent-stats.js';

if (typeof document === 'object' && !customElements.get('voice-agent-stats'))
  customElements.define('voice-agent-stats', VoiceAgentStatsElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-stats': VoiceAgentStatsElement;
  }
}

export { VoiceAgentStatsElement };
