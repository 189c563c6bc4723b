import { expect } from 'chai';
import '../../../../components/voice-agent-transcript/define.js';
import { act, clearPage, findAll, mount } from '../support/mount.js';
import { addPart } from '../support/parts.js';
import type { ScriptedElement } from '../support/scripted-agent.js';

describe('VoiceAgentTranscriptElement', () => {
  afterEach(clearPage);

  it('is announced once, if a page shows several: the first that is displayed', async () => {
    const agent = await mount({ layout: 'headless' });
    const [first, second] = [
      await addPart(agent, 'voice-agent-transcript'),
      await addPart(agent, 'voice-agent-transcript'),
    ];
    /** Which transcripts announce an utterance. */
    const announcing = async (text: string): Promise<string[]> => {
      await say(agent, text);
      await Promise.all([first.updateComplete, second.updateComplete]);
      return Object.entries({ first, second })
        .filter(([, part]) => part.isConnected && findAll(part, '[aria-live=polite]').length > 0)
        .map(([name]) => name);
    };
    expect(await announcing('One.')).to.deep.equal(['first']);
    first.hidden = true;
    await announcing('Two.');
    expect(await announcing('Three.')).to.deep.equal(['second']);
    first.hidden = false;
    second.remove();
    expect(await announcing('Four.')).to.deep.equal(['first']);
  });

  it('is announced while the card of floating, which has a log of its own, is closed', async () => {
    const agent = await mount({ layout: 'floating', id: 'card' });
    const part = document.createElement('voice-agent-transcript');
    part.setAttribute('for', agent.id);
    document.body.append(part);
    for (const isOpen of [false, true]) {
      agent.open = isOpen;
      await say(agent, `${isOpen}`);
      await part.updateComplete;
      const regions = [...findAll(agent, '[role=log]'), ...findAll(part, '[role=log]')];
      const announcing = regions.filter((log) => log.ariaLive === 'polite' && log.checkVisibility());
      expect(announcing.length, `open: ${isOpen}`).to.equal(1);
    }
  });
});

async function say(agent: ScriptedElement, text: string): Promise<void> {
  await act(agent, (script) => script.utter({ key: text, role: 'agent', text }));
}
