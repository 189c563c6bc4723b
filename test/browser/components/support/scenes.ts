import { VoiceAgentError } from '../../../../src/index.js';
import type { ScriptedAgent } from './scripted-agent.js';

function talk(script: ScriptedAgent): void {
  script.enter('connecting', 'listening');
  script.utter({ key: 'a', role: 'agent', text: 'Hello! How can I help you?' });
  script.utter({ key: 'b', role: 'user', text: 'A room for two nights, please.' });
  script.utter({ key: 'c', role: 'agent', text: 'There are two left: one', interrupted: true });
  script.utter({ key: 'd', role: 'agent', text: '', unheardText: 'Held back', unspoken: true });
  script.utter({ key: 'e', role: 'agent', text: 'And there', final: false });
}

/** Typical moments of a call. */
export const SCENES: Readonly<Record<string, (script: ScriptedAgent) => void>> = {
  idle: () => undefined,
  connecting: (script) => script.enter('connecting'),
  listening: (script) => {
    script.enter('connecting', 'listening');
    script.hear(true);
  },
  thinking: (script) => {
    talk(script);
    script.enter('thinking');
  },
  speaking: (script) => {
    talk(script);
    script.enter('speaking');
  },
  reconnecting: (script) => {
    talk(script);
    script.enter('reconnecting');
  },
  ended: (script) => {
    talk(script);
    script.enter('ended');
    script.fire('session-end', { reason: 'stopped', seconds: 75 });
  },
  error: (script) => {
    talk(script);
    script.fail(VoiceAgentError.fatal('connection_lost'));
  },
};
