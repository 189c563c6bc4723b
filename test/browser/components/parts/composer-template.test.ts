import { expect } from 'chai';
import { sendKeys } from '@web/test-runner-commands';
import { violations } from '../support/accessibility.js';
import { act, clearPage, find, findAll, mount } from '../support/mount.js';
import { SCENES } from '../support/scenes.js';

describe('The text field', () => {
  afterEach(clearPage);

  it('exists only if requested, and only during a call', async () => {
    const element = await mount();
    await act(element, SCENES['listening']!);
    expect(findAll(element, 'input').length).to.equal(0);
    element.toggleAttribute('text-input', true);
    await element.updateComplete;
    expect(findAll(element, 'input').length).to.equal(1);
    expect(await violations(element)).to.deep.equal([]);
    await act(element, (script) => script.enter('ended'));
    expect(find(element, 'input').checkVisibility()).to.equal(false);
  });

  it('keeps a draft, whatever the page or the call does, and the focus too', async () => {
    const element = await mount({ 'text-input': true });
    await act(element, SCENES['listening']!);
    const field = (): HTMLInputElement => find(element, 'input') as HTMLInputElement;
    field().focus();
    await sendKeys({ type: 'Half a sen' });
    for (const layout of ['bar', 'button', 'floating', 'panel']) {
      element.open = true;
      element.setAttribute('layout', layout);
      element.lang = layout === 'bar' ? 'de' : '';
      await element.updateComplete;
      expect(field().value, layout).to.equal('Half a sen');
      expect(element.shadowRoot?.activeElement, layout).to.equal(field());
    }
    element.removeAttribute('text-input');
    await element.updateComplete;
    expect(findAll(element, 'input').length).to.equal(0);
    await act(element, (script) => script.enter('ended'));
    element.toggleAttribute('text-input', true);
    await act(element, (script) => script.enter('connecting', 'listening'));
    expect(field().value).to.equal('Half a sen');
    expect([field().placeholder, field().getAttribute('aria-label')]).to.deep.equal(
      Array(2).fill('Type a message'),
    );
  });

  it('sends the text once, trimmed, and is empty afterwards', async () => {
    const element = await mount({ 'text-input': true });
    await act(element, SCENES['listening']!);
    const field = find(element, 'input') as HTMLInputElement;
    field.focus();
    await sendKeys({ type: ' Two moms ' });
    await sendKeys({ press: 'Enter' });
    await sendKeys({ press: 'Enter' });
    expect(element.script.requests).to.deep.equal(['say:Two moms']);
    expect(field.value).to.equal('');
    expect(element.muted, 'an m in the text is no command').to.equal(false);
    expect(element.shadowRoot?.activeElement).to.equal(field);
  });

  it('keeps a text that cannot be sent, for the next call', async () => {
    const element = await mount({ 'text-input': true });
    await act(element, SCENES['speaking']!);
    element.script.takesText = false;
    const field = find(element, 'input') as HTMLInputElement;
    field.focus();
    await sendKeys({ type: 'One more thing' });
    await sendKeys({ press: 'Enter' });
    expect(element.script.requests).to.deep.equal(['say:One more thing']);
    expect(field.value).to.equal('One more thing');
  });

  it('sends the text in a sandboxed frame that may not submit forms', async () => {
    const frame = document.createElement('iframe');
    frame.setAttribute('sandbox', 'allow-same-origin allow-scripts');
    document.body.append(frame);
    const element = await mount({ 'text-input': true });
    frame.contentDocument!.body.append(element);
    await act(element, SCENES['listening']!);
    const field = find(element, 'input') as HTMLInputElement;
    field.focus();
    await sendKeys({ type: 'Hello' });
    await sendKeys({ press: 'Enter' });
    await sendKeys({ type: 'Goodbye' });
    find(element, '.send').click();
    expect(element.script.requests).to.deep.equal(['say:Hello', 'say:Goodbye']);
  });
});
