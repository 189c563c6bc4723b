// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { renderEverything } from './render-everything.js';

it('every layout and part renders, fails to start with a code, and leaves, in happy-dom', async () => {
  expect(await renderEverything()).toEqual([]);
});
