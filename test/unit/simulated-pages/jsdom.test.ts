// @vitest-environment jsdom
import { expect, it } from 'vitest';
import { renderEverything } from './render-everything.js';

it('every layout and part renders, fails to start with a code, and leaves, in jsdom', async () => {
  expect(await renderEverything()).toEqual([]);
});
