/** The entry of `dist/voice-agent.js`: the tag, and the client for scripts that bring their own UI. */
export { VoiceAgent, VoiceAgentError } from '../../src/index.js';
export { VoiceAgentElement } from './define.js';
