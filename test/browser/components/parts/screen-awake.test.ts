import { expect } from 'chai';
import { ScreenAwake } from '../../../../components/parts/screen-awake.js';
import { clearPage, mount, until } from '../support/mount.js';

describe('ScreenAwake', () => {
  afterEach(clearPage);

  it('holds the screen for as long as a call is active, and lets it go with the element', async () => {
    const element = await mount();
    const awake = new ScreenAwake(element);
    expect(awake.held).to.equal(false);
    await element.start();
    await until(() => awake.held, 'the screen is held');
    element.script.enter('listening', 'speaking', 'ended');
    await until(() => !awake.held, 'it is let go after the call');
    await element.start();
    await until(() => awake.held, 'it is held in the next call');
    element.remove();
    await until(() => !awake.held, 'it is let go with the element');
  });
});
