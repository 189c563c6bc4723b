import { ContextConsumer, ContextProvider } from '@lit/context';
import { expect } from 'chai';
import { LitElement, nothing } from 'lit';
import {
  conversationContext,
  provideConversation,
} from '../../../../components/conversation/conversation-context.js';
import type { ConversationStore } from '../../../../components/conversation/conversation-store.js';
import { provideVoiceAgent } from '../../../../components/conversation/provide-voice-agent.js';
import '../../../../components/define-parts.js';
import { clearPage, find, findAll, mount, textOf } from '../support/mount.js';
import { ScriptedAgent } from '../support/scripted-agent.js';

interface Stage {
  readonly section: HTMLElement;
  readonly agent: ScriptedAgent;
  readonly end: () => void;
}

function stage(): Stage {
  const section = document.createElement('section');
  section.id = 'stage';
  document.body.append(section);
  const agent = new ScriptedAgent();
  return { section, agent, end: provideVoiceAgent(section, agent) };
}

async function part<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  parent: Element,
): Promise<HTMLElementTagNameMap[Tag] & LitElement> {
  const element = document.createElement(tag) as HTMLElementTagNameMap[Tag] & LitElement;
  parent.append(element);
  await element.updateComplete;
  return element;
}

const drawn = (...parts: LitElement[]): Promise<unknown> =>
  Promise.all(parts.map((each) => each.updateComplete));

class Wanting extends LitElement {
  readonly consumer = new ContextConsumer(this, { context: conversationContext });
  protected override render(): typeof nothing {
    return nothing;
  }
}
customElements.define('wanting-element', Wanting);

