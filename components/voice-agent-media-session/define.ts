/** Registers `<voice-agent-media-session>`, unless that was done already. */
import { VoiceAgentMediaSessionElement } from './voice-agent-media-session.js';

if (typeof document === 'object' && !customElements.get('voice-agent-media-session'))
  customElements.define('voice-agent-media-session', VoiceAgentMediaSessionElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-media-session': VoiceAgentMediaSessionElement;
  }
}

export { VoiceAgentMediaSessionElement };
