/** Registers `<voice-agent-devices>`, unless that was done already. */
import { VoiceAgentDevicesElement } from './voice-agent-devices.js';

if (typeof document === 'object' && !customElements.get('voice-agent-devices'))
  customElements.define('voice-agent-devices', VoiceAgentDevicesElement);

declare global {
  interface HTMLElementTagNameMap {
    'voice-agent-devices': VoiceAgentDevicesElement;
  }
}

export { VoiceAgentDevicesElement };
