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
    // initializers of decorators
    [/static addInitializer\(\w+\)\{[^{}]*\}/, ''],
    [/,void 0!==(\w+)\.l&&\(this\.l=\[\.\.\.\1\.l\]\)/, ''],
    [/,this\.constructor\.l\?\.forEach\(\w+=>\w+\(this\)\)/, ''],
    // properties over accessors of the class itself
    [/,this\.prototype\.hasOwnProperty\(\w+\)&&\(\(\w+=Object\.create\(\w+\)\)\.wrapped=!0\)/, ''],
    [
      /const (\w+)=this\.constructor\.elementProperties;if\(\1\.size>0\)for\([^()]*\)\{[^{}]*\{wrapped:[^{}]*\}[^{}]*\}/,
      '',
    ],
    // attributes in JSON
    [/;case Object:case Array:(\w+)=null==\1\?\1:JSON\.stringify\(\1\)/, ''],
    [/;case Object:case Array:try\{[^{}]*\}catch\(\w+\)\{[^{}]*\}/, ''],
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
    // values inside of elements whose content is plain text, of comments, and in the place of an attribute
    [/\((\w+)\.test\((\w+)\[2\]\)&&\(\w+=RegExp\("<\/"\+\2\[2\],"g"\)\),(\w+)=(\w+)\)/, '($3=$4)'],
    [/if\(\w+\.test\(\w+\.tagName\)\)\{const [^{}]*\{[^{}]*\{type:2,[^{}]*\}[^{}]*\}\}/, ''],
    [/else\{let (\w+)=-1;for\([^{}]*\.push\(\{type:7,[^{}]*\}\)[^{}]*\}/, ''],
    [/else \w+\.startsWith\(\w+\)&&\(\w+\.push\(\{type:6,index:\w+\}\),\w+\.removeAttribute\(\w+\)\)/, ''],
    [/:6===\w+\.type&&\((\w+)=new \w+\(\w+,this,\w+\)\)/, ':0'],
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

/** Attributes in JSON, and values where the content is plain text. */
const NOT_FOR_US = /type: (Object|Array)\b|<(script|style|textarea|title)[\s>][^<]*\$\{/;

/** @param fragments Whether templates of the file begin inside an `<svg>` or a `<math>`. */
export function litInside(fragments: boolean): Plugin {
  return {
    name: 'lit-inside',
    enforce: 'pre',
    transform(code, id) {
      if (/\/lit-html\/directive\.js$/.test(id)) throw new Error('Directives are left out of Lit.');
      if (!fragments && /\b(svg|mathml)\b[^;]* from 'lit'/.test(code) && id.includes('/components/'))
        throw new Error(`${id} needs svg or mathml, which are left out of Lit.`);
      if (id.includes('/components/') && NOT_FOR_US.test(code))
        throw new Error(`${id} needs what is left out of Lit: ${NOT_FOR_US.exec(code)![0]}.`);
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
