import { expect } from 'chai';
import { ERRORS, VoiceAgentError, type ErrorKey } from '../../../../src/index.js';
import { contrastOf, violations } from '../support/accessibility.js';
import { act, clearPage, find, findAll, mount, textOf, until } from '../support/mount.js';
import type { ScriptedElement } from '../support/scripted-agent.js';
import { SCENES } from '../support/scenes.js';

const refused = (key: ErrorKey = 'microphone_denied/other'): VoiceAgentError => VoiceAgentError.fatal(key);

async function failed(code?: ErrorKey, attributes = {}): Promise<ScriptedElement> {
  const element = await mount({ open: true, ...attributes });
  await act(element, (script) => {
    script.enter('connecting');
    script.fail(refused(code));
  });
  return element;
}

describe('Writing without a microphone', () => {
  const { query } = navigator.permissions;
  afterEach(() => {
    clearPage();
    navigator.permissions.query = query;
  });

  it('is offered for errors about sound, and for no others', async () => {
    for (const [code, offered] of [
      ['microphone_denied/frame', 1],
      ['microphone_missing', 1],
      ['audio_blocked', 1],
      ['engine_failed/load', 1],
      ['insecure_page', 1],
      ['unsupported_browser', 1],
      ['connection_lost', 0],
      ['token_refused', 0],
      ['invalid_option/value', 0],
    ] as const) {
      const element = await failed(code);
      expect(findAll(element, '.write').length, code).to.equal(offered);
      element.remove();
    }
  });

  it('starts a text-only call, in every layout', async () => {
    for (const layout of ['panel', 'bar', 'button', 'floating']) {
      const element = await failed(undefined, { layout });
      expect(await violations(element), layout).to.deep.equal([]);
      const write = find(element, '.write');
      expect(contrastOf(write), layout).to.be.at.least(4.5);
      expect(textOf(write), layout).to.equal('Type instead');
      write.focus();
      write.click();
      await until(() => element.script.state === 'connecting', 'the call begins');
      expect(element.script.inputMode, layout).to.equal('text');
      expect(element.script.requests, layout).to.deep.equal(['start']);
      await act(element, (script) => script.enter('listening'));
      expect(findAll(element, '.error').length, layout).to.equal(0);
      expect(findAll(element, '.mute').length, layout).to.equal(0);
      expect(find(element, 'input').checkVisibility(), layout).to.equal(true);
      expect(element.shadowRoot?.activeElement, 'the focus is not lost').to.not.equal(null);
      expect(await violations(element), layout).to.deep.equal([]);
      element.remove();
    }
  });

  it('applies to one call: the next one uses the microphone again', async () => {
    const element = await failed();
    find(element, '.write').click();
    await act(element, (script) => script.fail(refused('audio_blocked')));
    find(element, '.write').click();
    (find(element, 'input') as HTMLInputElement).value = 'Half a sen';
    await act(element, (script) => void script.stop());
    await element.updateComplete;
    expect(element.inputMode).to.equal('voice');
    expect(element.script.inputMode).to.equal('voice');
    expect(findAll(element, '.mute').length).to.equal(1);
    await act(element, (script) => {
      script.enter('connecting');
      script.fail(refused());
    });
    find(element, '.write').click();
    await element.updateComplete;
    expect((find(element, 'input') as HTMLInputElement).value, 'the draft is still there').to.equal(
      'Half a sen',
    );
  });

  it('applies to no call if the visitor does not agree to it', async () => {
    const element = await failed(undefined, { 'require-consent': true });
    find(element, '.write').click();
    await element.updateComplete;
    findAll(element, '.choice button')[1]!.click();
    await until(() => element.inputMode === 'voice', 'the page’s own mode is back');
    await element.updateComplete;
    expect(findAll(element, '.composer').length).to.equal(0);
    element.setAttribute('input-mode', 'text');
    expect(element.inputMode, 'the page decides again').to.equal('text');
  });

  it('is repeated when it fails, and the visitor tries again', async () => {
    const element = await failed();
    find(element, '.write').click();
    await act(element, (script) => {
      script.fail(refused('connection_lost'));
      script.fire('session-end', { reason: 'error', seconds: 0 });
    });
    find(element, '.retry').click();
    await act(element, (script) => script.enter('listening'));
    expect(element.script.inputMode).to.equal('text');
    await element.stop();
    expect(element.inputMode).to.equal('voice');
  });

  it('is followed by the mode that the page has asked for in the meantime', async () => {
    const element = await failed();
    find(element, '.write').click();
    await act(element, (script) => script.enter('listening'));
    element.setAttribute('input-mode', 'voice');
    expect(element.inputMode, 'not during the call').to.equal('text');
    element.setAttribute('input-mode', 'text');
    await element.stop();
    expect(element.inputMode).to.equal('text');
  });

  it('requested during a voice call, does not hide that the microphone is open', async () => {
    const element = await mount();
    await act(element, SCENES['listening']!);
    element.inputMode = 'text';
    await element.updateComplete;
    expect(find(element, '.mute').checkVisibility()).to.equal(true);
    expect(findAll(element, 'input').length).to.equal(0);
    await act(element, (script) => script.enter('ended'));
    expect(findAll(element, '.mute').length).to.equal(0);
    await act(element, (script) => script.enter('connecting', 'listening'));
    expect(find(element, 'input').checkVisibility()).to.equal(true);
  });

  it('set by the page: a text field, no microphone button, and no muted state', async () => {
    for (const layout of ['panel', 'bar', 'floating']) {
      const element = await mount({ layout, open: true, 'input-mode': 'text', muted: true });
      expect(findAll(element, '.mute').length, layout).to.equal(0);
      await act(element, SCENES['listening']!);
      await act(element, (script) => script.hear(false));
      expect(findAll(element, 'input').length, layout).to.equal(1);
      expect(findAll(element, '.mute').length, layout).to.equal(0);
      expect(textOf(find(element, '.status')), layout).to.equal('Listening');
      expect(await violations(element), layout).to.deep.equal([]);
      element.remove();
    }
  });

  it('says when the microphone was allowed after all, and reports later errors instead', async () => {
    const permission = Object.assign(new EventTarget(), {
      state: 'denied',
      onchange: null as (() => void) | null,
    });
    navigator.permissions.query = () => Promise.resolve(permission as unknown as PermissionStatus);
    const element = await failed();
    await until(() => permission.onchange !== null, 'it watches');
    expect(textOf(find(element, '.what'))).to.equal('The microphone is blocked.');
    permission.state = 'granted';
    permission.onchange!();
    await element.updateComplete;
    expect(textOf(find(element, '.what'))).to.equal('The microphone is now allowed.');
    expect(textOf(find(element, '[part=error-hint]'))).to.equal('');
    expect(find(element, '.error').role).to.equal('alert');
    expect(await violations(element)).to.deep.equal([]);
    permission.state = 'denied';
    permission.onchange!();
    await element.updateComplete;
    expect(textOf(find(element, '.what'))).to.equal('The microphone is blocked.');
    permission.state = 'granted';
    permission.onchange!();
    await act(element, (script) => script.fail(refused('connection_lost')));
    permission.onchange?.();
    await element.updateComplete;
    expect(textOf(find(element, '.what'))).to.equal('The connection was lost.');
  });

  it('shows errors in the page’s language if it has a text for them, otherwise in English', async () => {
    const element = await mount({
      texts: JSON.stringify({
        errors: {
          microphone_denied: { message: 'Mikrofon verboten.' },
          'microphone_lost/denied': { message: 'Mikrofon weg.' },
        },
      }),
    });
    await act(element, (script) => script.fail(refused()));
    expect(textOf(find(element, '.what'))).to.equal('Mikrofon verboten.');
    expect(textOf(find(element, '[part=error-hint]'))).to.equal(ERRORS['microphone_denied/other'].hint);
    await act(element, (script) => {
      script.enter('connecting', 'listening');
      script.fire('agent-error', { ...refused('microphone_lost/denied').toData(), fatal: false });
    });
    expect(textOf(find(element, '.notice'))).to.equal(
      `Mikrofon weg. ${ERRORS['microphone_lost/denied'].hint}`,
    );
  });
});
