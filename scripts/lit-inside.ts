/**
 * Lit inside the single files, without what nothing in them can use. Lit's own build is minified, so what is left out is
 * known by its text; where a new version of Lit no longer has it, the build fails.
 */
import type { Plugin } from 'vite';

type Cut = readonly [what: RegExp, instead: string];

/** For browsers older than the baseline, for rendering on a server, for Lit's warning of several copies, for decorators. */
const FOR_OTHERS: Readonly<Record<string, readonly Cut[]>> = {
  '/@lit/reactive-element/reactive-element.js': [
    [/\w+=\w+\.reactiveElementPolyfillSupport,/, ''],
    [/,\w+\?\.\(\{ReactiveElement:\w+\}\),\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\("[\d.]+"\);/, ';'],
    [/Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap;/, ''],
    [/const (\w+)=this\[Symbol\.metadata\];if\(null!==\1\)\{[^{}]*\}/, ''],
  ],
  '/lit-html/lit-html.js': [
    [
      /,\w+=\w+\.litHtmlPolyfillSupport;\w+\?\.\(\w+,\w+\),\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\);/,
      ';',
    ],
    // what resolves directives; without any, a value is what it is
    [
      /function (\w+)\(\w+,(\w+),\w+=\w+,\w+\)\{if\(\2===\w+\)return \2;[^{}]*_\$litDirective\$[^{}]*\}/,
      'function $1(_,$2){return $2}',
    ],
  ],
  '/lit-element/lit-element.js': [
    [/,\w+\.litElementHydrateSupport\?\.\(\{LitElement:\w+\}\);/, ';'],
    [/const (\w+)=\w+\.litElementPolyfillSupport;\1\?\.\(\{LitElement:\w+\}\);/, ''],
    [/\(\w+\.litElementVersions\?\?=\[\]\)\.push\("[\d.]+"\);/, ''],
  ],
};

/** Templates that begin inside an `<svg>` or a `<math>`. */
const FRAGMENTS: readonly Cut[] = [
  [/2===\w+\?"<svg>":3===\w+\?"<math>":""/, '""'],
  [/\+\(2===\w+\?"<\/svg>":3===\w+\?"<\/math>":""\)/, ''],
  [/if\((this\.el=[^{}]*?\.content),2===\w+\|\|3===\w+\)\{[^{}]*\}/, '$1;'],
];

/** @param fragments Whether templates of the file begin inside an `<svg>` or a `<math>`. */
export function litInside(fragments: boolean): Plugin {
  return {
    name: 'lit-inside',
    enforce: 'pre',
    transform(code, id) {
      if (/\/lit-html\/directive\.js$/.test(id)) throw new Error('Directives are left out of Lit.');
      if (!fragments && /\b(svg|mathml)\b[^;]* from 'lit'/.test(code) && id.includes('/components/'))
        throw new Error(`${id} needs svg or mathml, which are left out of Lit.`);
      const [module, cuts] = Object.entries(FOR_OTHERS).find(([each]) => id.endsWith(each)) ?? [];
      if (!cuts) return null;
      const all = module === '/lit-html/lit-html.js' && !fragments ? [...cuts, ...FRAGMENTS] : cuts;
      return { code: all.reduce(leaveOut, code), map: null };
    },
  };
}

function leaveOut(code: string, [what, instead]: Cut): string {
  if (!what.test(code)) throw new Error(`Lit no longer has ${String(what)}.`);
  return code.replace(what, instead);
}
