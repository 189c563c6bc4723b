/** Registers the parts that stand alone: `<voice-agent-transcript>`, `<voice-agent-controls>`, `<voice-agent-visualizer>`. */
export { VoiceAgentControlsElement } from './voice-agent-controls/define.js';
export { VoiceAgentTranscriptElement } from './voice-agent-transcript/define.js';
export { VoiceAgentVisualizerElement } from './voice-agent-visualizer/define.js';
