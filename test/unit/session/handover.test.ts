import { describe, expect, it } from 'vitest';
import { decodeServerMessage } from '../../../src/protocol/codec.js';
import type { ResolvedSessionConfig, SessionUpdated } from '../../../src/protocol/messages.js';
import { mergeConfig, joinPrompt, storyOf, successorConfig } from '../../../src/session/handover.js';

const pcm = { encoding: 'audio/pcm' as const };

describe('a change of the session', () => {
  it('leaves other fields alone', () => {
    const config = {
      system_prompt: 'A',
      input: { format: pcm, keyterms: ['x'] },
      output: { format: pcm, volume: 50 },
    };
    expect(mergeConfig(config, { input: { keyterms: ['y'] }, output: { volume: 10 } })).toEqual({
      system_prompt: 'A',
      input: { format: pcm, keyterms: ['y'] },
      output: { format: pcm, volume: 10 },
    });
    expect(mergeConfig({ agent_id: 'a' }, {})).toEqual({ agent_id: 'a' });
  });

  it('also in nested objects, and replaces lists', () => {
    const config = {
      input: { turn_detection: { min_silence: 300, vad_threshold: 0.5 }, keyterms: ['a', 'b'] },
    };
    const change = { input: { turn_detection: { vad_threshold: 0.8 }, keyterms: ['c'] } };
    expect(mergeConfig(config, change)).toEqual({
      input: { turn_detection: { min_silence: 300, vad_threshold: 0.8 }, keyterms: ['c'] },
    });
  });
});

/** As the server reports it, read by the codec. */
function told(config: object): ResolvedSessionConfig {
  const [message] = decodeServerMessage(JSON.stringify({ type: 'session.updated', config }));
  return (message as SessionUpdated).config!;
}

describe('the first message of a fresh session', () => {
  it('is the resolved session without greeting, nulls and the server’s own tools', () => {
    const asked = { system_prompt: 'Be kind.', greeting: 'Hello.' };
    const resolved = {
      system_prompt: 'Be kind.',
      greeting: 'Hello.',
      created_at: 12,
      input: { format: pcm, transcription_prompt: null },
      output: { voice: 'alba', format: pcm },
      tools: [
        { type: 'function', name: 'a', description: 'A', parameters: { enum: [null, 1] }, http: null },
        { type: 'function', name: 'b', description: 'B', parameters: {}, http: { url: 'https://x' } },
      ],
    };
    expect(successorConfig(asked, told(resolved))).toEqual({
      system_prompt: 'Be kind.',
      input: { format: pcm },
      output: { voice: 'alba', format: pcm },
      tools: [{ type: 'function', name: 'a', description: 'A', parameters: { enum: [null, 1] } }],
    });
  });

  it('is what the page asked for if the server never reported its session', () => {
    const asked = { greeting: 'Hi', system_prompt: 'P', input: { format: pcm }, future_field: 7 };
    expect(successorConfig(asked, {})).toEqual({
      system_prompt: 'P',
      input: { format: pcm },
      future_field: 7,
    });
  });

  it('is the stored agent again if the server never reported its settings', () => {
    expect(successorConfig({ agent_id: 'stored' }, {})).toEqual({ agent_id: 'stored' });
    expect(successorConfig({ agent_id: 'stored' }, { output: { voice: 'alba' } })).toEqual({
      agent_id: 'stored',
    });
  });

  it('is the resolved session of a stored agent if it is complete', () => {
    const tools = [{ type: 'function', name: 'a', description: 'A', parameters: {}, http: null }];
    const resolved = told({ system_prompt: 'P', llm: null, tools });
    expect(successorConfig({ agent_id: 'stored' }, resolved)).toEqual({
      system_prompt: 'P',
      tools: [{ type: 'function', name: 'a', description: 'A', parameters: {} }],
    });
  });

  it.each<[string, object]>([
    ['a model of its own', { llm: { model: 'm' } }],
    ['tools that the server calls', { tools: [{ name: 'b', http: { url: 'https://x' } }] }],
    ['deployed tools', { tools: [{ name: 'b', deployment_id: 'd' }] }],
  ])('is the stored agent again, where it has %s', (_what, more) => {
    const resolved = told({ system_prompt: 'P', ...more });
    expect(successorConfig({ agent_id: 'stored' }, resolved)).toEqual({ agent_id: 'stored' });
  });

  it('contains the dialogue after the prompt', () => {
    expect(joinPrompt('Be kind.', storyOf('User: Hi'))).toMatch(
      /^Be kind\.\n\n.*without greeting again.*\nUser: Hi$/s,
    );
    expect(joinPrompt('Be kind.', storyOf(''))).toBe('Be kind.');
    expect(joinPrompt(undefined, storyOf('User: Hi'))).toMatch(/User: Hi$/);
  });
});
