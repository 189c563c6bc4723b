import { expectTypeOf, it } from 'vitest';
import type { VoiceAgentElement } from '../../../components/voice-agent/voice-agent.js';
import type { TranscriptDetail, VoiceAgent } from '../../../src/index.js';

/** Types of events, checked by the compiler only: nothing here runs. */
type Given<Target extends VoiceAgent | VoiceAgentElement> = (target: Target) => void;

it('events of both classes carry typed details', () => {
  const client: Given<VoiceAgent> = (agent) => {
    agent.addEventListener('transcript', (event) =>
      expectTypeOf(event.detail).toEqualTypeOf<TranscriptDetail>(),
    );
    agent.addEventListener('session-end', ({ detail }) =>
      expectTypeOf(detail.seconds).toEqualTypeOf<number>(),
    );
    agent.addEventListener('of-the-page', (event) => expectTypeOf(event).toEqualTypeOf<Event>());
    // @ts-expect-error there is no such field
    agent.addEventListener('transcript', ({ detail }) => detail.speaker);
  };
  const element: Given<VoiceAgentElement> = (tag) => {
    tag.addEventListener('transcript', ({ detail }) =>
      expectTypeOf(detail.role).toEqualTypeOf<'user' | 'agent'>(),
    );
    tag.addEventListener('open-change', ({ detail }) => expectTypeOf(detail.open).toEqualTypeOf<boolean>());
    tag.addEventListener('click', (event) => expectTypeOf(event.button).toEqualTypeOf<number>());
    tag.removeEventListener('stats', ({ detail }) =>
      expectTypeOf(detail.packetsSent).toEqualTypeOf<number>(),
    );
  };
  expectTypeOf(client).toBeFunction();
  expectTypeOf(element).toBeFunction();
});

it('options of the client are properties of the element, null if the attribute was removed', () => {
  expectTypeOf<VoiceAgentElement['maxDuration']>().toEqualTypeOf<number | null | undefined>();
  expectTypeOf<VoiceAgent['maxDuration']>().toEqualTypeOf<number | undefined>();
  expectTypeOf<VoiceAgentElement['releaseMicrophone']>().toEqualTypeOf<boolean>();
  expectTypeOf<VoiceAgent['toolTiming']>().toEqualTypeOf<'after-reply' | 'immediate' | undefined>();
});
