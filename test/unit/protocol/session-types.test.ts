import { expectTypeOf, it } from 'vitest';
import type { SessionConfig, SessionReadyDetail } from '../../../src/index.js';

it('every field of the session object is typed, and each object is open for new ones', () => {
  const config: SessionConfig = {
    system_prompt: 'Be brief.',
    greeting: 'Hello.',
    input: {
      type: 'audio',
      format: { encoding: 'audio/pcmu', sample_rate: 8_000 },
      keyterms: ['AssemblyScript'],
      transcription_mode: 'min_latency',
      transcription_prompt: 'A hotel.',
      language_codes: ['en', 'de'],
      voice_focus: 'near-field',
      voice_focus_threshold: 0.5,
      continuous_partials: true,
      turn_detection: {
        type: 'semantic_vad',
        vad_threshold: 0.5,
        min_silence: 400,
        max_silence: 2_000,
        interrupt_response: true,
        interruption_delay: 500,
        uninterruptible_turns: ['greeting'],
        of_next_year: 1,
      },
      of_next_year: 1,
    },
    output: { type: 'text', voice: 'alba', format: { encoding: 'audio/pcma' }, volume: 50, of_next_year: 1 },
    tools: [
      {
        type: 'function',
        name: 'book',
        description: 'Books a room.',
        parameters: { type: 'object' },
        execution_mode: 'hold',
        timeout_seconds: 30,
        response_instructions: 'Be brief.',
        deployment_id: 'd-1',
        of_next_year: 1,
      },
    ],
    webhook: { url: 'https://shop.test/hook', events: ['session.ended'], secret: 's', of_next_year: 1 },
    pre_connect_requests: [{ url: 'https://shop.test/' }],
    of_next_year: true,
  };
  expectTypeOf(config).toExtend<SessionConfig>();
  expectTypeOf<{ agent_id: string }>().toExtend<SessionConfig>();
});

it('a wrong value of any of them does not compile', () => {
  type Input = NonNullable<SessionConfig['input']>;
  type Turns = NonNullable<Input['turn_detection']>;
  type Output = NonNullable<SessionConfig['output']>;
  type Tool = NonNullable<SessionConfig['tools']>[number];
  expectTypeOf<{ agent_id: 7 }>().not.toExtend<SessionConfig>();
  expectTypeOf<{ system_prompt: null }>().not.toExtend<SessionConfig>();
  expectTypeOf<{ greeting: null }>().not.toExtend<SessionConfig>();
  expectTypeOf<{ webhook: { events: string[] } }>().not.toExtend<SessionConfig>();
  expectTypeOf<{ pre_connect_requests: string }>().not.toExtend<SessionConfig>();
  expectTypeOf<{ type: 'video' }>().not.toExtend<Input>();
  expectTypeOf<{ format: { encoding: 'mp3' } }>().not.toExtend<Input>();
  expectTypeOf<{ keyterms: string }>().not.toExtend<Input>();
  expectTypeOf<{ transcription_mode: 'fast' }>().not.toExtend<Input>();
  expectTypeOf<{ transcription_prompt: 7 }>().not.toExtend<Input>();
  expectTypeOf<{ language_codes: 'en' }>().not.toExtend<Input>();
  expectTypeOf<{ voice_focus: 'far' }>().not.toExtend<Input>();
  expectTypeOf<{ voice_focus_threshold: '1' }>().not.toExtend<Input>();
  expectTypeOf<{ continuous_partials: 1 }>().not.toExtend<Input>();
  expectTypeOf<{ type: 'guess' }>().not.toExtend<Turns>();
  expectTypeOf<{ vad_threshold: '1' }>().not.toExtend<Turns>();
  expectTypeOf<{ min_silence: '1' }>().not.toExtend<Turns>();
  expectTypeOf<{ max_silence: '1' }>().not.toExtend<Turns>();
  expectTypeOf<{ interrupt_response: 'no' }>().not.toExtend<Turns>();
  expectTypeOf<{ interruption_delay: '1' }>().not.toExtend<Turns>();
  expectTypeOf<{ uninterruptible_turns: 'greeting' }>().not.toExtend<Turns>();
  expectTypeOf<{ type: 'video' }>().not.toExtend<Output>();
  expectTypeOf<{ voice: 7 }>().not.toExtend<Output>();
  expectTypeOf<{ format: { encoding: 'mp3' } }>().not.toExtend<Output>();
  expectTypeOf<{ volume: '50' }>().not.toExtend<Output>();
  const tool = { type: 'function', name: '', description: '', parameters: {} } as const;
  expectTypeOf(tool).toExtend<Tool>();
  expectTypeOf<Omit<typeof tool, 'name'>>().not.toExtend<Tool>();
  expectTypeOf<typeof tool & { execution_mode: 'later' }>().not.toExtend<Tool>();
  expectTypeOf<typeof tool & { timeout_seconds: '1' }>().not.toExtend<Tool>();
  expectTypeOf<typeof tool & { response_instructions: 7 }>().not.toExtend<Tool>();
  expectTypeOf<typeof tool & { deployment_id: 7 }>().not.toExtend<Tool>();
});

it('the resolved session has the fields of a stored agent', () => {
  type Resolved = NonNullable<SessionReadyDetail['config']>;
  expectTypeOf<Resolved['llm']>().toEqualTypeOf<Record<string, unknown> | undefined>();
  expectTypeOf<NonNullable<Resolved['tools']>[number]['http']>().toEqualTypeOf<
    Record<string, unknown> | undefined
  >();
  expectTypeOf<Resolved>().toExtend<SessionConfig>();
});
