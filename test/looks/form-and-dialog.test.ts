/** Inside a form and inside a dialog of the page, whose keys are the page's. */
import { expect } from '@playwright/test';
import { show, test } from './looks-test.js';

test('inside a form, no key and no button of the element sends the form', async ({ openLooks }) => {
  const page = await openLooks();
  await show(page, { attributes: { 'text-input': '' }, scene: 'listening' });
  await page.evaluate(() => {
    const form = document.createElement('form');
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      form.dataset['sent'] = 'yes';
    });
    form.append(document.createElement('input'), document.createElement('button'));
    document.body.append(form);
    // The element was moved, not recreated: the call continues.
    form.append(window.looks.element);
  });
  await page.evaluate(() => window.looks.play('listening'));
  const line = page.getByRole('textbox', { name: 'Type a message' });
  await line.fill('A room, please.');
  await line.press('Enter');
  await line.fill('For two nights.');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('button', { name: 'Mute' }).click();
  const requests = () => page.evaluate(() => window.looks.element.script.requests);
  expect(await requests()).toEqual(expect.arrayContaining(['say:A room, please.', 'say:For two nights.']));
  await page.getByRole('button', { name: 'End conversation' }).click();
  // A press within half a second after a call's end is ignored.
  await page.evaluate(() => window.looks.wait(1_000));
  // So is a press right after another one on the same button.
  await expect(async () => {
    await page.getByRole('button', { name: 'Start conversation' }).press('Enter', { timeout: 1_000 });
    expect((await requests()).at(-1)).toBe('start');
  }).toPass();
  expect(await page.locator('form').first().getAttribute('data-sent')).toBeNull();
});

for (const layout of ['panel', 'bar'])
  test(`inside a dialog, Escape in the layout ${layout} closes the dialog, and the call continues`, async ({
    openLooks,
  }) => {
    const page = await openLooks();
    await show(page, { attributes: { layout }, scene: 'idle' });
    await page.evaluate(() => {
      const dialog = document.createElement('dialog');
      document.body.append(dialog);
      dialog.append(window.looks.element);
      dialog.showModal();
      window.looks.play('speaking');
    });
    await page.getByRole('button', { name: 'End conversation' }).focus();
    await page.keyboard.press('Escape');
    await expect(page.locator('dialog')).toBeHidden();
    expect(await page.evaluate(() => window.looks.element.state)).toBe('speaking');
  });

test('inside a dialog, Escape first closes the card of floating, then the dialog', async ({ openLooks }) => {
  const page = await openLooks();
  await show(page, { attributes: { layout: 'floating' }, scene: 'idle' });
  await page.evaluate(() => {
    const dialog = document.createElement('dialog');
    document.body.append(dialog);
    dialog.append(window.looks.element);
    dialog.showModal();
  });
  const launcher = page.getByRole('button', { name: 'Voice conversation' });
  await launcher.press('Enter');
  await expect(page.getByRole('button', { name: 'Start conversation' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(launcher).toBeFocused();
  await expect(page.locator('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('dialog')).toBeHidden();
});
