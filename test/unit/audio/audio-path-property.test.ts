/** What becomes of contexts, worklets and speakers, in random order, while the page changes its settings. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { AudioPath, type AudioSettings } from '../../../src/audio/audio-path.js';
import { checkProperty } from '../../support/check-property.js';
import { stubPage } from '../../support/client-page.js';
import { FakeAudioContext } from '../../support/fake-audio-context.js';

type Act =
  | { readonly what: 'set'; readonly settings: AudioSettings }
  | { readonly what: 'time'; readonly ms: number }
  | {
      readonly what:
        'suspended' | 'interrupted' | 'closed' | 'error' | 'stuck' | 'rate' | 'worklet' | 'gesture' | 'track';
    }
  | { readonly what: 'held' | 'free' | 'refused' };

const settings = fc.record({
  muted: fc.boolean(),
  volume: fc.constantFrom(0, 0.5, 1),
  tap: fc.boolean(),
  speakerId: fc.constantFrom(undefined, 'usb', 'tv'),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 5, arbitrary: settings.map((given): Act => ({ what: 'set', settings: given })) },
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 6_000 }).map((ms): Act => ({ what: 'time', ms })) },
  {
    weight: 6,
    arbitrary: fc
      .constantFrom(
        'suspended',
        'interrupted',
        'closed',
        'error',
        'stuck',
        'rate',
        'worklet',
        'gesture',
        'track',
      )
      .map((what): Act => ({ what })),
  },
  { weight: 3, arbitrary: fc.constantFrom<Act>({ what: 'held' }, { what: 'free' }, { what: 'refused' }) },
);

class Track extends EventTarget {
  readonly label = 'A microphone';
  readonly muted = false;
  readonly stop = (): void => undefined;
  readonly getSettings = (): MediaTrackSettings => ({ sampleRate: 48_000 });
}

class Trial {
  track = new Track();
  settings: AudioSettings = {};
  failures = 0;
  replaced: MessagePort | undefined;
  readonly codes: string[] = [];
  readonly path = new AudioPath(
    {},
    {
      tell: (event) => event.type === 'agent-error' && this.codes.push(event.detail.code),
      replaced: (port) => (this.replaced = port),
      failed: () => this.failures++,
    },
  );

  async start(): Promise<void> {
    const getUserMedia = (): Promise<unknown> => {
      const track = (this.track = new Track());
      return Promise.resolve({ getTracks: () => [track], getAudioTracks: () => [track] });
    };
    const enumerateDevices = (): Promise<unknown> => Promise.resolve([]);
    Object.assign(navigator, {
      mediaDevices: Object.assign(new EventTarget(), { getUserMedia, enumerateDevices }),
    });
    await Promise.all([this.path.openMicrophone(), this.path.load()]);
    await this.path.run();
  }

  async do(one: Act): Promise<void> {
    const context = FakeAudioContext.latest;
    switch (one.what) {
      case 'set':
        this.settings = one.settings;
        this.path.set(one.settings);
        break;
      case 'time':
        await vi.advanceTimersByTimeAsync(one.ms);
        break;
      case 'suspended':
        context.suspend();
        break;
      case 'interrupted':
        context.interrupt();
        break;
      case 'closed':
        void context.close();
        break;
      case 'error':
        context.dispatchEvent(new Event('error'));
        break;
      case 'stuck':
        context.stuckAt = context.currentTime;
        break;
      case 'rate':
        context.sampleRate = 44_100;
        break;
      case 'worklet':
        context.node?.fail();
        break;
      case 'gesture':
        document.dispatchEvent(new Event('pointerdown'));
        break;
      case 'track':
        this.track.dispatchEvent(new Event('ended'));
        break;
      case 'refused':
        FakeAudioContext.refusals = 1;
        break;
      default:
        FakeAudioContext.isHeld = one.what === 'held';
    }
    await vi.advanceTimersByTimeAsync(0);
  }
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const open = (): FakeAudioContext[] => FakeAudioContext.made.filter(({ state }) => state !== 'closed');

it('the sound is always there again with the settings of the page, or has failed once', async () => {
  await checkProperty(
    fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 30 }), async (acts) => {
      stubPage();
      vi.stubGlobal('isSecureContext', true);
      FakeAudioContext.install();
      const trial = new Trial();
      await trial.start();
      for (const one of acts) await trial.do(one);
      await trial.do({ what: 'free' });
      await trial.do({ what: 'gesture' });
      await trial.do({ what: 'time', ms: 60_000 });
      // Nobody is heard before the worklet knows that he is muted.
      for (const { node } of FakeAudioContext.made) {
        const port = node?.types.indexOf('session-port') ?? -1;
        if (port >= 0) expect(node?.types.slice(0, port)).toContain('settings');
      }
      if (trial.failures > 0) {
        expect(trial.failures).toBe(1);
        expect(open()).toEqual([]);
        return;
      }
      const [context] = open();
      expect(open()).toHaveLength(1);
      expect(context).toMatchObject({ state: 'running', sources: 1 });
      const { muted = false, volume = 1, tap = false, speakerId = '' } = trial.settings;
      expect(context!.sinkId).toBe(speakerId);
      expect(trial.codes).not.toContain('speaker_failed');
      const { posted, types } = context!.node!;
      expect(types.filter((type) => type === 'session-port')).toHaveLength(1);
      expect(posted.findLast(({ type }) => type === 'settings')).toEqual({
        type: 'settings',
        muted,
        volume,
        tap,
      });
      if (FakeAudioContext.made.length > 1) expect(trial.path.sessionPort).toBe(trial.replaced);
      await Promise.all([trial.path.close(), vi.advanceTimersByTimeAsync(100)]);
      expect(open()).toEqual([]);
      await trial.do({ what: 'time', ms: 60_000 });
      expect(open()).toEqual([]);
      expect(trial.failures).toBe(0);
    }),
    { name: 'events of contexts', numRuns: 150, seed: 20_261_131 },
  );
});
