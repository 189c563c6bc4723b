/** A call of the page before, claimed by a tag of this page. `test/e2e/across-pages.test.ts` has real pages. */
import { expect } from 'chai';
import { version } from '../../../../src/index.js';
import type { ConversationAgent } from '../../../../components/voice-agent/call-options.js';
import { ScriptedElement } from '../support/scripted-agent.js';
import { clearPage, findAll, mount, nextFrames, textOf, until } from '../support/mount.js';

const KEY = 'voice-agent-call';

/** What a page that was left has stored. */
function leave(muted = false): void {
  const connection = { sessionId: 's-1', resumeToken: 'r-1', url: 'wss://x', lostMs: 0, connectedMs: 1 };
  const session = {
    ...{ connection, config: {}, changes: {}, context: '', input: 'audio/pcm', output: 'audio/pcm' },
    ...{ dialogue: '', order: 0, sounding: false, replies: [] },
  };
  const choices = { open: false, muted, inputMode: 'voice' };
  const agent = JSON.stringify(['', '', '', '']);
  const [leftAtMs, readyAtMs] = [Date.now(), Date.now() - 60_000];
  const transcript = [{ key: 'agent-1', role: 'agent', text: 'Hello.', final: true, interrupted: false }];
  const stored = { version, agent, leftAtMs, readyAtMs, choices, transcript, session };
  sessionStorage.setItem(KEY, JSON.stringify(stored));
}

/** Its script resumes, keeps and hands over. */
class KeptElement extends ScriptedElement {
  protected override createAgent(): ConversationAgent {
    const agent = super.createAgent();
    const { script } = this;
    return Object.assign(agent, {
      resume: (call: Parameters<ConversationAgent['resume']>[0]) => {
        script.requests.push(`resume:${script.muted ? 'muted' : 'open'}`);
        script.transcript = call?.transcript ?? [];
        script.enter('connecting', 'listening');
        return Promise.resolve();
      },
      handOver: () => {
        script.requests.push('hand-over');
        script.enter('ended');
      },
    });
  }
}
customElements.define('kept-voice-agent', KeptElement);

function kept(attributes: readonly string[] = []): KeptElement {
  const element = new KeptElement();
  for (const name of ['keep-across-pages', ...attributes]) element.setAttribute(name, '');
  document.body.append(element);
  return element;
}

const claimed = (element: KeptElement) =>
  until(() => element.script.requests.length > 0, 'the call is claimed');

afterEach(() => {
  clearPage();
  sessionStorage.clear();
});

describe('a call that continues on the next page', () => {
  it('is resumed by a tag in the page, and not by one that was replaced before', async () => {
    leave();
    const replaced = kept();
    await replaced.updateComplete;
    replaced.remove();
    const element = kept();
    await claimed(element);
    expect(element.script.requests).to.deep.equal(['resume:open']);
    expect(replaced.script.requests).to.deep.equal([]);
  });

  it('begins muted with push-to-talk, because nothing is held yet', async () => {
    leave();
    const element = kept(['push-to-talk']);
    await claimed(element);
    expect(element.script.requests).to.deep.equal(['resume:muted']);
    await element.updateComplete;
    expect(element.muted).to.equal(true);
  });

  it('shows each line once when the page returns from the cache of the browser', async () => {
    leave();
    const element = kept();
    await claimed(element);
    element.script.enter('ended');
    leave();
    window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
    await element.updateComplete;
    expect(element.script.requests).to.deep.equal(['resume:open', 'resume:open']);
    expect(findAll(element, '.words').map(textOf)).to.deep.equal(['Hello.']);
  });

  it('whose resumption fails leaves no time to the next call', async () => {
    leave();
    const element = kept();
    element.script.enter = () => undefined;
    await claimed(element);
    delete (element.script as { enter?: unknown }).enter;
    element.script.enter('connecting', 'error', 'connecting', 'listening');
    await element.updateComplete;
    await nextFrames();
    expect(findAll(element, '[part~=timer]').map(textOf)).to.deep.equal(['0:00']);
  });
});

it('without the attribute, nothing is claimed', async () => {
  leave();
  const element = await mount();
  await nextFrames();
  expect(element.script.requests).to.deep.equal([]);
});