class Offering extends LitElement {
  readonly provider = new ContextProvider(this, { context: conversationContext });
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
customElements.define('offering-element', Offering);

/** The minimum store that a page may provide. */
function smallStore(state: 'idle' | 'listening', requests: string[]): ConversationStore {
  return {
    view: { state },
    actions: { toggleCall: () => requests.push('toggle') },
    subscribe: () => () => undefined,
  };
}

describe('A conversation without a tag', () => {
  afterEach(clearPage);

  it('is shown and controlled by parts inside the element, and by parts that name its id', async () => {
    const { section, agent } = stage();
    const controls = await part('voice-agent-controls', section);
    const transcript = await part('voice-agent-transcript', document.body);
    transcript.for = 'stage';
    await drawn(transcript);
    find(controls, '.call').click();
    agent.enter('listening');
    agent.utter({ key: 'a', role: 'agent', text: 'Hello.' });
    await drawn(controls, transcript);
    expect(agent.requests).to.deep.equal(['start']);
    expect(find(controls, '.call').getAttribute('aria-label')).to.equal('End conversation');
    expect(textOf(find(transcript, '.log'))).to.equal('Agent: Hello.');
    expect(find(transcript, '.log').getAttribute('aria-live'), 'nobody else says it').to.equal('polite');
    find(controls, '.mute').click();
    await drawn(controls);
    expect(agent.muted).to.equal(true);
    expect(find(controls, '.mute').getAttribute('aria-pressed')).to.equal('true');
    agent.enter('speaking');
    find(controls, '.interrupt').click();
    find(controls, '.call').click();
    expect(agent.requests).to.deep.equal(['start', 'interrupt', 'stop:stopped']);
  });

  it('has the data for every part', async () => {
    const { section, agent } = stage();
    const [devices, recorder, stats, save] = await Promise.all([
      part('voice-agent-devices', section),
      part('voice-agent-recorder', section),
      part('voice-agent-stats', section),
      part('voice-agent-export', section),
    ]);
    const slider = find(devices, '#volume') as HTMLInputElement;
    slider.value = '0.5';
    slider.dispatchEvent(new Event('input'));
    expect(agent.volume).to.equal(0.5);
    recorder.start();
    agent.enter('connecting', 'listening');
    agent.utter({ key: 'a', role: 'user', text: 'A room, please.' });
    agent.fire('stats', { responseLatencyMs: 432, packetsSent: 1, packetsDropped: 0 });
    recorder.stop();
    await drawn(devices, recorder, stats, save);
    expect(textOf(find(stats, 'table'))).to.contain('432 ms');
    expect(save.contentAs('text')).to.contain('A room, please.');
    expect(agent.requests).to.deep.equal(['tap', 'untap']);
  });

  it('forgets parts that were removed', async () => {
    const { abort } = AbortController.prototype;
    /** Number of subscriptions that end when the offer is withdrawn. */
    const endings = async (parts: number): Promise<number> => {
      const { section, end } = stage();
      for (let made = 0; made < parts; made++) (await part('voice-agent-controls', section)).remove();
      let ended = 0;
      AbortController.prototype.abort = function (reason) {
        ended++;
        abort.call(this, reason);
      };
      end();
      AbortController.prototype.abort = abort;
      clearPage();
      return ended;
    };
    expect(await endings(20)).to.equal(await endings(0));
  });

  it('works with a call that dispatches its events on the element', async () => {
    const section = document.createElement('section');
    document.body.append(section);
    const agent = new ScriptedAgent(section);
    provideVoiceAgent(section, agent);
    const controls = await part('voice-agent-controls', section);
    agent.enter('connecting', 'listening');
    await drawn(controls);
    expect(find(controls, '.call').getAttribute('aria-label')).to.equal('End conversation');
  });

  it('can be provided after its parts and withdrawn; its call continues', async () => {
    const section = document.createElement('section');
    document.body.append(section);
    const controls = await part('voice-agent-controls', section);
    const agent = new ScriptedAgent();
    agent.enter('connecting', 'listening');
    const end = provideVoiceAgent(section, agent);
    await drawn(controls);
    expect(find(controls, '.call').getAttribute('aria-label')).to.equal('End conversation');
    end();
    await drawn(controls);
    expect(find(controls, '.call').getAttribute('aria-label')).to.equal('Start conversation');
    find(controls, '.call').click();
    expect(agent.requests).to.deep.equal([]);
  });

  it('has priority over a tag around it, which is not affected', async () => {
    const tag = await mount({ layout: 'headless' });
    const { section, agent } = stage();
    tag.append(section);
    const inner = await part('voice-agent-controls', section);
    const outer = await part('voice-agent-controls', tag);
    find(inner, '.call').click();
    await drawn(inner, outer);
    expect(agent.requests).to.deep.equal(['start']);
    expect(tag.script.requests).to.deep.equal([]);
    expect(find(outer, '.call').getAttribute('aria-label')).to.equal('Start conversation');
  });

  it('releases the microphone when the part that holds it open is disconnected', async () => {
    const requests: string[] = [];
    const section = document.createElement('section');
    document.body.append(section);
    const end = provideConversation(section, {
      view: { state: 'listening', pushToTalk: true, muted: true },
      actions: { press: () => requests.push('press'), release: () => requests.push('release') },
      subscribe: () => () => undefined,
    });
    const button = find(await part('voice-agent-controls', section), '.hold');
    // The browser has no pointer with this id.
    button.setPointerCapture = () => undefined;
    button.dispatchEvent(new PointerEvent('pointerdown', { pointerId: 7 }));
    end();
    expect(requests).to.deep.equal(['press', 'release']);
  });
});

describe('The context of a conversation', () => {
  afterEach(clearPage);

  it('answers consumers of @lit/context', async () => {
    const tag = await mount({ layout: 'headless' });
    const wanting = new Wanting();
    tag.append(wanting);
    const store = wanting.consumer.value;
    expect(store?.view.state).to.equal('idle');
    const states: string[] = [];
    const end = store!.subscribe('state-change', ({ state }) => states.push(state));
    tag.script.enter('connecting');
    end();
    tag.script.enter('listening');
    expect(states).to.deep.equal(['connecting']);
    expect(store?.view.state).to.equal('listening');
  });

  it('accepts providers of @lit/context, which may replace it', async () => {
    const requests: string[] = [];
    const offering = new Offering();
    offering.provider.setValue(smallStore('idle', requests));
    document.body.append(offering);
    const controls = await part('voice-agent-controls', offering);
    find(controls, '.call').click();
    expect(requests).to.deep.equal(['toggle']);
    offering.provider.setValue(smallStore('listening', requests));
    await drawn(controls);
    expect(find(controls, '.call').getAttribute('aria-label')).to.equal('End conversation');
  });

  it('answers only requests for its own context', () => {
    const section = document.createElement('section');
    document.body.append(section);
    const end = provideConversation(section, smallStore('idle', []));
    const answers: unknown[] = [];
    const ask = (context: unknown): void => {
      const event = new Event('context-request', { bubbles: true, composed: true });
      section.dispatchEvent(
        Object.assign(event, { context, callback: (value: unknown) => answers.push(value) }),
      );
    };
    ask('theme');
    ask(conversationContext);
    end();
    ask(conversationContext);
    expect(answers.length).to.equal(1);
    expect(findAll(section, '*')).to.deep.equal([]);
  });
});
