/** The element on a page that the browser translates. */
import { expect } from 'chai';
import '../../../../components/define-parts.js';
import { VoiceAgentError } from '../../../../src/index.js';
import { act, clearPage, find, findAll, mount, textOf, until } from '../support/mount.js';
import { addPart } from '../support/parts.js';

/** Wraps each text in two `font` elements, as translators do, except in elements that exclude themselves. */
function translate(root: Node): void {
  const texts: Text[] = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    const parent = text.parentElement;
    if (!text.data.trim() || !parent || parent.closest('[translate=no]')) continue;
    const holder = document.createElement('template');
    holder.innerHTML = '<font><font></font></font>';
    holder.content.querySelector('font font')!.textContent = `¡${text.data.trim()}!`;
    text.replaceWith(holder.content);
  }
}

describe('VoiceAgentElement on a page translated by the browser', () => {
  afterEach(clearPage);

  for (const layout of ['panel', 'bar', 'button'])
    it(`still updates the status and the transcript, in the layout ${layout}`, async () => {
      const element = await mount({ layout });
      await act(element, (script) => {
        script.enter('connecting', 'listening');
        script.utter({ key: 'a', role: 'agent', text: 'One', final: false });
      });
      translate(element.shadowRoot!);
      await act(element, (script) => {
        script.utter({ key: 'a', role: 'agent', text: 'One two three.' });
        script.enter('speaking');
        script.fire('call-warning', { secondsLeft: 30 });
      });
      const seen = findAll(element, '.status, .words, .caption span, .notice').map(({ textContent }) =>
        textContent.trim(),
      );
      expect(seen).to.include('Speaking');
      expect(seen).to.include('One two three.');
      expect(seen).to.include('This conversation ends in 30 seconds.');
      if (layout === 'button') {
        await act(element, (script) => void script.stop());
        expect(textOf(find(element, '.call'))).to.equal('Start conversation');
      }
    });
});

describe('Parts and errors on a page translated by the browser', () => {
  const { query } = navigator.permissions;
  afterEach(clearPage);
  afterEach(() => (navigator.permissions.query = query));

  it('an error still says that the microphone is allowed now', async () => {
    const permission = { state: 'denied', onchange: undefined as (() => void) | undefined };
    navigator.permissions.query = () => Promise.resolve(permission as unknown as PermissionStatus);
    const element = await mount();
    await act(element, (script) => {
      script.enter('connecting');
      script.fail(VoiceAgentError.fatal('microphone_denied/other'));
    });
    await until(() => permission.onchange !== undefined, 'it watches');
    translate(element.shadowRoot!);
    permission.state = 'granted';
    permission.onchange!();
    await element.updateComplete;
    expect(textOf(find(element, '.what'))).to.equal('The microphone is now allowed.');
  });

  it('the recorder still says that it records', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-recorder');
    await act(agent, (script) => script.enter('connecting', 'listening'));
    translate(part.shadowRoot!);
    find(part, 'button').click();
    await part.updateComplete;
    expect(textOf(find(part, 'button'))).to.equal('Stop recording');
  });

  it('the quality is still measured', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-stats');
    const measure = (packetsSent: number): Promise<unknown> =>
      act(agent, (script) => script.fire('stats', { packetsSent, packetsDropped: 0 }));
    await measure(20);
    await part.updateComplete;
    translate(part.shadowRoot!);
    await measure(40);
    await part.updateComplete;
    expect(textOf(find(part, 'tbody'))).to.include('40 / 0');
  });

  it('the volume still follows its slider', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-devices');
    translate(part.shadowRoot!);
    agent.volume = 0.5;
    await agent.updateComplete;
    await part.updateComplete;
    expect(textOf(find(part, 'output'))).to.equal('50 %');
  });

  it('the button of the recorder still says that a recording has begun', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-extras', { record: true });
    const recorder = part.shadowRoot!.querySelector('voice-agent-recorder')!;
    recorder.start();
    await part.updateComplete;
    translate(part.shadowRoot!);
    await act(agent, (script) => script.enter('connecting', 'listening'));
    await part.updateComplete;
    expect(textOf(find(part, '.record'))).to.equal('Recording');
  });

  it('an utterance in progress still says who speaks', async () => {
    const element = await mount();
    await act(element, (script) => {
      script.enter('connecting', 'listening');
      script.utter({ key: 'a', role: 'user', text: 'One', final: false });
    });
    translate(element.shadowRoot!);
    await act(element, (script) => {
      script.utter({ key: 'a', role: 'user', text: 'One.' });
      script.utter({ key: 'b', role: 'agent', text: 'Two', final: false });
    });
    expect(find(element, '.partial .vh').textContent.trim()).to.equal('Agent:');
  });
});
