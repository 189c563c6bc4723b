import { describe, expect, test } from 'vitest';
import { parseClientMessage } from '../../../agent/protocol.js';
import {
  canRecognize,
  DEFAULT_CONFIG,
  echoOf,
  firstConfig,
  laterConfig,
} from '../../../agent/session-config.js';

const TOOL = {
  type: 'function',
  name: 'get_time',
  description: 'Tells the time.',
  parameters: { type: 'object', properties: {} },
};

function update(session: Record<string, unknown>): string {
  return JSON.stringify({ type: 'session.update', session });
}

describe('parseClientMessage', () => {
  test.each([
    update({}),
    update({ agent_id: 'demo' }),
    update({
      system_prompt: 'Be kind.',
      greeting: 'Hello.',
      input: {
        format: { encoding: 'audio/pcmu', sample_rate: 8000 },
        keyterms: ['voice'],
        transcription_mode: 'min_latency',
        transcription_prompt: 'About ships.',
        language_codes: ['en'],
        voice_focus: 'near-field',
        voice_focus_threshold: 0.5,
        turn_detection: {
          vad_threshold: 0.5,
          min_silence: 300,
          max_silence: 900,
          interrupt_response: true,
          interruption_delay: 500,
        },
      },
      output: { voice: 'alba', format: { encoding: 'audio/pcma' }, volume: 80 },
      tools: [{ ...TOOL, execution_mode: 'hold', timeout_seconds: 20 }],
    }),
    '{"type":"session.resume","session_id":"s1"}',
    '{"type":"input.audio","audio":"AAAA"}',
    '{"type":"tool.result","call_id":"c1","result":"{\\"ok\\":true}"}',
    '{"type":"tool.result","call_id":"c1","result":"\\"text\\"","is_error":true}',
    '{"type":"reply.create"}',
    '{"type":"reply.create","instructions":"Tell a joke."}',
    '{"type":"conversation.message","role":"system","content":"The user is in Lisbon."}',
    '{"type":"session.end"}',
    '{"type":"reply.cancel","reply_id":"r1"}',
    update({ input: { type: 'text', language_codes: ['tlh'] }, output: { type: 'text' } }),
    update({ input: { turn_detection: { type: 'semantic_vad', uninterruptible_turns: ['greeting'] } } }),
    update({ tools: [{ ...TOOL, name: 'aai_transfer', deployment_id: 'd1' }] }),
  ])('accepts %s', (text) => {
    const { message, problems, unknownFields } = parseClientMessage(text);
    expect({ problems, unknownFields }).toEqual({ problems: [], unknownFields: [] });
    expect(message).toEqual(JSON.parse(text));
  });

  test.each([
    ['not JSON', '{"type":', 'invalid_format', ''],
    ['a list', '[]', 'invalid_format', 'type'],
    ['an unknown type', '{"type":"session.start"}', 'invalid_format', 'type'],
    ['an update without a session', '{"type":"session.update"}', 'invalid_format', 'session'],
    ['a null greeting', update({ greeting: null }), 'invalid_value', 'greeting'],
    [
      'an unknown encoding',
      update({ input: { format: { encoding: 'audio/opus' } } }),
      'invalid_format',
      'input.format.encoding',
    ],
    [
      'an encoding at a foreign rate',
      update({ output: { format: { encoding: 'audio/pcm', sample_rate: 16_000 } } }),
      'invalid_format',
      'output.format.sample_rate',
    ],
    ['a voice that is no id', update({ output: { voice: 'Alba Smith' } }), 'invalid_value', 'output.voice'],
    ['an unknown field at the top', update({ greating: 'Hi' }), 'invalid_format', 'greating'],
    ['a model of its own', update({ llm: { model: 'x' } }), 'invalid_format', 'llm'],
    ['a voice of old samples', update({ output: { voice: 'ivy' } }), 'invalid_value', 'output.voice'],
    [
      'an interruption delay beyond a second',
      update({ input: { turn_detection: { interruption_delay: 1001 } } }),
      'invalid_value',
      'input.turn_detection.interruption_delay',
    ],
    ['a cancel of no reply', '{"type":"reply.cancel"}', 'invalid_format', 'reply_id'],
    ['a volume beyond 100', update({ output: { volume: 101 } }), 'invalid_value', 'output.volume'],
    [
      '101 keyterms',
      update({ input: { keyterms: Array(101).fill('x') } }),
      'invalid_value',
      'input.keyterms',
    ],
    [
      'a threshold beyond 1',
      update({ input: { turn_detection: { vad_threshold: 2 } } }),
      'invalid_value',
      'input.turn_detection.vad_threshold',
    ],
    [
      'a tool without a name',
      update({ tools: [{ ...TOOL, name: undefined }] }),
      'invalid_format',
      'tools[0].name',
    ],
    [
      'a tool that waits too long',
      update({ tools: [{ ...TOOL, timeout_seconds: 301 }] }),
      'invalid_value',
      'tools[0].timeout_seconds',
    ],
    ['audio in the wrong field', '{"type":"input.audio","data":"AAAA"}', 'invalid_format', 'audio'],
    [
      'a tool result that is an object',
      '{"type":"tool.result","call_id":"c","result":{"ok":true}}',
      'invalid_value',
      'result',
    ],
    [
      'a tool result that is no JSON',
      '{"type":"tool.result","call_id":"c","result":"plain"}',
      'invalid_value',
      'result',
    ],
    [
      'a role of its own',
      '{"type":"conversation.message","role":"agent","content":""}',
      'invalid_value',
      'role',
    ],
  ])('refuses %s', (_name, text, code, param) => {
    const { message, problems } = parseClientMessage(text);
    expect(message).toBeUndefined();
    expect(problems[0]).toMatchObject({ code, param });
  });

  test('reports fields that are not in the reference, without refusing them', () => {
    const { message, unknownFields } = parseClientMessage(update({ output: { speed: 2 } }));
    expect(message).toBeDefined();
    expect(unknownFields).toEqual(['session.update.session.output.speed']);
  });
});

