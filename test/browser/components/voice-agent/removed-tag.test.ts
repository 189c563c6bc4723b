/** A tag that a page removes, moves, or creates again for every view of a single-page app. */
import { expect } from 'chai';
import { VoiceAgentError } from '../../../../src/index.js';
import { noteBegun } from '../support/listeners.js';
import { act, clearPage, find, mount, nextFrames, until } from '../support/mount.js';
import { SCENES } from '../support/scenes.js';

const EVERYTHING = Object.fromEntries(
  [
    'keep-across-pages',
    'push-to-talk',
    'text-input',
    'devices',
    'remember-devices',
    'record',
    'save-transcript',
    'debug',
    'sounds',
    'open',
  ].map((name) => [name, true as const]),
);

describe('A tag that was removed', () => {
  afterEach(clearPage);

  it('no longer watches the permission of the microphone', async () => {
    const { query } = navigator.permissions;
    const permission = { state: 'denied', onchange: null as unknown };
    navigator.permissions.query = () => Promise.resolve(permission as unknown as PermissionStatus);
    const element = await mount();
    await act(element, (script) => {
      script.enter('connecting');
      script.fail(VoiceAgentError.fatal('microphone_denied/other'));
    });
    await until(() => permission.onchange !== null, 'it watches');
    element.remove();
    await until(() => permission.onchange === null, 'it does not');
    navigator.permissions.query = query;
  });

  it('leaves nothing behind on the page, whatever it has shown', async () => {
    using begun = noteBegun();
    for (const layout of ['floating', 'panel', 'headless']) {
      const element = await mount({ ...EVERYTHING, layout, analytics: 'data-layer' });
      await until(
        () => !!element.shadowRoot?.querySelector('voice-agent-extras')?.shadowRoot,
        'all is loaded',
      );
      await act(element, SCENES['listening']!);
      await nextFrames();
      expect(begun.left(), layout).to.include.members([
        'Window:voice-agent-page-left',
        'Window:pageshow',
        'interval',
      ]);
      element.remove();
      await until(() => element.script.requests.includes('stop:removed'), 'it ends');
      await nextFrames();
      expect(begun.left(), layout).to.deep.equal([]);
    }
  });

  it('moved to a document without a window does not throw, and has its styles again when it is moved back', async () => {
    const element = await mount();
    const errors: string[] = [];
    const note = ({ message }: ErrorEvent): void => void errors.push(message);
    window.addEventListener('error', note);
    document.implementation.createHTMLDocument().body.append(element);
    await element.updateComplete;
    document.body.append(element);
    await element.updateComplete;
    expect(getComputedStyle(find(element, '.panel')).position).to.equal('relative');
    window.removeEventListener('error', note);
    expect(errors).to.deep.equal([]);
  });
});
