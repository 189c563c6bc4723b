import { expectTypeOf, it } from 'vitest';
import type { SessionConfig } from '../../../src/index.js';

it('the fields of the session object are typed, and open for new ones', () => {
  const config: SessionConfig = {
    input: {
      type: 'audio',
      continuous_partials: true,
      turn_detection: { type: 'semantic_vad', uninterruptible_turns: ['greeting'], of_next_year: 1 },
    },
    output: { type: 'text', volume: 50 },
    tools: [
      { type: 'function', name: 'a', description: 'b', parameters: {}, response_instructions: 'Be brief.' },
    ],
    webhook: { url: 'https://shop.test/hook', events: ['session.ended'] },
    of_next_year: true,
  };
  // @ts-expect-error a way of turn detection that does not exist
  const wrong: SessionConfig = { input: { turn_detection: { type: 'guess' } } };
  expectTypeOf(config).toExtend<SessionConfig>();
  expectTypeOf(wrong).toExtend<SessionConfig>();
});
