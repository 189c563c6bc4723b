/** Registers `<voice-agent-transcript>`, unless that was done already. */
import { VoiceAgentTranscriptElement } from './voice-agent-transcript.js';

if (typeof document === 'object' && !customElements.get('voice-agent-transcript'))
  customElements.define('voice-agent-transcript', VoiceAgentTranscriptElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-transcript': VoiceAgentTranscriptElement;
  }
}

export { VoiceAgentTranscriptElement };
