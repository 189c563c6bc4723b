import { expect } from 'chai';
import { VoiceAgentElement } from '../../../../components/voice-agent/voice-agent.js';
import type { VoiceAgentError, VoiceAgentErrorData } from '../../../../src/index.js';
import { clearPage, find, nextFrames, textOf, until } from '../support/mount.js';

const TAG = 'real-voice-agent';
if (!customElements.get(TAG)) customElements.define(TAG, class extends VoiceAgentElement {});

async function mountReal(attributes: Readonly<Record<string, string>>): Promise<VoiceAgentElement> {
  const element = document.createElement(TAG);
  if (!(element instanceof VoiceAgentElement)) throw new Error('It is not registered.');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  document.body.append(element);
  await element.updateComplete;
  return element;
}

function failed(element: VoiceAgentElement): Promise<unknown> {
  return new Promise((resolve) => {
    element.addEventListener('state-change', ({ detail }) => {
      if (detail.state === 'error') resolve(undefined);
    });
  });
}

describe('VoiceAgentElement with the real client', () => {
  const unhandled: unknown[] = [];
  const note = (event: PromiseRejectionEvent): number => unhandled.push(event.reason);
  before(() => window.addEventListener('unhandledrejection', note));
  after(() => window.removeEventListener('unhandledrejection', note));
  afterEach(clearPage);

  it('reports a wrong attribute once, rejects start() with it, and shows it', async () => {
    const element = await mountReal({ token: 'abc', 'input-encoding': 'audio/mp3' });
    const errors: VoiceAgentErrorData[] = [];
    element.addEventListener('agent-error', ({ detail }) => errors.push(detail));
    const thrown = await element.start().then(
      () => undefined,
      (error: unknown) => error as VoiceAgentError,
    );
    expect(thrown?.code).to.equal('invalid_option');
    expect(errors.map(({ code }) => code)).to.deep.equal(['invalid_option']);
    expect(element.getAttribute('state')).to.equal('error');
    await element.updateComplete;
    // A visitor cannot correct an attribute, so only the console and the event have the hint.
    expect(textOf(find(element, '[role=alert]')))
      .to.contain('This conversation is not available right now.')
      .and.not.contain(thrown?.hint);
    expect(thrown?.hint).to.contain('audio/pcmu');
  });

  it('reports a missing option when the button is pressed, and can be started again', async () => {
    const element = await mountReal({});
    for (const button of ['.call', '.retry']) {
      const failure = failed(element);
      find(element, button).click();
      await failure;
      await element.updateComplete;
      expect(element.error?.code).to.equal('token_missing');
    }
    element.setAttribute('token-url', new URL('/no-such-token', location.href).href);
    const failure = failed(element);
    find(element, '.retry').click();
    await failure;
    expect(element.error?.code)
      .to.match(/^token_/)
      .and.not.equal('token_missing');
    expect(unhandled, 'a pressed button is nobody’s promise').to.deep.equal([]);
  });

  it('queries the permission of the microphone when it is pressed, not when the page loads', async () => {
    const queried: string[] = [];
    const { permissions } = navigator;
    permissions.query = (descriptor) => {
      queried.push(descriptor.name);
      return Permissions.prototype.query.call(permissions, descriptor);
    };
    try {
      const [element] = await Promise.all(
        ['panel', 'bar', 'button', 'floating', 'headless'].map((layout) =>
          mountReal({ token: 'abc', layout }),
        ),
      );
      await nextFrames();
      expect(queried).to.deep.equal([]);
      find(element!, '.call').dispatchEvent(
        new PointerEvent('pointerdown', { bubbles: true, composed: true }),
      );
      await until(() => queried.length > 0, 'it is queried');
      expect(queried).to.deep.equal(['microphone']);
    } finally {
      delete (permissions as { query?: unknown }).query;
    }
  });
});
