import { expect } from 'chai';
import { VoiceAgentError } from '../../../../src/index.js';
import { emulate, itWithMedia } from '../support/media.js';
import {
  act,
  clearPage,
  find,
  findAll,
  fittingWidth,
  mount,
  nextFrames,
  textOf,
  until,
} from '../support/mount.js';

describe('The UI of VoiceAgentElement', () => {
  afterEach(clearPage);
  after(() => emulate({ colorScheme: 'light' }));

  it('invites the visitor to a conversation and says how to start it', async () => {
    const element = await mount();
    expect(textOf(find(element, '.status'))).to.equal('Ready');
    expect(textOf(find(element, '[part=empty]'))).to.match(/^Talk with us Press the button/);
    expect(find(element, '.call').getAttribute('aria-label')).to.equal('Start conversation');
  });

  it('starts and ends the call with the same button, which keeps the focus', async () => {
    const element = await mount();
    const button = find(element, '.call');
    button.focus();
    button.click();
    await element.updateComplete;
    expect(element.shadowRoot?.activeElement).to.equal(button);
    expect(button.getAttribute('aria-label')).to.equal('End conversation');
    button.click();
    await element.updateComplete;
    expect(element.script.requests).to.deep.equal(['start', 'stop:stopped']);
    expect(textOf(find(element, '.status'))).to.equal('Conversation ended');
    expect(textOf(find(element, '[role=timer]')), 'as the server counted it').to.equal('1:15');
  });

  it('shows no length of a call that never began', async () => {
    const element = await mount();
    await act(element, (script) => {
      script.enter('connecting');
      script.fire('session-end', { reason: 'error', seconds: 0 });
      script.fail(VoiceAgentError.fatal('microphone_denied/other'));
    });
    expect(findAll(element, '[role=timer]').length).to.equal(0);
  });

  it('does not show the length of the call before beside the error of this one', async () => {
    const element = await mount();
    await act(element, (script) => {
      script.enter('connecting', 'listening');
      void script.stop();
    });
    await act(element, (script) => {
      script.enter('connecting');
      script.fail(VoiceAgentError.fatal('invalid_option/value'));
    });
    expect(findAll(element, '[role=timer]').length).to.equal(0);
  });

  it('counts a double click as one', async () => {
    const element = await mount();
    const button = find(element, '.call');
    for (const detail of [1, 2])
      button.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true, detail }));
    expect(element.script.requests).to.deep.equal(['start']);
    await element.updateComplete;
    button.click();
    expect(element.script.requests).to.deep.equal(['start', 'stop:stopped']);
  });

  it('has a log before anything is said, which is not focusable', async () => {
    for (const layout of ['panel', 'bar', 'button', 'floating']) {
      const element = await mount({ layout, open: true });
      const log = find(element, '[role=log]');
      expect(log.getAttribute('aria-live'), layout).to.equal('polite');
      expect(findAll(element, '[tabindex="0"]').length, layout).to.equal(0);
      await act(element, (script) => script.utter({ key: 'a', role: 'agent', text: 'Hello.' }));
      expect(find(element, '[role=log]'), layout).to.equal(log);
      expect(log.children.length, layout).to.equal(1);
      element.remove();
    }
  });

  it('says that the browser asks for the microphone, while its prompt is open', async () => {
    const { query } = navigator.permissions;
    const permission = Object.assign(new EventTarget(), {
      state: 'prompt',
      onchange: null as null | (() => void),
    });
    navigator.permissions.query = () => Promise.resolve(permission as unknown as PermissionStatus);
    try {
      const element = await mount();
      const notice = find(element, '.notice');
      expect(textOf(notice)).to.equal('');
      await act(element, (script) => script.enter('connecting'));
      await until(() => textOf(notice) !== '', 'it says so');
      expect(textOf(notice)).to.equal('Please allow the microphone.');
      permission.state = 'granted';
      permission.onchange!();
      await element.updateComplete;
      expect(textOf(notice)).to.equal('');
      permission.state = 'prompt';
      await act(element, (script) => script.enter('listening'));
      expect(textOf(notice), 'in the call').to.equal('');
      const writer = await mount({ 'input-mode': 'text' });
      expect(textOf(find(writer, '[part=empty]'))).to.equal(
        'Talk with us Press the button, then type your message.',
      );
      await act(writer, (script) => script.enter('connecting'));
      await nextFrames();
      expect(textOf(find(writer, '.notice')), 'without a microphone').to.equal('');
    } finally {
      navigator.permissions.query = query;
    }
  });

  it('names every state in one polite live region', async () => {
    const element = await mount();
    const seen: string[] = [];
    for (const state of ['connecting', 'listening', 'thinking', 'speaking', 'reconnecting'] as const) {
      await act(element, (script) => script.enter(state));
      seen.push(textOf(find(element, '.status')));
    }
    expect(seen).to.deep.equal(['Connecting…', 'Listening', 'Thinking…', 'Speaking', 'Reconnecting…']);
    await act(element, (script) => {
      script.enter('listening');
      script.hear(true);
    });
    expect(textOf(find(element, '.status'))).to.equal('Hearing you');
    element.muted = true;
    await element.updateComplete;
    expect(textOf(find(element, '.status'))).to.equal('You are muted');
  });

  it('mutes with a toggle button that has a pressed state', async () => {
    const element = await mount();
    await act(element, (script) => script.enter('connecting', 'listening'));
    const button = find(element, '.mute');
    expect(button.getAttribute('aria-pressed')).to.equal('false');
    button.click();
    await element.updateComplete;
    expect(button.getAttribute('aria-pressed')).to.equal('true');
    expect(element.script.muted).to.equal(true);
    expect(element.muted).to.equal(true);
  });

  it('enables the interrupt button only while the agent speaks', async () => {
    const element = await mount();
    await act(element, (script) => script.enter('connecting', 'listening'));
    const button = find(element, '.interrupt');
    button.click();
    expect(button.getAttribute('aria-disabled')).to.equal('true');
    await act(element, (script) => script.enter('speaking'));
    expect(button.getAttribute('aria-disabled')).to.equal('false');
    button.click();
    expect(element.script.requests).to.deep.equal(['interrupt']);
  });

  it('adds each entry to the log once, when it is final', async () => {
    const element = await mount();
    await act(element, (script) => script.utter({ key: 'a', role: 'agent', text: 'Hel', final: false }));
    const log = find(element, '[role=log]');
    const added: string[] = [];
    const observer = new MutationObserver((records) => {
      for (const node of records.flatMap((record) => [...record.addedNodes]))
        if (node instanceof HTMLElement) added.push(textOf(node));
    });
    observer.observe(log, { childList: true });
    await act(element, (script) => script.utter({ key: 'a', role: 'agent', text: 'Hello', final: false }));
    expect(textOf(log)).to.equal('');
    expect(textOf(find(element, '.open'))).to.equal('Agent: Hello');
    await act(element, (script) => script.utter({ key: 'a', role: 'agent', text: 'Hello there.' }));
    await act(element, (script) => script.utter({ key: 'b', role: 'user', text: 'Hi', final: false }));
    await act(element, (script) => script.utter({ key: 'b', role: 'user', text: 'Hi!' }));
    await nextFrames();
    expect(added).to.deep.equal(['Agent: Hello there.', 'You: Hi!']);
    observer.disconnect();
  });

  it('marks interrupted entries and strikes unheard words through', async () => {
    const element = await mount();
    await act(element, (script) => {
      script.utter({ key: 'a', role: 'agent', text: 'Once upon', unheardText: 'a time', interrupted: true });
      script.utter({ key: 'b', role: 'agent', text: '', unheardText: 'Never', unspoken: true });
    });
    const [cut, unspoken] = findAll(element, '.entry');
    expect(textOf(cut!)).to.equal('Agent: Once upon a time Interrupted');
    const struck = cut!.querySelector<HTMLElement>('[part="entry-unheard"]')!;
    expect(textOf(struck)).to.equal('a time');
    expect(getComputedStyle(struck).textDecorationLine).to.equal('line-through');
    expect(struck.getAttribute('aria-hidden'), 'a screen reader says what was said').to.equal('true');
    expect(textOf(unspoken!.querySelector('s')!)).to.equal('Never');
    expect(textOf(unspoken!)).to.contain('Not spoken');
  });

  it('shows no word of a reply before it is heard', async () => {
    const element = await mount();
    await act(element, (script) =>
      script.utter({ key: 'a', role: 'agent', text: 'Once', unheardText: 'upon a time', final: false }),
    );
    expect(textOf(find(element, '.entry'))).to.equal('Agent: Once');
  });

  it('shows text as text', async () => {
    const element = await mount();
    await act(element, (script) =>
      script.utter({ key: 'a', role: 'agent', text: '<img src=x onerror=alert(1)>' }),
    );
    expect(findAll(element, '.entry img').length).to.equal(0);
    expect(textOf(find(element, '.words'))).to.equal('<img src=x onerror=alert(1)>');
  });

  it('stays at the end of a growing transcript, or where the reader has scrolled to', async () => {
    const element = await mount();
    const say = (index: number): Promise<void> =>
      act(element, (script) =>
        script.utter({ key: String(index), role: 'agent', text: `Utterance ${index}. `.repeat(12) }),
      );
    for (let index = 0; index < 12; index++) await say(index);
    const scroller = find(element, '.transcript');
    await until(() => element.shadowRoot?.getAnimations().length === 0, 'the last entry has arrived');
    const last = (): DOMRect => findAll(element, '.entry').at(-1)!.getBoundingClientRect();
    expect(scroller.scrollHeight).to.be.greaterThan(scroller.clientHeight);
    expect(last().bottom).to.be.at.most(scroller.getBoundingClientRect().bottom);
    scroller.scrollTop = -200;
    const top = findAll(element, '.entry')[5]!.getBoundingClientRect().top;
    await say(12);
    await nextFrames();
    expect(findAll(element, '.entry')[5]!.getBoundingClientRect().top).to.be.closeTo(top, 2);
    const place = scroller.scrollTop;
    document.body.append(document.createElement('section'));
    document.body.lastElementChild!.append(element);
    await nextFrames();
    // Firefox rounds a position that a script sets.
    expect(scroller.scrollTop, 'moved in the page').to.be.closeTo(place, 1);
  });

  it('shows the call as ended when the user hangs up, before the service has confirmed it', async () => {
    const element = await mount();
    await act(element, (script) => script.enter('connecting', 'listening', 'ending'));
    expect(textOf(find(element, '.status'))).to.equal('Conversation ended');
    expect(find(element, '.call').getAttribute('aria-label')).to.equal('Start conversation');
    expect(element.getAttribute('state')).to.equal('ending');
    find(element, '.call').click();
    expect(element.script.requests).to.deep.equal(['start']);
  });

  it('explains an error, with a button that tries again', async () => {
    const element = await mount();
    const error = VoiceAgentError.fatal('microphone_in_use');
    await act(element, (script) => {
      script.enter('connecting');
      script.fail(error);
    });
    const box = find(element, '[role=alert]');
    expect(textOf(box)).to.equal(
      'The microphone could not be opened. Close other apps that may be using it. Try again Type instead',
    );
    const retry = find(element, '.retry');
    retry.focus();
    retry.click();
    await element.updateComplete;
    expect(element.script.requests).to.deep.equal(['start']);
    expect(findAll(element, '[role=alert]').length).to.equal(0);
    const isRest = element.shadowRoot?.activeElement === find(element, '.rest');
    expect(isRest, 'the focus is not lost with its button').to.equal(true);
  });

  it('shows notices during the call, and removes them when they no longer apply', async () => {
    const element = await mount();
    const notice = find(element, '.notice');
    expect(notice.getAttribute('role')).to.equal('status');
    await act(element, (script) => {
      script.enter('connecting', 'speaking');
      script.fire('agent-error', VoiceAgentError.notice('microphone_audio_dropped').toData());
    });
    expect(textOf(notice)).to.match(/^Your connection is slow/);
    expect(findAll(element, '[role=alert]').length).to.equal(0);
    await act(element, (script) => script.fire('reply-end', { replyId: 'r', status: 'completed' }));
    expect(textOf(notice)).to.equal('');
    await act(element, (script) => script.fire('call-warning', { reason: 'max-duration', secondsLeft: 30 }));
    expect(textOf(notice)).to.equal('This conversation ends in 30 seconds.');
    await act(element, (script) => void script.stop());
    expect(textOf(notice)).to.equal('');
  });

  it('tells a muted user who speaks, until the microphone is open again', async () => {
    const element = await mount({ muted: true });
    const speak = (levels: number, microphone: number): Promise<void> =>
      act(element, (script) => {
        for (let index = 0; index < levels; index++) script.levels(microphone, 0);
      });
    await act(element, (script) => script.enter('connecting', 'listening'));
    await speak(8, 0.2);
    await speak(60, 0.001);
    await speak(8, 0.2);
    expect(textOf(find(element, '.notice')), 'a cough').to.equal('');
    await speak(8, 0.2);
    expect(textOf(find(element, '.notice'))).to.equal('You are muted. The agent cannot hear you.');
    find(element, '.mute').click();
    await element.updateComplete;
    await speak(60, 0.2);
    expect(textOf(find(element, '.notice'))).to.equal('');
  });

  it('shows that a reply is held because the user seems to speak, and that it continues', async () => {
    const element = await mount();
    const hold = (outcome: string): Promise<void> =>
      act(element, (script) => script.fire('reply-hold', { replyId: 'r', outcome }));
    await act(element, (script) => script.enter('connecting', 'speaking'));
    await hold('held');
    expect(textOf(find(element, '.status'))).to.equal('Hearing you');
    await hold('resumed');
    expect(textOf(find(element, '.status'))).to.equal('Speaking');
  });

  it('is not wider than its container and has large enough buttons, at 200, 320 and 1200 px', async () => {
    for (const width of [200, 320, 1200]) {
      const element = await mount();
      element.style.inlineSize = `${width}px`;
      await act(element, (script) => {
        script.enter('connecting', 'speaking');
        script.utter({
          key: 'a',
          role: 'user',
          text: 'Donaudampfschifffahrtsgesellschaftskapitän '.repeat(3),
        });
      });
      await nextFrames();
      const panel = find(element, '.panel');
      expect(panel.scrollWidth, `${width} px`).to.be.at.most(fittingWidth(panel));
      for (const button of findAll(element, 'button')) {
        const { width: across, height } = button.getBoundingClientRect();
        const leastPx = button.classList.contains('call') ? 44 : 24;
        expect(Math.min(across, height), `${button.className} at ${width} px`).to.be.at.least(leastPx);
      }
      element.remove();
    }
  });

  it('does not change its height when a conversation starts', async () => {
    const element = await mount();
    const { height } = element.getBoundingClientRect();
    await act(element, (script) => {
      script.enter('connecting', 'speaking');
      for (let index = 0; index < 30; index++)
        script.utter({ key: String(index), role: 'agent', text: 'Some words.' });
    });
    expect(element.getBoundingClientRect().height).to.equal(height);
  });

  itWithMedia('uses the system’s colours in forced-colors mode, also in the dark theme', async () => {
    await emulate({ forcedColors: 'active', colorScheme: 'dark' });
    try {
      for (const theme of ['auto', 'dark', 'light']) {
        const element = await mount({ theme });
        const probe = document.createElement('p');
        probe.style.cssText = 'forced-color-adjust: none; color: ButtonFace; background: ButtonText';
        document.body.append(probe);
        const [own, system] = [find(element, '.call'), probe].map((box) => getComputedStyle(box));
        expect(own!.backgroundColor, theme).to.equal(system!.backgroundColor);
        expect(own!.color, theme).to.equal(system!.color);
      }
    } finally {
      await emulate({ forcedColors: 'none', colorScheme: 'light' });
    }
  });

  itWithMedia('is light, dark, or follows the system', async () => {
    const backdrop = (element: HTMLElement): string =>
      getComputedStyle(find(element, '.panel')).backgroundColor;
    const light = await mount({ theme: 'light' });
    const dark = await mount({ theme: 'dark' });
    const auto = await mount();
    await emulate({ colorScheme: 'dark' });
    expect(backdrop(light)).to.equal('rgb(255, 255, 255)');
    expect(backdrop(dark)).to.equal('rgb(20, 23, 31)');
    await until(() => backdrop(auto) === backdrop(dark), 'it is dark');
    await emulate({ colorScheme: 'light' });
    await until(() => backdrop(auto) === backdrop(light), 'it is light');
    expect(backdrop(dark)).to.equal('rgb(20, 23, 31)');
  });
});
