import { useRef, useState, type ReactElement } from 'react';
import type { VoiceAgentState, VoiceAgentTool } from 'voice-agent-element';
import type { VoiceAgentElement } from 'voice-agent-element/element';
import { VoiceAgent } from 'voice-agent-element/react';

const TOKEN_URL: string = import.meta.env['VITE_TOKEN_URL'] ?? 'http://127.0.0.1:8787/voice-token';

/** Tools: functions of the page that the agent may call. */
const TOOLS: readonly VoiceAgentTool[] = [
  {
    name: 'get_time',
    description: 'The time on the visitor’s clock.',
    handler: () => ({ time: new Date().toLocaleTimeString() }),
  },
];

export function App(): ReactElement {
  const agent = useRef<VoiceAgentElement>(null);
  const [state, setState] = useState<VoiceAgentState>('idle');
  const [words, setWords] = useState('');
  return (
    <main>
      <p>
        The agent is <output id="state">{state}</output>.{' '}
        <button onClick={() => agent.current?.interrupt()} disabled={state !== 'speaking'}>
          Interrupt
        </button>
      </p>
      <VoiceAgent
        ref={agent}
        tokenUrl={TOKEN_URL}
        greeting="Hello from React."
        tools={TOOLS}
        onStateChange={({ detail }) => setState(detail.state)}
        onTranscript={({ detail }) => setWords(detail.text)}
      />
      <p id="words">{words}</p>
    </main>
  );
}
