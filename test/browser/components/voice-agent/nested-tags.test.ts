/** A tag inside another one, such as a second agent in the page's own UI of the layout headless. */
import { expect } from 'chai';
import { VoiceAgentError } from '../../../../src/index.js';
import { act, clearPage, find, mount, until } from '../support/mount.js';
import type { ScriptedElement } from '../support/scripted-agent.js';

async function nested(
  attributes: Readonly<Record<string, string | true>> = {},
): Promise<{ outer: ScriptedElement; inner: ScriptedElement }> {
  const [outer, inner] = [await mount(attributes), await mount()];
  outer.append(inner);
  await outer.updateComplete;
  return { outer, inner };
}

describe('A tag around another one', () => {
  afterEach(clearPage);

  it('does not count its calls', async () => {
    const page = window as { dataLayer?: object[] };
    page.dataLayer = [];
    const { outer, inner } = await nested({ analytics: 'data-layer', id: 'outer' });
    await act(inner, (script) => script.enter('connecting', 'listening'));
    await act(outer, (script) => script.enter('connecting'));
    await until(() => page.dataLayer!.length > 0, 'the outer call is counted');
    expect(page.dataLayer).to.deep.equal([{ event: 'voice_agent_start', voice_agent_id: 'outer' }]);
    delete page.dataLayer;
  });

  it('does not open its card for an error of the other', async () => {
    const { outer, inner } = await nested({ layout: 'floating' });
    await act(inner, (script) => {
      script.enter('connecting');
      script.fail(VoiceAgentError.fatal('connection_lost'));
    });
    await outer.updateComplete;
    expect(outer.open).to.equal(false);
  });

  it('keeps what the visitor chose for its call when the other call ends', async () => {
    const { outer, inner } = await nested();
    await act(outer, (script) => {
      script.enter('connecting');
      script.fail(VoiceAgentError.fatal('microphone_missing'));
    });
    find(outer, '.write').click();
    await act(outer, (script) => script.enter('listening'));
    await act(inner, (script) => script.enter('connecting', 'listening'));
    await inner.stop();
    expect(outer.inputMode).to.equal('text');
    await outer.stop();
    expect(outer.inputMode).to.equal('voice');
  });

  it('does not take its tools', async () => {
    const { outer, inner } = await nested();
    inner.innerHTML = '<voice-agent-tool name="inner" parameters="{}"></voice-agent-tool>';
    outer.insertAdjacentHTML(
      'beforeend',
      '<div><voice-agent-tool name="outer" parameters="{}"></voice-agent-tool></div>',
    );
    await Promise.all([outer.start(), inner.start()]);
    expect(outer.script.tools?.map(({ name }) => name)).to.deep.equal(['outer']);
    expect(inner.script.tools?.map(({ name }) => name)).to.deep.equal(['inner']);
  });
});