describe('the session object', () => {
  test('the first update overrides the defaults', () => {
    const result = firstConfig({
      input: { format: { encoding: 'audio/pcma' } },
      tools: [TOOL],
      greeting: 'Hi.',
    });
    expect(result).toMatchObject({
      config: {
        ...DEFAULT_CONFIG,
        given: { greeting: 'Hi.' },
        greeting: 'Hi.',
        input: { ...DEFAULT_CONFIG.input, format: { encoding: 'audio/pcma', sample_rate: 8000 } },
        tools: [TOOL],
      },
    });
  });

  test('a later update changes mutable fields and replaces the tools', () => {
    const result = laterConfig(
      { ...DEFAULT_CONFIG, tools: [{ ...TOOL, type: 'function' }] },
      {
        system_prompt: 'New.',
        tools: [],
        output: { volume: 30 },
        input: { turn_detection: { min_silence: 900 } },
      },
    );
    expect(result).toMatchObject({
      config: { system_prompt: 'New.', tools: [], output: { voice: 'alba', volume: 30 } },
    });
    expect('config' in result && result.config.input.turn_detection.min_silence).toBe(900);
  });

  test.each([
    ['greeting', { greeting: 'Again.' }, 'greeting'],
    ['the voice', { output: { voice: 'anna' } }, 'output.voice'],
    ['the output format', { output: { format: { encoding: 'audio/pcmu' } } }, 'output.format'],
  ])('a later update must not change %s', (_name, change, param) => {
    expect(laterConfig(DEFAULT_CONFIG, change)).toMatchObject({ error: { code: 'immutable_field', param } });
  });

  test('agent_id excludes every other field, must exist, and is allowed in the first update only', () => {
    expect(firstConfig({ agent_id: 'demo' })).toMatchObject({ config: { agent_id: 'demo' } });
    expect(firstConfig({ agent_id: 'demo', greeting: 'Hi.' })).toMatchObject({
      error: { code: 'invalid_value' },
    });
    expect(firstConfig({ agent_id: 'nobody' })).toMatchObject({ error: { code: 'agent_not_found' } });
    expect(laterConfig(DEFAULT_CONFIG, { agent_id: 'demo' })).toMatchObject({
      error: { code: 'agent_id_not_first' },
    });
  });

  test('its echo is null for every field that was not set', () => {
    const first = firstConfig({ output: { format: { encoding: 'audio/pcmu' }, volume: 40 } });
    const second = 'config' in first ? laterConfig(first.config, { system_prompt: 'New.' }) : first;
    expect('config' in second && echoOf(second.config)).toMatchObject({
      agent_id: null,
      greeting: null,
      tools: null,
      system_prompt: 'New.',
      input: { format: null, language_codes: null, turn_detection: null },
      output: { voice: null, volume: 40, format: { encoding: 'audio/pcmu', sample_rate: 8000 } },
    });
  });

  test('interruption_delay is 500 ms by default, 0 with min_latency, or as set', () => {
    const delayMs = (input: Record<string, unknown>): unknown => {
      const result = firstConfig({ input });
      return 'config' in result && result.config.input.turn_detection.interruption_delay;
    };
    const chosen = { transcription_mode: 'min_latency', turn_detection: { interruption_delay: 200 } };
    expect([delayMs({}), delayMs({ transcription_mode: 'min_latency' }), delayMs(chosen)]).toEqual([
      500, 0, 200,
    ]);
  });

  test('a stored agent is found in its own region only', () => {
    expect(firstConfig({ agent_id: 'demo-eu' }, 'eu')).toMatchObject({ config: { agent_id: 'demo-eu' } });
    expect(firstConfig({ agent_id: 'demo-eu' }, 'us')).toMatchObject({ error: { code: 'agent_not_found' } });
  });

  test('languages are recognized by their codes, with and without a country', () => {
    const can = (codes: string[]): boolean => {
      const result = firstConfig({ input: { language_codes: codes } });
      return 'config' in result && canRecognize(result.config);
    };
    expect([can(['en', 'de-AT']), can(['tlh']), can(['en', 'tlh'])]).toEqual([true, false, false]);
  });

  test('a min_silence longer than max_silence is refused', () => {
    const turns = { input: { turn_detection: { min_silence: 900, max_silence: 500 } } };
    expect(firstConfig(turns)).toMatchObject({
      error: { param: 'input.turn_detection.min_silence' },
    });
  });
});
