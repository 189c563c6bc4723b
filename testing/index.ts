/**
 * For tests of pages with `<voice-agent>`, in Node: the local agent, which receives and sends speech, and a server that
 * sends exactly the messages that a test specifies. Published as `voice-agent-local/testing`.
 */
export { LocalAgent, type AgentOptions } from '../agent/agent.js';
export { AgentEventEmitter } from '../agent/events.js';
export { parseFaults, type Faults } from '../agent/faults.js';
export { AgentRecording } from '../agent/recording.js';
export { startAgent, type AgentServer, type AgentServerOptions } from '../agent/server.js';
export {
  ScriptedCall,
  type Manners,
  type Packet,
  type Received,
  type ScriptedReply,
  type Speech,
  type WireMessage,
} from '../test/support/scripted-call.js';
export { ScriptedServer } from '../test/support/scripted-server.js';
