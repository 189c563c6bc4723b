/** What page, server, network and system may do during a call, in random order. */
import fc from 'fast-check';
import type { Told } from './client-page.js';

const ASKED = ['start', 'stop', 'mute', 'unmute', 'say', 'interrupt', 'update', 'wake', 'offline'] as const;
/** A page is not left while one of its handlers runs. */
const LEAVINGS = ['leave', 'hand-over'] as const;
/** What a page may ask for. */
export type Asked = (typeof ASKED | typeof LEAVINGS)[number];
/** One act of the page, the microphone, the network, the server or the system. */
export type Act =
  | { readonly what: 'page'; readonly asks: Asked }
  | { readonly what: 'speak'; readonly quanta: number }
  | { readonly what: 'time'; readonly ms: number }
  | { readonly what: 'open' | 'accept' | 'ended' | 'reply' | 'tool' | 'sound-lost' | 'sound-fails' }
  | { readonly what: 'refuse'; readonly code: string }
  | { readonly what: 'close'; readonly code: number }
  | { readonly what: 'worker'; readonly becomes: 'busy' | 'free' | 'dead' };

/** A handler of the page that asks for something at its first event. */
export interface Handler {
  readonly on: Told['type'];
  readonly asks: Asked;
}

const asked = fc.constantFrom<Asked>(...ASKED);
export const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: asked.map((asks): Act => ({ what: 'page', asks })) },
  { weight: 3, arbitrary: fc.constant<Act>({ what: 'page', asks: 'start' }) },
  { weight: 2, arbitrary: fc.constantFrom(...LEAVINGS).map((asks): Act => ({ what: 'page', asks })) },
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 60 }).map((quanta): Act => ({ what: 'speak', quanta })) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 1_500 }).map((ms): Act => ({ what: 'time', ms })) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 40_000 }).map((ms): Act => ({ what: 'time', ms })) },
  { weight: 2, arbitrary: fc.constant<Act>({ what: 'open' }) },
  { weight: 9, arbitrary: fc.constant<Act>({ what: 'accept' }) },
  {
    weight: 5,
    arbitrary: fc.constantFrom<Act>(
      ...(['ended', 'reply', 'reply', 'tool', 'sound-lost', 'sound-fails'] as const).map((what) => ({
        what,
      })),
    ),
  },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom('unauthorized', 'at_capacity', 'session_not_found', 'session_expired', 'invalid_value')
      .map((code): Act => ({ what: 'refuse', code })),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(1000, 1006, 1008, 1011, 4000).map((code): Act => ({ what: 'close', code })),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom<'busy' | 'free' | 'dead'>('busy', 'free', 'free', 'dead')
      .map((becomes): Act => ({ what: 'worker', becomes })),
  },
);
export const handlers: fc.Arbitrary<Handler[]> = fc.array(
  fc.record({
    on: fc.constantFrom('state-change', 'session-ready', 'session-end', 'transcript', 'agent-error'),
    asks: asked,
  }),
  { maxLength: 4 },
);
