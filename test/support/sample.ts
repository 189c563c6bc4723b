/**
 * For a table whose rows test one behaviour with different values: `npm test` runs the first rows, `npm run test:long` the
 * others. Rows that take another way through the code belong to the first ones.
 *
 * @returns details for `test()`.
 */
export const firstRows = (count: number, index: number): { readonly tag?: string } =>
  index < count ? {} : { tag: '@variant' };
