import { expect } from 'chai';
import '../../../../components/voice-agent-export/define.js';
import { violations } from '../support/accessibility.js';
import { catchDownloads } from '../support/downloads.js';
import { act, clearPage, find, mount, textOf, until } from '../support/mount.js';
import { addPart, buttonOf, misfits } from '../support/parts.js';
import { SCENES } from '../support/scenes.js';

describe('VoiceAgentExportElement', () => {
  afterEach(clearPage);

  it('offers nothing before the first entry, and says why', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-export');
    expect(textOf(find(part, '.note'))).to.equal('Nothing has been said yet.');
    using downloads = catchDownloads();
    for (const name of ['Text', 'Captions', 'Data']) buttonOf(part, name).click();
    expect(downloads.files.length).to.equal(0);
    await act(agent, (script) => script.utter({ key: 'a', role: 'agent', text: 'Hello.' }));
    await part.updateComplete;
    expect(buttonOf(part, 'Text').getAttribute('aria-disabled')).to.equal('false');
    expect(textOf(find(part, '.note'))).to.equal('');
  });

  it('saves three file formats, named after the call', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-export');
    await act(agent, SCENES['ended']!);
    await part.updateComplete;
    using downloads = catchDownloads();
    for (const name of ['Text', 'Captions', 'Data']) buttonOf(part, name).click();
    const [text, captions, data] = downloads.files;
    expect(downloads.files.map(({ name }) => name.replace(/\d/g, '0'))).to.deep.equal(
      ['txt', 'vtt', 'json'].map((ending) => `conversation-0000-00-00-0000.${ending}`),
    );
    expect(await text!.content.text())
      .to.contain('You: A room for two nights, please.')
      .and.not.contain('Held back');
    expect(await captions!.content.text()).to.match(/^WEBVTT\n\n1\n00:00:0/);
    expect(JSON.parse(await data!.content.text())).to.have.property('format', 'voice-agent-transcript');
  });

  it('copies the text and confirms it, or reports that the browser refused', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-export');
    await act(agent, SCENES['speaking']!);
    await part.updateComplete;
    let copied = '';
    const { clipboard } = navigator;
    const fake = (writeText: (text: string) => Promise<void>): void =>
      void Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
    fake((text) => {
      copied = text;
      return Promise.resolve();
    });
    buttonOf(part, 'Copy').click();
    await until(() => textOf(find(part, '.note')) === 'Copied', 'it says so');
    expect(copied).to.contain('Agent: There are two left: one – [Interrupted]');
    fake(() => Promise.reject(new DOMException('No.', 'NotAllowedError')));
    buttonOf(part, 'Copy').click();
    await until(() => textOf(find(part, '.note')) === 'The browser blocked copying.', 'it says so');
    Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
  });

  it('copies with the clipboard of the window it is in: no other window has the focus', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-export');
    const frame = document.createElement('iframe');
    document.body.append(frame);
    frame.contentDocument!.body.append(agent);
    await act(agent, SCENES['speaking']!);
    await part.updateComplete;
    let copied = '';
    const writeText = (text: string): Promise<void> => Promise.resolve(void (copied = text));
    Object.defineProperty(frame.contentWindow!.navigator, 'clipboard', { value: { writeText } });
    buttonOf(part, 'Copy').click();
    await until(() => !!textOf(find(part, '.note')), 'it says something');
    expect(copied).to.contain('Agent: There are two left: one – [Interrupted]');
  });

  it('keeps the earlier transcript when another call starts', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-export');
    await act(agent, SCENES['ended']!);
    const first = JSON.parse(part.contentAs('data')) as { entries: unknown[] };
    await act(agent, (script) => {
      script.transcript = [];
      script.enter('connecting');
      script.fire('session-ready', { sessionId: 's', config: undefined, how: 'first' });
      script.utter({ key: 'z', role: 'agent', text: 'Again.' });
    });
    const both = JSON.parse(part.contentAs('data')) as { entries: unknown[] };
    expect(first.entries.length).to.equal(5);
    expect(both.entries.slice(0, 5)).to.deep.equal(first.entries);
    expect(both.entries.length).to.equal(6);
    expect(part.contentAs('text')).to.match(/A room for two nights[^]*Again\./);
  });

  it('axe finds nothing; it fits into 200 px, also in German', async () => {
    const agent = await mount({ layout: 'headless', lang: 'de' });
    const part = await addPart(agent, 'voice-agent-export');
    await act(agent, SCENES['speaking']!);
    await until(() => part.shadowRoot?.textContent.includes('Untertitel') ?? false, 'it is German');
    part.style.width = '200px';
    expect(await violations(part)).to.deep.equal([]);
    expect(misfits(part)).to.deep.equal([]);
  });
});
