/** A resolved session whose fields have other types than documented: from a newer server, another one, or a broken one. */
import { describe, expect, it } from 'vitest';
import { SessionBench } from '../../support/session-bench.js';

const ODD: readonly unknown[] = [0, true, 'text', [], [null], ['text'], {}, { inner: { a: 1 } }];

/** Dots separate nested fields. */
const FIELDS = [
  'agent_id',
  'system_prompt',
  'greeting',
  'llm',
  'webhook',
  '__proto__',
  'constructor',
  'tools',
  'tools.0',
  'tools.0.name',
  'tools.0.http',
  'tools.0.deployment_id',
  'tools.0.parameters',
  'input',
  'input.type',
  'input.format',
  'input.format.encoding',
  'input.format.sample_rate',
  'input.keyterms',
  'input.turn_detection',
  'input.turn_detection.type',
  ...[
    'vad_threshold',
    'min_silence',
    'interrupt_response',
    'interruption_delay',
    'uninterruptible_turns',
  ].map((name) => `input.turn_detection.${name}`),
  'output',
  'output.type',
  'output.voice',
  'output.volume',
  'output.format',
  'output.format.encoding',
];

function configWith(path: string, value: unknown): unknown {
  return path.split('.').reduceRight<unknown>((inner, name) => {
    if (name === '0') return [{ name: 'tool', ...(inner as object) }];
    return JSON.parse(`{"${name}":${JSON.stringify(inner)}}`);
  }, value);
}

describe('a field of another type in the resolved session', () => {
  it.each(FIELDS)('does not stop a call: %s', async (path) => {
    for (const value of ODD) {
      const config = configWith(path, value);
      const bench = new SessionBench();
      await bench.untilReady({ config });
      expect(bench.of('session-ready'), JSON.stringify(config)).toHaveLength(1);
      bench.server.latest.serverSends({ type: 'session.updated', config });
      bench.echo({ playedSeconds: 20, echoAboveNoiseDb: 30 });
      bench.session.update({ input: { keyterms: ['k'] } });
      bench.reply('a');
      bench.hear(1, 100, true);
      await bench.loseSession();
      bench.accept('s-2', { config });
      expect(bench.of('session-ready').map(({ how }) => how)).toEqual(['first', 'fresh']);
    }
  });
});
