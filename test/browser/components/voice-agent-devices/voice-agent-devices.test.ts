import { expect } from 'chai';
import '../../../../components/voice-agent-devices/define.js';
import { DEVICES_KEY } from '../../../../components/voice-agent-devices/device-memory.js';
import { violations } from '../support/accessibility.js';
import { act, clearPage, find, findAll, mount, nextTask, textOf, until } from '../support/mount.js';
import { addPart, buttonOf, misfits } from '../support/parts.js';

interface Choices {
  microphoneId?: string | undefined;
  speakerId?: string | undefined;
}

const { mediaDevices } = navigator;
const realList = mediaDevices.enumerateDevices.bind(mediaDevices);
const realOpen = mediaDevices.getUserMedia.bind(mediaDevices);
const realQuery = navigator.permissions.query.bind(navigator.permissions);

/** Replaces the browser's answer to every question about a permission. */
function answerQueries(permission: object): void {
  navigator.permissions.query = () => Promise.resolve(permission as PermissionStatus);
}

/** Replaces the list and the answers of the browser's fake devices. */
function listDevices(devices: readonly Partial<MediaDeviceInfo>[]): void {
  mediaDevices.enumerateDevices = () => Promise.resolve(devices as MediaDeviceInfo[]);
  mediaDevices.dispatchEvent(new Event('devicechange'));
}

function options(part: HTMLElement, id: string): string[] {
  return findAll(part, `#${id} option`).map((option) => option.textContent.trim());
}

function pick(part: HTMLElement, id: string, value: string): void {
  const select = find(part, `#${id}`) as HTMLSelectElement;
  select.value = value;
  select.dispatchEvent(new Event('change'));
}

/** Like `until`, but without frames, which a hidden page does not get. */
async function soon(condition: () => boolean, what: string): Promise<void> {
  const deadlineMs = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadlineMs) throw new Error(`Waited in vain until ${what}.`);
    await nextTask();
  }
}

