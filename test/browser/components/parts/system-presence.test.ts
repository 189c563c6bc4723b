import { expect } from 'chai';
import { act, clearPage, mount, until } from '../support/mount.js';

const session = navigator.mediaSession;
type Handlers = Map<string, (() => void) | null>;

function noteHandlers(): Handlers {
  const handlers: Handlers = new Map();
  Object.assign(session, {
    setActionHandler: (action: string, handler: (() => void) | null) => handlers.set(action, handler),
  });
  return handlers;
}

/** Every wake lock that is requested from now on. */
function noteScreenLocks(): WakeLockSentinel[] {
  const locks: WakeLockSentinel[] = [];
  const request = WakeLock.prototype.request;
  Object.assign(navigator.wakeLock, {
    request: async (type: WakeLockType) => {
      const lock = await request.call(navigator.wakeLock, type);
      locks.push(lock);
      return lock;
    },
  });
  return locks;
}

describe('SystemPresence', () => {
  afterEach(() => {
    clearPage();
    Reflect.deleteProperty(session, 'setActionHandler');
    Reflect.deleteProperty(session, 'setMicrophoneActive');
    Reflect.deleteProperty(navigator.wakeLock, 'request');
    session.metadata = null;
  });

  it('keeps the screen on while a call is active, and releases it with the element', async function () {
    await navigator.wakeLock.request('screen').then(
      (lock) => lock.release(),
      () => this.skip(),
    );
    const locks = noteScreenLocks();
    const element = await mount();
    const isHeld = (): boolean => locks.some(({ released }) => !released);
    await element.start();
    await until(isHeld, 'the screen is held');
    element.script.enter('listening', 'speaking', 'ended');
    await until(() => !isHeld(), 'it is let go after the call');
    await element.start();
    await until(isHeld, 'it is held in the next call');
    element.remove();
    await until(() => !isHeld(), 'it is let go with the element');
    expect(locks.length, 'one for each call').to.equal(2);
  });

  it('requests the wake lock once per call if the browser refuses', async () => {
    let asked = 0;
    Object.assign(navigator.wakeLock, {
      request: () => Promise.reject(new DOMException(`Refused, ${++asked}.`, 'NotAllowedError')),
    });
    const element = await mount();
    await act(element, (script) => script.enter('connecting', 'listening', 'speaking', 'listening'));
    expect(asked).to.equal(1);
    await act(element, (script) => script.enter('ended'));
    await act(element, (script) => script.enter('connecting', 'listening'));
    expect(asked).to.equal(2);
  });

  it('sets the media session’s title and actions while a call is active', async () => {
    const handlers = noteHandlers();
    const microphone: boolean[] = [];
    Object.assign(session, { setMicrophoneActive: (active: boolean) => microphone.push(active) });
    const agent = await mount({ layout: 'headless', texts: '{"label": "Ask the captain"}' });
    expect(session.metadata).to.equal(null);
    await act(agent, (script) => script.enter('connecting', 'listening'));
    expect(session.metadata?.title).to.equal('Ask the captain');
    expect(microphone.at(-1)).to.equal(true);
    handlers.get('togglemicrophone')?.();
    await agent.updateComplete;
    expect(agent.muted).to.equal(true);
    expect(microphone.at(-1)).to.equal(false);
    handlers.get('hangup')?.();
    expect(agent.state).to.equal('ended');
    await agent.updateComplete;
    expect(session.metadata).to.equal(null);
    expect([...handlers.values()]).to.deep.equal([null, null]);
  });

  it("leaves a page's own metadata and keys alone", async () => {
    const handlers = noteHandlers();
    const own = new MediaMetadata({ title: 'Song of the page' });
    session.metadata = own;
    const agent = await mount({ layout: 'headless' });
    await act(agent, (script) => script.enter('connecting', 'listening', 'ended'));
    expect(session.metadata).to.equal(own);
    expect(handlers.size).to.equal(0);
  });

  it('works in a browser without these features', async () => {
    Object.assign(session, {
      setActionHandler: () => {
        throw new TypeError('No such action.');
      },
    });
    Object.assign(navigator.wakeLock, { request: undefined });
    const agent = await mount();
    await act(agent, (script) => script.enter('connecting', 'listening', 'speaking'));
    expect(agent.state).to.equal('speaking');
    await act(agent, (script) => script.enter('ended'));
    expect(session.metadata).to.equal(null);
  });
});
