'use client';

import { useState } from 'react';
import { VoiceAgent } from 'voice-agent-element/react';

/** Functions are tools: the agent may call them while it talks. */
const TOOLS = [
  {
    name: 'get_time',
    description: 'The time on the visitor’s clock.',
    handler: () => ({ time: new Date().toLocaleTimeString() }),
  },
];

export function Agent() {
  const [state, setState] = useState('idle');
  const [words, setWords] = useState('');
  return (
    <>
      <p>
        The agent is <output id="state">{state}</output>.
      </p>
      <VoiceAgent
        tokenUrl="/voice-token"
        greeting="Hello from Next.js."
        tools={TOOLS}
        onStateChange={({ detail }) => setState(detail.state)}
        onTranscript={({ detail }) => setWords(detail.text)}
      />
      <p id="words">{words}</p>
    </>
  );
}