describe('VoiceAgentDevicesElement', () => {
  const opened: MediaStreamTrack[] = [];

  beforeEach(() => {
    opened.length = 0;
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await realOpen(constraints);
      opened.push(...stream.getTracks());
      return stream;
    };
  });
  afterEach(() => {
    clearPage();
    Object.assign(mediaDevices, { enumerateDevices: realList, getUserMedia: realOpen });
    navigator.permissions.query = realQuery;
    localStorage.clear();
  });

  const live = (): number => opened.filter(({ readyState }) => readyState === 'live').length;

  it('opens no microphone for a text-only call, nor before the visitor has agreed', async () => {
    const agent = await mount({ layout: 'headless', 'input-mode': 'text' });
    const part = await addPart(agent, 'voice-agent-devices');
    const isOffered = (): boolean => findAll(part, '[part~=microphone]').length > 0;
    await until(() => findAll(part, '[part~=speaker]').length > 0, 'it is drawn');
    expect(isOffered(), 'in writing').to.equal(false);
    agent.inputMode = 'voice';
    agent.requireConsent = true;
    await agent.updateComplete;
    await part.updateComplete;
    expect(isOffered(), 'before a yes').to.equal(false);
    const started = agent.start();
    await agent.updateComplete;
    find(agent, '.agree').click();
    await started;
    await until(isOffered, 'it is offered after a yes');
    expect(opened).to.deep.equal([]);
    sessionStorage.removeItem('voice-agent-consent');
  });

  it('lists the browser’s devices, and passes the choice on to the agent', async function () {
    // Some browsers reveal no names until the microphone was opened on this page.
    if (!(await realList()).some(({ label }) => label)) this.skip();
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-devices');
    await until(() => options(part, 'microphone').length > 2, 'the microphones are listed');
    const microphones = (await realList()).filter(
      ({ kind, deviceId }) => kind === 'audioinput' && !['default', 'communications'].includes(deviceId),
    );
    expect(options(part, 'microphone')).to.deep.equal([
      'System default',
      ...microphones.map(({ label }) => label),
    ]);
    expect(options(part, 'speaker').length).to.be.greaterThan(1);
    const chosen = microphones.at(-1)!.deviceId;
    pick(part, 'microphone', chosen);
    expect((agent as Choices).microphoneId).to.equal(chosen);
    pick(part, 'microphone', '');
    expect((agent as Choices).microphoneId).to.equal(undefined);
    expect(localStorage.length).to.equal(0);
  });

  it('follows connected and disconnected devices, and says if the chosen one is missing', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-devices');
    const list = ['one', 'two'].map((id) => ({
      kind: 'audioinput' as const,
      deviceId: id,
      label: `Mic ${id}`,
    }));
    listDevices(list);
    await until(
      () => options(part, 'microphone').join() === 'System default,Mic one,Mic two',
      'both are listed',
    );
    pick(part, 'microphone', 'two');
    listDevices(list.slice(0, 1));
    await until(
      () => options(part, 'microphone').join() === 'System default,Mic one,Not connected',
      'one is away',
    );
    expect((find(part, '#microphone') as HTMLSelectElement).value).to.equal('two');
  });

  it('explains that names need the permission, requests it, and closes the microphone at once', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-devices');
    listDevices([{ kind: 'audioinput', deviceId: '', label: '' }]);
    await until(() => findAll(part, '.ask').length === 1, 'it explains');
    expect(findAll(part, 'select').length).to.equal(0);
    mediaDevices.enumerateDevices = realList;
    buttonOf(part, 'Allow the microphone').click();
    await until(() => options(part, 'microphone').length > 1, 'the names are there');
    await until(() => opened.length === 1 && live() === 0, 'the microphone is closed');
    await until(() => part.shadowRoot?.activeElement?.id === 'microphone', 'the focus is on the choice');
  });

  it('reports a microphone that is refused, in use or missing', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-devices');
    await until(() => findAll(part, '#microphone').length === 1, 'the list is there');
    const fail = (name: string): void => {
      mediaDevices.getUserMedia = () => Promise.reject(new DOMException('No.', name));
    };
    fail('NotReadableError');
    buttonOf(part, 'Test microphone').click();
    await until(() => textOf(find(part, '.problem')).includes('cannot be opened'), 'it is in use');
    fail('NotAllowedError');
    buttonOf(part, 'Test microphone').click();
    await until(() => textOf(find(part, '.problem')).includes('is blocked'), 'it is refused');
    const other = await addPart(agent, 'voice-agent-devices');
    listDevices([]);
    await until(() => textOf(find(other, '.devices')).includes('No microphone was found'), 'there is none');
  });

  it('offers the microphone again after a refusal, and forgets it once the microphone is allowed', async () => {
    const permission = Object.assign(new EventTarget(), { state: 'prompt' });
    answerQueries(permission);
    const part = await addPart(await mount({ layout: 'headless' }), 'voice-agent-devices');
    listDevices([{ kind: 'audioinput', deviceId: '', label: '' }]);
    await until(() => findAll(part, '.ask').length === 1, 'it explains');
    answerQueries({ state: 'denied' });
    for (const [name, said] of [
      ['NotReadableError', 'cannot be opened'],
      ['NotAllowedError', 'is blocked'],
    ] as const) {
      mediaDevices.getUserMedia = () => Promise.reject(new DOMException('No.', name));
      const allow = buttonOf(part, 'Allow the microphone');
      allow.focus();
      allow.click();
      await until(() => textOf(find(part, '.devices')).includes(said), said);
      expect(part.shadowRoot!.activeElement, 'the button has not moved').to.equal(allow);
    }
    // After a prompt that was closed, the next press shows it again; in Firefox, every refusal lasts.
    answerQueries(permission);
    const isLasting = navigator.userAgent.includes('Firefox');
    let isListRead = false;
    mediaDevices.enumerateDevices = () => {
      isListRead = true;
      return Promise.resolve([{ kind: 'audioinput', deviceId: '', label: '' } as MediaDeviceInfo]);
    };
    buttonOf(part, 'Allow the microphone').click();
    // The part reads it once it knows why the microphone was refused.
    await until(() => isListRead, 'the refusal is understood');
    await part.updateComplete;
    expect(textOf(find(part, '.devices')).includes('is blocked')).to.equal(isLasting);
    const change = (state: string): void => {
      permission.state = state;
      permission.dispatchEvent(new Event('change'));
    };
    change('denied');
    await until(() => findAll(part, '.ask').length === 0, 'only the settings can allow it now');
    await until(() => part.shadowRoot!.activeElement !== null, 'the focus is not lost');
    listDevices([{ kind: 'audioinput', deviceId: 'one', label: 'Mic one' }]);
    change('granted');
    await until(() => findAll(part, '#microphone').length === 1, 'there is a choice');
    expect(textOf(find(part, '.devices'))).not.to.include('is blocked');
  });

  it('shows the level during the test, and closes the microphone afterwards', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-devices');
    await until(() => findAll(part, '#microphone').length === 1, 'the list is there');
    const value = (): number => Number(find(part, '.meter').getAttribute('aria-valuenow'));
    const test = async (): Promise<void> => {
      const before = opened.length;
      buttonOf(part, 'Test microphone').focus();
      buttonOf(part, 'Test microphone').click();
      await until(() => opened.length > before && live() === 1, 'the microphone is open');
    };
    await test();
    // The fake microphone beeps once a second.
    await until(() => value() > 30, 'the beep is seen');
    await part.updateComplete;
    buttonOf(part, 'Stop test').click();
    expect(live()).to.equal(0);
    await part.updateComplete;
    expect(value()).to.equal(0);

    await test();
    agent.script.enter('connecting');
    expect(live(), 'a call begins').to.equal(0);
    agent.script.enter('ended');
    await part.updateComplete;

    await test();
    const elsewhere = document.createElement('button');
    document.body.append(elsewhere);
    elsewhere.focus();
    expect(live(), 'the focus leaves').to.equal(0);
    await part.updateComplete;

    await test();
    Object.defineProperty(document, 'hidden', { configurable: true, value: true });
    document.dispatchEvent(new Event('visibilitychange'));
    Reflect.deleteProperty(document, 'hidden');
    expect(live(), 'the page is hidden').to.equal(0);
    await part.updateComplete;

    await test();
    part.remove();
    expect(live(), 'it is removed').to.equal(0);
  });

  it('tests the microphone in a small window, although the page behind it is hidden', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-devices');
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const small = frame.contentDocument!;
    small.body.append(agent);
    await until(() => findAll(part, '#microphone').length === 1, 'the list is there');
    Object.defineProperty(document, 'hidden', { configurable: true, value: true });
    const { requestAnimationFrame } = window;
    window.requestAnimationFrame = () => 0;
    try {
      buttonOf(part, 'Test microphone').click();
      document.dispatchEvent(new Event('visibilitychange'));
      await soon(() => live() === 1, 'the microphone is open');
      const value = (): number => Number(find(part, '.meter').getAttribute('aria-valuenow'));
      await soon(() => value() > 30, 'the beep is seen');
    } finally {
      window.requestAnimationFrame = requestAnimationFrame;
      Reflect.deleteProperty(document, 'hidden');
    }
    Object.defineProperty(small, 'hidden', { configurable: true, value: true });
    small.dispatchEvent(new Event('visibilitychange'));
    expect(live(), 'the small window is hidden').to.equal(0);
  });

  it('opens no microphone during a call: the meter follows the agent', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-devices');
    await until(() => findAll(part, '#microphone').length === 1, 'the list is there');
    await act(agent, (script) => script.enter('connecting', 'listening'));
    await part.updateComplete;
    expect(findAll(part, 'button').map(textOf)).to.deep.equal(['Play test sound']);
    agent.script.levels(0.2, 0);
    expect(find(part, '.meter').getAttribute('aria-valuenow')).to.equal('100');
    await until(() => find(part, '.meter').getAttribute('aria-valuenow') === '0', 'it falls back');
    expect(opened.length).to.equal(0);
  });

  it('remembers devices only if requested, and forgets them when the attribute is removed', async () => {
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-devices', { 'remember-devices': true });
    listDevices(['one', 'two'].map((id) => ({ kind: 'audioinput', deviceId: id, label: `Mic ${id}` })));
    await until(() => options(part, 'microphone').length > 2, 'the list is there');
    const chosen = (findAll(part, '#microphone option').at(-1) as HTMLOptionElement).value;
    pick(part, 'microphone', chosen);
    expect(JSON.parse(localStorage.getItem(DEVICES_KEY)!)).to.deep.equal({ microphoneId: chosen });
    const nextVisit = await mount({ layout: 'headless' });
    await addPart(nextVisit, 'voice-agent-devices', { 'remember-devices': true });
    expect((nextVisit as Choices).microphoneId).to.equal(chosen);
    const without = await mount({ layout: 'headless' });
    await addPart(without, 'voice-agent-devices');
    expect((without as Choices).microphoneId).to.equal(undefined);
    const decided = await mount({ layout: 'headless' });
    (decided as Choices).microphoneId = 'of-the-page';
    await addPart(decided, 'voice-agent-devices', { 'remember-devices': true });
    expect((decided as Choices).microphoneId).to.equal('of-the-page');
    part.setAttribute('remember-devices', 'false');
    await part.updateComplete;
    expect(localStorage.getItem(DEVICES_KEY), 'as some frameworks write it').to.equal(null);
    part.rememberDevices = true;
    await part.updateComplete;
    pick(part, 'microphone', chosen);
    expect(localStorage.getItem(DEVICES_KEY)).not.to.equal(null);
    part.removeAttribute('remember-devices');
    await part.updateComplete;
    expect(localStorage.getItem(DEVICES_KEY)).to.equal(null);
  });

  it('sets the volume of the agent', async () => {
    const agent = await mount({ layout: 'headless', volume: '0.5' });
    const part = await addPart(agent, 'voice-agent-devices');
    const slider = find(part, '#volume') as HTMLInputElement;
    expect([slider.value, slider.getAttribute('aria-valuetext')]).to.deep.equal(['0.5', '50 %']);
    slider.value = '0.2';
    slider.dispatchEvent(new Event('input'));
    expect(agent.volume).to.equal(0.2);
    await part.updateComplete;
    expect(textOf(find(part, 'output'))).to.equal('20 %');
  });

  it('offers no speakers in browsers that cannot choose one', async () => {
    const { prototype } = AudioContext as unknown as { prototype: { setSinkId?: unknown } };
    const { setSinkId } = prototype;
    delete prototype.setSinkId;
    const part = await addPart(await mount({ layout: 'headless' }), 'voice-agent-devices');
    await until(() => findAll(part, '#microphone').length === 1, 'the list is there');
    expect(findAll(part, '#speaker').length).to.equal(0);
    buttonOf(part, 'Play test sound').click();
    prototype.setSinkId = setSinkId;
  });

  it('axe finds nothing, in both directions; it fits into 200 px', async () => {
    const agent = await mount({ layout: 'headless', lang: 'ar', dir: 'rtl' });
    const part = await addPart(agent, 'voice-agent-devices');
    part.style.width = '200px';
    await until(() => textOf(find(part, '.devices')).includes('الميكروفون'), 'it is Arabic');
    expect(await violations(part)).to.deep.equal([]);
    expect(misfits(part)).to.deep.equal([]);
  });
});
