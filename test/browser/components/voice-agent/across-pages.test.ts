/** A tag that claims the call of an earlier page. `test/e2e/across-pages.test.ts` tests real pages. */
import { expect } from 'chai';
import { VoiceAgentError, version, type KeptSession, type VoiceAgentState } from '../../../../src/index.js';
import type { ConversationAgent } from '../../../../components/voice-agent/call-options.js';
import { ScriptedElement } from '../support/scripted-agent.js';
import {
  act,
  clearPage,
  find,
  findAll,
  mount,
  nextFrames,
  nextTask,
  textOf,
  until,
} from '../support/mount.js';

const KEY = 'voice-agent-call';

const connection = {
  sessionId: 's-1',
  resumeToken: 'r-1',
  url: 'wss://x',
  lostMs: 0,
  connectedMs: 1,
  othersMs: 0,
};
const session = {
  connection,
  config: {},
  changes: {},
  context: '',
  input: 'audio/pcm',
  output: 'audio/pcm',
  dialogue: '',
  order: 0,
  sounding: false,
  replies: [],
};

/** The entry that an earlier page has stored. */
function leave(muted = false): void {
  const choices = { open: false, muted, inputMode: 'voice' };
  const agent = JSON.stringify(['', '', '', '']);
  const [leftAtMs, readyAtMs] = [Date.now(), Date.now() - 60_000];
  const transcript = [{ key: 'agent-1', role: 'agent', text: 'Hello.', final: true, interrupted: false }];
  const stored = { version, agent, leftAtMs, readyAtMs, choices, draft: '', transcript, session };
  sessionStorage.setItem(KEY, JSON.stringify(stored));
}

/** An element whose call records resuming and handing over. */
class KeptElement extends ScriptedElement {
  /** The states that a resumed call goes through. */
  resumed: VoiceAgentState[] = ['connecting', 'listening'];

