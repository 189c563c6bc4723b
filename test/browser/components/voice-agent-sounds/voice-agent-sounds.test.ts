import { expect } from 'chai';
import { playNotes } from '../../../../components/extras/tones.js';
import '../../../../components/voice-agent-sounds/define.js';
import { act, clearPage, mount, nextTask, until } from '../support/mount.js';
import { addPart } from '../support/parts.js';

/** Every AudioContext of a test, and the nodes that were connected to its output. */
function noteContexts(): { contexts: AudioContext[]; gains: GainNode[]; restore: () => void } {
  const [contexts, gains]: [AudioContext[], GainNode[]] = [[], []];
  const { AudioContext: Real, GainNode: RealGain } = window;
  window.AudioContext = class extends Real {
    constructor(options?: AudioContextOptions) {
      super(options);
      contexts.push(this);
    }
  };
  window.GainNode = class extends RealGain {
    constructor(context: BaseAudioContext, options?: GainOptions) {
      super(context, options);
      gains.push(this);
    }
  };
  return {
    contexts,
    gains,
    restore: () => void Object.assign(window, { AudioContext: Real, GainNode: RealGain }),
  };
}

describe('VoiceAgentSoundsElement', () => {
  afterEach(clearPage);

  it('plays two notes at the start and two at the end, and releases the device', async () => {
    const noted = noteContexts();
    const agent = await mount({ layout: 'headless' });
    await addPart(agent, 'voice-agent-sounds');
    await act(agent, (script) => {
      script.enter('connecting', 'listening');
      script.fire('session-ready', { sessionId: 's', config: undefined, how: 'first' });
    });
    expect(noted.contexts.length).to.equal(1);
    await until(() => noted.gains.length === 2, 'the first notes are played');
    await until(() => noted.contexts[0]!.state === 'suspended', 'they are over');
    await agent.stop();
    await until(() => noted.gains.length === 4, 'the last notes are played');
    await until(() => noted.contexts[0]!.state === 'closed', 'they are over');
    noted.restore();
  });

  it('plays the end of a call whose page was swapped, and releases the device once it was removed', async () => {
    const noted = noteContexts();
    const agent = await mount({ layout: 'headless' });
    await addPart(agent, 'voice-agent-sounds');
    await act(agent, (script) => {
      script.enter('connecting', 'listening');
      script.fire('session-ready', { sessionId: 's', config: undefined, how: 'first' });
    });
    await until(() => noted.contexts[0]!.state === 'suspended', 'the first notes are over');
    agent.remove();
    await nextTask();
    document.body.append(agent);
    await agent.stop();
    await until(() => noted.gains.length === 4, 'the last notes are played');
    await until(() => noted.contexts[0]!.state === 'closed', 'they are over');
    await act(agent, (script) => script.enter('connecting'));
    agent.remove();
    await until(() => noted.contexts[1]!.state === 'closed', 'the device is free');
    noted.restore();
  });

  it('plays only the end of a call that continues from the page before, whose start it has not seen', async () => {
    const noted = noteContexts();
    const agent = await mount({ layout: 'headless' });
    await act(agent, (script) => script.enter('connecting', 'listening'));
    await addPart(agent, 'voice-agent-sounds');
    await act(agent, (script) =>
      script.fire('session-ready', { sessionId: 's', config: undefined, how: 'resumed' }),
    );
    expect(noted.contexts.length).to.equal(1);
    expect(noted.gains.length).to.equal(0);
    await agent.stop();
    await until(() => noted.gains.length === 2, 'the last notes are played');
    await until(() => noted.contexts[0]!.state === 'closed', 'they are over');
    noted.restore();
  });

  it('releases the device when a call is refused before it has a session', async () => {
    const noted = noteContexts();
    const agent = await mount({ layout: 'headless' });
    await addPart(agent, 'voice-agent-sounds');
    await act(agent, (script) => script.enter('connecting', 'error'));
    await until(() => noted.contexts[0]!.state === 'closed', 'the device is free');
    expect(noted.gains.length).to.equal(0);
    noted.restore();
  });

  it('plays nothing for a call that failed to start', async () => {
    const noted = noteContexts();
    const agent = await mount({ layout: 'headless' });
    await addPart(agent, 'voice-agent-sounds');
    await act(agent, (script) => script.enter('connecting'));
    await agent.stop();
    await until(() => noted.contexts[0]!.state === 'closed', 'the device is free');
    expect(noted.gains.length).to.equal(0);
    noted.restore();
  });

  it('notes never exceed their peak, and start and end in silence', async () => {
    const context = new OfflineAudioContext(1, 48_000, 48_000);
    const done = playNotes(context, [{ frequencyHz: 523, atMs: 0, durationMs: 200 }], 0.08);
    const samples = (await context.startRendering()).getChannelData(0);
    await done;
    expect(Math.max(...samples.map(Math.abs))).to.be.within(0.06, 0.08);
    const sounding = samples.findIndex((sample) => sample !== 0);
    expect(Math.abs(samples[sounding]!)).to.be.lessThan(0.001);
    expect(Math.max(...samples.subarray(Math.round(0.24 * 48_000)).map(Math.abs))).to.equal(0);
  });
});
