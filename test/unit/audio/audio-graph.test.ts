import { afterEach, expect, it, vi } from 'vitest';
import { AudioGraph } from '../../../src/audio/audio-graph.js';

afterEach(() => vi.unstubAllGlobals());

it('a browser that gives the page no further context is an error about sound, which offers to type instead', () => {
  vi.stubGlobal('AudioContext', function AudioContext() {
    throw new DOMException('The number of contexts has reached the maximum.', 'NotSupportedError');
  });
  const handlers = { message: vi.fn(), interrupted: vi.fn(), lost: vi.fn() };
  expect(() => new AudioGraph(handlers)).toThrow(expect.objectContaining({ code: 'audio_failed' }));
});
