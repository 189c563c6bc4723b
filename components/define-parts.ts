/** Registers all parts: those for pages, and those that `<voice-agent>` loads on request. */
export { AcrossPages } from './across-pages/across-pages.js';
export { DataLayer } from './data-layer/data-layer.js';
export {
  conversationContext,
  provideConversation,
  type ConversationContext,
} from './conversation/conversation-context.js';
export type { ConversationSignals, ConversationStore } from './conversation/conversation-store.js';
export { provideVoiceAgent, type ProvidedAgent } from './conversation/provide-voice-agent.js';
export type {
  ConversationActions,
  ConversationView,
  Notice,
  SoundSettings,
} from './parts/conversation-view.js';
export { addExtrasLanguage } from './extras/extras-locale.js';
export { VoiceAgentControlsElement } from './voice-agent-controls/define.js';
export { VoiceAgentDevicesElement } from './voice-agent-devices/define.js';
export { VoiceAgentExportElement } from './voice-agent-export/define.js';
export { VoiceAgentExtrasElement } from './voice-agent-extras/define.js';
export { VoiceAgentRecorderElement } from './voice-agent-recorder/define.js';
export { VoiceAgentSoundsElement } from './voice-agent-sounds/define.js';
export { VoiceAgentStatsElement } from './voice-agent-stats/define.js';
export { VoiceAgentTranscriptElement } from './voice-agent-transcript/define.js';
export { VoiceAgentVisualizerElement } from './voice-agent-visualizer/define.js';