  protected override createAgent(): ConversationAgent {
    const agent = super.createAgent();
    const { script } = this;
    return Object.assign(agent, {
      resume: (call: Parameters<ConversationAgent['resume']>[0]) => {
        script.requests.push(`resume:${script.muted ? 'muted' : 'open'}`);
        script.transcript = call?.transcript ?? [];
        script.enter(...this.resumed);
        return Promise.resolve();
      },
      keep: (onKept: Parameters<ConversationAgent['keep']>[0]) => {
        onKept(session as unknown as KeptSession, Date.now());
        return true;
      },
      handOver: () => {
        script.requests.push('hand-over');
        script.enter('ended');
        script.fire('session-end', { reason: 'page-hidden', seconds: 1 });
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

/** The event alone: WebKit then sends nothing. */
function submit(action: string): void {
  const form = Object.assign(document.createElement('form'), { action });
  document.body.append(form);
  form.dispatchEvent(new SubmitEvent('submit'));
  form.remove();
}

/** Leaves for another page of the site: by a link, or by a form in browsers without the Navigation API. */
function leavePage(): void {
  const { navigation } = window as { navigation?: EventTarget };
  const destination = { url: `${location.origin}/next`, sameDocument: false };
  const news = { destination, downloadRequest: null, navigationType: 'push' };
  if (navigation) navigation.dispatchEvent(Object.assign(new Event('navigate'), news));
  else submit('/next');
  window.dispatchEvent(new CustomEvent('voice-agent-page-left'));
}

/** Hands its call over to the next page. */
async function leaveFrom(element: KeptElement): Promise<void> {
  // The code for it is loaded on request.
  await until(() => {
    leavePage();
    return element.script.requests.includes('hand-over');
  }, 'the call is handed over');
  element.remove();
}

async function volumeOf(element: ScriptedElement): Promise<HTMLInputElement> {
  element.setAttribute('devices', '');
  const find = (): HTMLElement | null | undefined =>
    element.shadowRoot?.querySelector('voice-agent-extras')?.shadowRoot?.querySelector('voice-agent-devices');
  await until(() => !!find()?.shadowRoot?.querySelector('#volume'), 'the volume is there');
  return find()!.shadowRoot!.querySelector<HTMLInputElement>('#volume')!;
}

const fieldOf = (element: KeptElement): HTMLInputElement =>
  find(element, '.composer input') as HTMLInputElement;

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

  it('is claimed by a tag that was out of the page for a moment, but only once', async () => {
    leave();
    const element = kept();
    element.remove();
    await element.updateComplete;
    await nextTask();
    document.body.append(element);
    await claimed(element);
    await element.stop();
    leave();
    element.remove();
    await nextTask();
    document.body.append(element);
    await element.updateComplete;
    await nextFrames();
    expect(element.script.requests).to.deep.equal(['resume:open', 'stop:stopped']);
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

  it('takes along the draft and the visitor’s choices, but not what only the page set', async () => {
    const before = kept(['text-input']);
    before.setAttribute('speaker-id', 'of-the-page');
    await act(before, (script) => {
      script.enter('connecting', 'listening');
      script.fire('session-ready', { sessionId: 's-1', config: undefined, how: 'first' });
    });
    const slider = await volumeOf(before);
    slider.value = '0.25';
    slider.dispatchEvent(new Event('input'));
    fieldOf(before).value = 'Half a sen';
    await leaveFrom(before);
    const element = kept(['text-input']);
    element.setAttribute('volume', '1');
    await claimed(element);
    await element.updateComplete;
    expect(fieldOf(element).value).to.equal('Half a sen');
    expect(element.script.volume).to.equal(0.25);
    expect(element.script.speakerId).to.equal(undefined);
  });

  it('without a microphone, stays so until it ends, as on one page', async () => {
    const before = kept();
    await before.updateComplete;
    await act(before, (script) => {
      script.enter('connecting');
      script.fail(VoiceAgentError.fatal('microphone_denied/other'));
    });
    find(before, '.write').click();
    await act(before, (script) => {
      script.enter('listening');
      script.fire('session-ready', { sessionId: 's-1', config: undefined, how: 'first' });
    });
    fieldOf(before).value = 'Half a sen';
    await leaveFrom(before);
    const element = kept();
    await claimed(element);
    await element.updateComplete;
    expect(element.script.inputMode).to.equal('text');
    expect(fieldOf(element).value).to.equal('Half a sen');
    await element.stop();
    await element.updateComplete;
    expect(element.inputMode).to.equal('voice');
    expect(findAll(element, '.mute').length).to.equal(1);
    element.setAttribute('input-mode', 'text');
    expect(element.inputMode, 'the page decides again').to.equal('text');
  });

  it('goes on to a third page if the second is left before it is connected, within the same time', async () => {
    leave();
    const first = sessionStorage.getItem(KEY)!;
    const second = kept();
    second.resumed = ['connecting'];
    await claimed(second);
    expect(sessionStorage.getItem(KEY)).to.equal(null);
    await leaveFrom(second);
    expect(second.script.requests).to.deep.equal(['resume:open', 'hand-over']);
    const [before, again] = [first, sessionStorage.getItem(KEY)!].map(
      (text) => JSON.parse(text) as { leftAtMs: number; session: unknown; transcript: object[] },
    );
    expect(again!.leftAtMs).to.equal(before!.leftAtMs);
    expect(again!.session).to.deep.equal(before!.session);
    expect(again!.transcript).to.have.length(1);
    const third = kept();
    await claimed(third);
    expect(third.script.requests).to.deep.equal(['resume:open']);
    expect(findAll(third, '.words').map(textOf)).to.deep.equal(['Hello.']);
    await third.stop();
  });

  it('goes on there with what was typed on the second, and the time since the first', async () => {
    leave();
    const second = kept();
    second.resumed = ['connecting'];
    second.script.keep = (onKept) => {
      const lost = { ...session, dialogue: 'User: Wait.', connection: { ...connection, lostMs: 700 } };
      onKept(lost as unknown as KeptSession, Date.now());
      return true;
    };
    await claimed(second);
    await leaveFrom(second);
    const stored = JSON.parse(sessionStorage.getItem(KEY)!) as { session: KeptSession };
    expect(stored.session.dialogue).to.equal('User: Wait.');
    expect(stored.session.connection.lostMs, 'counted from when the first page was left').to.equal(0);
    sessionStorage.removeItem(KEY);
  });

  it('of a tag around another one is not forgotten when the other call ends', async () => {
    leave();
    const outer = kept();
    await claimed(outer);
    const inner = new ScriptedElement();
    outer.append(inner);
    await act(inner, (script) => {
      script.enter('connecting', 'listening');
      void script.stop();
    });
    leavePage();
    expect(outer.script.requests).to.deep.equal(['resume:open', 'hand-over']);
    await outer.stop();
  });

  it('waits for the visitor in a page that the browser has loaded in advance', async () => {
    Object.defineProperty(document, 'prerendering', { value: true, configurable: true });
    leave();
    const element = kept();
    await element.updateComplete;
    await until(() => customElements.get('voice-agent-extras') !== undefined, 'the code for it is loaded');
    await nextFrames();
    expect(element.script.requests).to.deep.equal([]);
    Reflect.deleteProperty(document, 'prerendering');
    document.dispatchEvent(new Event('prerenderingchange'));
    expect(element.script.requests).to.deep.equal(['resume:open']);
    await element.stop();
  });

  it('on a page that cannot hand it over is not handed over as it was on the page before', async () => {
    leave();
    const second = kept();
    // The session runs on the page's thread.
    second.script.keep = () => false;
    await claimed(second);
    second.script.fire('session-ready', { sessionId: 's-1', config: undefined, how: 'resumed' });
    leavePage();
    expect(second.script.requests).to.deep.equal(['resume:open']);
    expect(sessionStorage.getItem(KEY)).to.equal(null);
    await second.stop();
  });

  it('that was not resumed is not handed over', async () => {
    leave();
    const second = kept();
    second.resumed = ['connecting', 'error'];
    await claimed(second);
    second.script.fire('session-end', { reason: 'error', seconds: 0 });
    leavePage();
    expect(sessionStorage.getItem(KEY)).to.equal(null);
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
    // The call of the page before had lasted a minute. How long the next one has lasted depends on the machine.
    expect(textOf(find(element, '[part~=timer]'))).to.match(/^0:/);
  });
});

it('without the attribute, nothing is claimed', async () => {
  leave();
  const element = await mount();
  await nextFrames();
  expect(element.script.requests).to.deep.equal([]);
});
