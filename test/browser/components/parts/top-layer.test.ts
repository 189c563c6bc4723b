import { expect } from 'chai';
import '../../../../components/define-parts.js';
import { act, clearPage, find, mount, nextFrames, until } from '../support/mount.js';
import type { ScriptedElement } from '../support/scripted-agent.js';

/** A dialog of a component library: the content is slotted, and the dialog is in a shadow root. */
class SlottedDialog extends HTMLElement {
  readonly dialog: HTMLDialogElement;

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.innerHTML = '<dialog><slot></slot></dialog>';
    this.dialog = root.querySelector('dialog')!;
  }
}
customElements.define('slotted-dialog', SlottedDialog);

/** A click there is a click on it. */
function canBePressed(element: ScriptedElement, selector: string): boolean {
  const { x, y, width, height } = find(element, selector).getBoundingClientRect();
  return document.elementFromPoint(x + width / 2, y + height / 2) === element;
}

describe('The top layer', () => {
  afterEach(clearPage);

  it('shows the consent question of the layout button above a dialog into which the tag is slotted', async () => {
    const around = new SlottedDialog();
    document.body.append(around);
    const element = await mount({
      layout: 'button',
      'require-consent': true,
      texts: '{"consent":"Slotted?"}',
    });
    around.append(element);
    await element.updateComplete;
    around.dialog.showModal();
    await until(() => canBePressed(element, '.call'), 'the dialog is open');
    await act(element, () => find(element, '.call').click());
    await until(() => canBePressed(element, '.agree'), 'the question is above the dialog');
    expect(find(element, '.pop').matches(':popover-open')).to.equal(true);
  });

  it('shows the question above a dialog that does not tell that it was opened', async () => {
    // As in a closed shadow root, and in browsers whose dialogs have no event `toggle`.
    const around = document.createElement('section');
    document.body.append(around);
    const root = around.attachShadow({ mode: 'closed' });
    root.innerHTML = '<dialog><slot></slot></dialog>';
    const element = await mount({
      layout: 'button',
      'require-consent': true,
      texts: '{"consent":"Behind closed doors?"}',
    });
    around.append(element);
    await element.updateComplete;
    root.querySelector('dialog')!.showModal();
    await until(() => canBePressed(element, '.call'), 'the dialog is open');
    await nextFrames();
    await act(element, () => find(element, '.call').click());
    await until(() => canBePressed(element, '.agree'), 'the question is above the dialog');
    expect(find(element, '.agree').matches(':focus')).to.equal(true);
    await element.stop();
  });

  it('is left for the page’s layers if the style sheet that sets --voice-agent-z-index arrives late', async () => {
    const element = await mount({ layout: 'floating' });
    expect(find(element, '.floating').matches(':popover-open')).to.equal(true);
    element.style.setProperty('--voice-agent-z-index', '5');
    await act(element, (script) => script.enter('connecting', 'listening'));
    expect(find(element, '.floating').matches(':popover-open')).to.equal(false);
    expect(canBePressed(element, '.launcher')).to.equal(true);
  });

  it('a tag that is a popover itself is not displayed until it is opened, in any layout', async () => {
    for (const layout of ['panel', 'bar', 'button', 'floating']) {
      const element = await mount({ layout, popover: '' });
      expect(element.checkVisibility() || find(element, '.call').checkVisibility(), layout).to.equal(false);
      element.showPopover();
      expect(find(element, layout === 'floating' ? '.launcher' : '.call').checkVisibility(), layout).to.equal(
        true,
      );
      element.hidePopover();
      expect(find(element, '.call').checkVisibility(), layout).to.equal(false);
      element.remove();
    }
    const devices = document.createElement('voice-agent-devices');
    devices.popover = 'auto';
    document.body.append(devices);
    await devices.updateComplete;
    expect(devices.checkVisibility(), 'a part').to.equal(false);
    devices.showPopover();
    expect(devices.checkVisibility(), 'an open part').to.equal(true);
  });
});
