import { expect } from 'chai';
import '../../../../components/voice-agent-stats/define.js';
import { violations } from '../support/accessibility.js';
import { act, clearPage, find, findAll, mount, textOf } from '../support/mount.js';
import { addPart, misfits } from '../support/parts.js';

const STATS = {
  depthMs: 61.4,
  targetMs: 80,
  underruns: 2,
  concealedMs: 45,
  droppedSilenceMs: 0,
  insertedSilenceMs: 0,
  overflowMs: 0,
  playoutDelayMs: 93.6,
  captureDelayMs: 51,
  packetsSent: 240,
  packetsDropped: 1,
  flushRoundTripMs: 4.2,
  responseLatencyMs: 812,
  outputLatencyMs: 21,
  startMs: { token: 203.4, ready: 321.7, 'first-sound': 804 },
  sessionHost: 'worker',
  worklet: 'text',
};

function readings(part: HTMLElement): Record<string, string> {
  return Object.fromEntries(
    findAll(part, 'tbody tr').map((row) => [
      textOf(row.querySelector('th')!),
      textOf(row.querySelector('td')!),
    ]),
  );
}

describe('VoiceAgentStatsElement', () => {
  afterEach(clearPage);

  it('is a table of the known figures, with dashes for the others', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-stats');
    expect(new Set(Object.values(readings(part)))).to.deep.equal(new Set(['–']));
    await act(agent, (script) => script.fire('stats', STATS));
    await part.updateComplete;
    expect(readings(part)).to.deep.equal({
      'Response time': '812 ms',
      'Playout delay': '94 ms',
      'Buffer / target': '61 / 80 ms',
      'Capture delay': '51 ms',
      'Device delay': '21 ms',
      Gaps: '2 (45 ms)',
      'Packets sent / dropped': '240 / 1',
      'Time to silence': '4 ms',
      'Start of the call': '322 / 804 ms',
      Session: 'separate thread',
      'Audio code': 'text',
    });
  });

  it('draws the last minute, and starts again with a new call', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-stats');
    const points = (index: number): string[] =>
      findAll(part, 'polyline')[index]?.getAttribute('points')?.split(' ').filter(Boolean) ?? [];
    await act(agent, (script) => {
      for (let second = 0; second < 70; second++) script.fire('stats', { ...STATS, depthMs: second });
    });
    await part.updateComplete;
    expect(points(2).length).to.equal(60);
    const [first, last] = [points(2)[0]!, points(2).at(-1)!].map((point) => point.split(',').map(Number));
    expect([first![0], last![0]]).to.deep.equal([0, 59]);
    expect(last![1]).to.be.lessThan(first![1]!);
    await act(agent, (script) => script.enter('connecting'));
    await part.updateComplete;
    expect(points(2)).to.deep.equal([]);
  });

  it('announces nothing, has the same height with and without figures, and axe finds nothing', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-stats');
    part.style.width = '280px';
    const height = part.offsetHeight;
    await act(agent, (script) => script.fire('stats', STATS));
    await part.updateComplete;
    expect(part.offsetHeight).to.equal(height);
    expect(findAll(part, '[role=status], [aria-live]').length).to.equal(0);
    expect(await violations(part)).to.deep.equal([]);
    part.style.width = '200px';
    expect(misfits(part)).to.deep.equal([]);
    expect(find(part, 'caption').textContent.trim()).to.equal('Connection quality');
  });
});
