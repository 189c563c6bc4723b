/** What `dist/voice-agent.js` is made from: the tag, and the client for a script that brings its own face. */
export { VoiceAgent, VoiceAgentError } from '../../src/index.js';
export { VoiceAgentElement } from './define.js';
