import { expect } from 'chai';
import { sendKeys } from '@web/test-runner-commands';
import '../../../../components/voice-agent-controls/define.js';
import { act, clearPage, find, findAll, mount, nextFrames } from '../support/mount.js';
import { addPart } from '../support/parts.js';
import { SCENES } from '../support/scenes.js';
import type { ScriptedElement } from '../support/scripted-agent.js';

async function inCall(layout: string): Promise<ScriptedElement> {
  const element = await mount({ layout, open: true, 'text-input': true });
  await act(element, SCENES['speaking']!);
  return element;
}

describe('The focus', () => {
  afterEach(clearPage);

  it('moves to an element without key actions when the focused button disappears at the end of a call', async () => {
    for (const layout of ['panel', 'bar', 'button', 'floating'])
      for (const control of ['.mute', '.interrupt', 'input', '.send']) {
        const element = await inCall(layout);
        if (!findAll(element, control)[0]) continue;
        find(element, control).focus();
        await act(element, (script) => script.enter('ended'));
        expect(element.shadowRoot?.activeElement, `${layout} ${control}`).to.equal(find(element, '.rest'));
        await sendKeys({ type: 'k \n' });
        await sendKeys({ press: 'Enter' });
        expect(element.script.requests, `${layout} ${control}`).to.deep.equal([]);
        element.remove();
      }
  });

  it('at the end of a call: what the visitor is still typing neither mutes nor unmutes the next one', async () => {
    for (const muted of [true, false])
      for (const layout of ['panel', 'bar', 'button', 'floating']) {
        const element = await inCall(layout);
        element.muted = muted;
        await element.updateComplete;
        find(element, 'input').focus();
        await act(element, (script) => script.enter('ended'));
        await sendKeys({ type: 'my' });
        expect(element.muted, layout).to.equal(muted);
        element.remove();
      }
  });

  it('on the end button: a key press just after the call has ended starts no other call', async () => {
    const element = await inCall('panel');
    find(element, '.call').focus();
    await act(element, (script) => script.enter('ended'));
    await sendKeys({ press: 'Enter' });
    expect(element.script.requests).to.deep.equal([]);
    await nextFrames();
    element.script.requests.length = 0;
    find(element, '.call').click();
    expect(element.script.requests, 'a script is obeyed').to.deep.equal(['start']);
  });

  it('stays on a visible element, and is not taken from the rest of the page', async () => {
    const element = await inCall('panel');
    find(element, '.transcript').focus();
    await act(element, (script) => script.enter('ended'));
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.transcript'));
    const outside = document.createElement('input');
    document.body.append(outside);
    outside.focus();
    await act(element, (script) => script.enter('connecting', 'listening', 'ended'));
    expect(document.activeElement).to.equal(outside);
  });

  it('is on the main control after focus(), in every layout', async () => {
    for (const [layout, open, control] of [
      ['panel', false, '.call'],
      ['bar', false, '.call'],
      ['button', false, '.call'],
      ['floating', false, '.launcher'],
      ['floating', true, '.call'],
    ] as const) {
      const element = await mount({ layout });
      element.open = open;
      element.focus();
      expect(find(element, control).matches(':focus'), `${layout} ${open}`).to.equal(true);
      element.remove();
    }
    const asking = await mount({ 'require-consent': true, texts: '{"consent":"To what is in focus?"}' });
    void asking.start().catch(() => undefined);
    await nextFrames();
    find(asking, '.agree').blur();
    asking.focus();
    expect(find(asking, '.agree').matches(':focus'), 'the open question').to.equal(true);
    await asking.stop();
  });

  it('stays where it is inside if the page calls focus(), and on a tag with tabindex', async () => {
    const element = await inCall('panel');
    find(element, 'input').focus();
    element.focus();
    expect(find(element, 'input').matches(':focus')).to.equal(true);
    find(element, 'input').blur();
    element.tabIndex = -1;
    element.focus();
    expect(document.activeElement === element && !element.shadowRoot!.activeElement).to.equal(true);
  });

  it('stays on an open question when the layout changes', async () => {
    const element = await mount({ 'require-consent': true, texts: '{"consent":"Another one?"}' });
    find(element, '.call').focus();
    find(element, '.call').click();
    await nextFrames();
    for (const layout of ['bar', 'panel']) {
      element.setAttribute('layout', layout);
      await element.updateComplete;
      expect(find(element, '.agree').matches(':focus'), layout).to.equal(true);
    }
  });

  it('a draft is kept after the call', async () => {
    const element = await inCall('panel');
    const field = find(element, 'input') as HTMLInputElement;
    field.value = 'Half a sen';
    await act(element, (script) => script.enter('ended'));
    expect(field.checkVisibility()).to.equal(false);
    await act(element, (script) => script.enter('connecting', 'listening'));
    expect((find(element, 'input') as HTMLInputElement).value).to.equal('Half a sen');
    expect(field.checkVisibility()).to.equal(true);
  });

  it('follows the visual order: in a top corner, the launcher comes before its card', async () => {
    const element = await mount({ layout: 'floating', open: true });
    for (const [placement, order] of [
      ['bottom-end', ['close', 'launcher']],
      ['top-end', ['launcher', 'close']],
    ] as const) {
      element.setAttribute('placement', placement);
      await element.updateComplete;
      const [first, last] = findAll(element, '.launcher, .close');
      expect(
        [first, last].map((button) => order.find((name) => button!.classList.contains(name))),
      ).to.deep.equal(order);
      const tops = [find(element, '.launcher'), find(element, '.sheet')].map(
        (box) => box.getBoundingClientRect().top,
      );
      expect(tops[0]! < tops[1]!, placement).to.equal(placement === 'top-end');
    }
  });

  it('stays in separate controls when the focused button disappears', async () => {
    const element = await mount({ layout: 'headless' });
    const controls = await addPart(element, 'voice-agent-controls');
    await act(element, SCENES['listening']!);
    await controls.updateComplete;
    find(controls, '.mute').focus();
    await act(element, (script) => script.enter('ended'));
    await controls.updateComplete;
    expect(controls.shadowRoot!.activeElement).to.equal(find(controls, '.rest'));
    await sendKeys({ press: 'Enter' });
    expect(element.script.requests, 'no other call begins').to.deep.equal([]);
  });

  it('leaves a card that the page closes', async () => {
    const element = await mount({ layout: 'floating', open: true });
    find(element, '.call').focus();
    element.open = false;
    await nextFrames();
    expect(element.shadowRoot?.activeElement).to.equal(find(element, '.launcher'));
    await sendKeys({ press: 'Enter' });
    expect(element.open).to.equal(true);
  });
});
