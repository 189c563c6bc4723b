/** Registers `<voice-agent-visualizer>`, unless that was done already. */
import { VoiceAgentVisualizerElement } from './voice-agent-visualizer.js';

if (typeof document === 'object' && !customElements.get('voice-agent-visualizer'))
  customElements.define('voice-agent-visualizer', VoiceAgentVisualizerElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-visualizer': VoiceAgentVisualizerElement;
  }
}

export { VoiceAgentVisualizerElement };
