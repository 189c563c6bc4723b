/* eslint-disable no-console -- what the console is told is what is tested */
import { expect } from 'chai';
import '../../../../components/voice-agent-controls/define.js';
import '../../../../components/voice-agent-transcript/define.js';
import '../../../../components/voice-agent-visualizer/define.js';
import { violations } from '../support/accessibility.js';
import { act, clearPage, find, findAll, mount, nextFrames, textOf, until } from '../support/mount.js';
import { ScriptedElement } from '../support/scripted-agent.js';
import { SCENES } from '../support/scenes.js';

describe('Separate parts', () => {
  afterEach(clearPage);

  it('find their agent by id, also if they are added before it', async () => {
    const transcript = document.createElement('voice-agent-transcript');
    transcript.setAttribute('for', 'later');
    document.body.append(transcript);
    await transcript.updateComplete;
    expect(findAll(transcript, '.entry').length).to.equal(0);
    const agent = new ScriptedElement();
    agent.id = 'later';
    document.body.append(agent);
    await agent.updateComplete;
    await act(agent, (script) => script.utter({ key: 'a', role: 'agent', text: 'Hello.' }));
    await transcript.updateComplete;
    expect(textOf(find(transcript, '.log'))).to.equal('Agent: Hello.');
  });

  it('find the agent that contains them, through shadow roots, and switch when `for` changes', async () => {
    const around = await mount({ layout: 'headless' });
    const other = await mount({ id: 'other' });
    const box = document.createElement('div');
    around.append(box);
    const controls = document.createElement('voice-agent-controls');
    box.attachShadow({ mode: 'open' }).append(controls);
    await controls.updateComplete;
    find(controls, '.call').click();
    expect(around.script.requests).to.deep.equal(['start']);
    box.replaceWith(controls);
    controls.for = 'other';
    await controls.updateComplete;
    expect(find(controls, '.call').getAttribute('aria-label')).to.equal('Start conversation');
    find(controls, '.call').click();
    expect(other.script.requests).to.deep.equal(['start']);
    expect(around.script.requests).to.deep.equal(['start']);
  });

  it('controls show confirmed state, not requests', async () => {
    const agent = await mount({ layout: 'headless' });
    const controls = document.createElement('voice-agent-controls');
    agent.append(controls);
    await controls.updateComplete;
    await act(agent, SCENES['speaking']!);
    await controls.updateComplete;
    find(controls, '.interrupt').click();
    find(controls, '.mute').click();
    await agent.updateComplete;
    await controls.updateComplete;
    expect(agent.script.requests).to.deep.equal(['interrupt']);
    expect(agent.script.muted).to.equal(true);
    expect(find(controls, '.mute').getAttribute('aria-pressed')).to.equal('true');
    find(controls, '.call').click();
    await controls.updateComplete;
    expect(agent.state).to.equal('ended');
  });

  it('the visualizer moves only with the levels of its own agent', async () => {
    const [agent, other] = [await mount({ layout: 'headless' }), await mount({ layout: 'headless' })];
    const visualizer = document.createElement('voice-agent-visualizer');
    visualizer.look = 'bars';
    agent.append(visualizer);
    await visualizer.updateComplete;
    const canvas = find(visualizer, 'canvas') as HTMLCanvasElement;
    await nextFrames();
    const silent = canvas.toDataURL();
    other.script.levels(0.3, 0.3);
    await nextFrames();
    expect(canvas.toDataURL()).to.equal(silent);
    // As in a call, where levels arrive while there is sound.
    await until(() => {
      agent.script.levels(0.3, 0.3);
      return canvas.toDataURL() !== silent;
    }, 'the picture moves');
    await until(() => canvas.toDataURL() === silent, 'the picture comes to rest');
  });

  it('use the page’s texts: their own ones, then those of the agent', async () => {
    const agent = await mount({ layout: 'headless', texts: '{"start": "Ask", "mute": "Hush"}' });
    const controls = document.createElement('voice-agent-controls');
    controls.setAttribute('texts', '{"mute": "Psst"}');
    agent.append(controls);
    await controls.updateComplete;
    const names = (): (string | null)[] =>
      ['.call', '.mute'].map((button) => find(controls, button).getAttribute('aria-label'));
    expect(names()).to.deep.equal(['Ask', 'Psst']);
    agent.texts = { start: 'Go on' };
    await agent.updateComplete;
    await controls.updateComplete;
    expect(names()).to.deep.equal(['Go on', 'Psst']);
  });

  it('follow the properties of their agent', async () => {
    const agent = await mount({ layout: 'headless' });
    const controls = document.createElement('voice-agent-controls');
    agent.append(controls);
    await controls.updateComplete;
    agent.pushToTalk = true;
    await agent.updateComplete;
    await controls.updateComplete;
    expect(findAll(controls, '.hold').length).to.equal(1);
    agent.inputMode = 'text';
    await agent.updateComplete;
    await controls.updateComplete;
    expect(findAll(controls, '.mute').length).to.equal(0);
  });

  it('do not repeat the announcements of their agent’s own UI', async () => {
    const agent = await mount();
    const transcript = document.createElement('voice-agent-transcript');
    agent.append(transcript);
    await transcript.updateComplete;
    expect(find(transcript, '[role=log]').getAttribute('aria-live')).to.equal('off');
    agent.layout = 'headless';
    await agent.updateComplete;
    await transcript.updateComplete;
    expect(find(transcript, '[role=log]').getAttribute('aria-live')).to.equal('polite');
  });

  it('warn once about an unknown theme', async () => {
    const warnings: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => warnings.push(text);
    try {
      for (const name of ['controls', 'transcript', 'visualizer'] as const) {
        const part = document.createElement(`voice-agent-${name}`);
        part.setAttribute('theme', 'noon');
        document.body.append(part);
        await part.updateComplete;
      }
    } finally {
      console.warn = warn;
    }
    expect(warnings).to.deep.equal(['<voice-agent>: theme="noon" is none of auto, light, dark.']);
  });

  it('stop listening when they are removed', async () => {
    const agent = await mount({ layout: 'headless' });
    const transcript = document.createElement('voice-agent-transcript');
    agent.append(transcript);
    await transcript.updateComplete;
    transcript.remove();
    await act(agent, (script) => script.utter({ key: 'a', role: 'agent', text: 'Hello.' }));
    expect(transcript.isUpdatePending).to.equal(false);
    agent.append(transcript);
    await transcript.updateComplete;
    expect(findAll(transcript, '.entry').length).to.equal(1);
  });

  it('axe finds nothing in them', async () => {
    const agent = await mount({ layout: 'headless' });
    const parts = ['transcript', 'visualizer', 'controls'].map((name) =>
      document.createElement(`voice-agent-${name}`),
    );
    agent.append(...parts);
    await act(agent, SCENES['speaking']!);
    await nextFrames();
    for (const part of parts) expect(await violations(part), part.localName).to.deep.equal([]);
  });
});
