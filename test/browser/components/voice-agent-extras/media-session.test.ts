import { expect } from 'chai';
import '../../../../components/voice-agent-media-session/define.js';
import { act, clearPage, mount } from '../support/mount.js';
import { addPart } from '../support/parts.js';

const session = navigator.mediaSession;
type Handlers = Map<string, (() => void) | null>;

function noteHandlers(): Handlers {
  const handlers: Handlers = new Map();
  Object.assign(session, {
    setActionHandler: (action: string, handler: (() => void) | null) => handlers.set(action, handler),
  });
  return handlers;
}

describe('VoiceAgentMediaSessionElement', () => {
  afterEach(() => {
    clearPage();
    Reflect.deleteProperty(session, 'setActionHandler');
    session.metadata = null;
  });

  it('names the call to the system and gives it keys, for as long as the call lasts', async () => {
    const handlers = noteHandlers();
    const agent = await mount({ layout: 'headless', texts: '{"label": "Ask the captain"}' });
    const part = await addPart(agent, 'voice-agent-media-session');
    expect(session.metadata).to.equal(null);
    await act(agent, (script) => script.enter('connecting', 'listening'));
    await part.updateComplete;
    expect(session.metadata?.title).to.equal('Ask the captain');
    handlers.get('togglemicrophone')?.();
    expect(agent.muted).to.equal(true);
    handlers.get('hangup')?.();
    expect(agent.state).to.equal('ended');
    await agent.updateComplete;
    await part.updateComplete;
    expect(session.metadata).to.equal(null);
    expect([...handlers.values()]).to.deep.equal([null, null]);
  });

  it("leaves a page's own metadata and keys alone", async () => {
    const handlers = noteHandlers();
    const own = new MediaMetadata({ title: 'Song of the page' });
    session.metadata = own;
    const agent = await mount({ layout: 'headless' });
    const part = await addPart(agent, 'voice-agent-media-session');
    await act(agent, (script) => script.enter('connecting', 'listening', 'ended'));
    await part.updateComplete;
    expect(session.metadata).to.equal(own);
    expect(handlers.size).to.equal(0);
  });
});
