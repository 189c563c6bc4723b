/**
 * Lit inside the single files, without what nothing in them can use. Lit's own build is minified, so what is left out is
 * known by its text; where a new version of Lit no longer has it, the build fails.
 */
import type { Plugin } from 'vite';

type Cut = readonly [what: RegExp, instead: string];

/** For old browsers, for servers, for Lit's warning of several copies, for decorators, for directives, for hooks nobody takes. */
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
    // properties with other rules: of defaults, of what counts as a change, without an attribute or an accessor, by symbols
    [/\|\|(\w+)\.useDefault&&\1\.reflect&&[^;]*?(?=\)\)return;)/, ''],
    [/useDefault:(\w+),(reflect:\w+),wrapped:\w+\},\w+\)\{\1&&[^;]*?\|\|\((?=this\._\$AL\.has)/, '$2}){('],
    [/this\.hasUpdated\|\|\w+\|\|/, 'this.hasUpdated||'],
    [/(\w+)\?\?this\._\$Ej\?\.get\(\w+\)\?\?\1/, '$1'],
    [/,useDefault:!1/, ''],
    [/(\w+)\.state&&\(\1\.attribute=!1\),/, ''],
    [/if\((this\._\$Ei\(\),this\.elementProperties\.set\(\w+,\w+\)),!\w+\.noAccessor\)(?=\{)/, '$1;'],
    [/\((\w+)\.hasChanged\?\?(\w+)\)\(/, '$2('],
    [/,hasChanged:\w+/, ''],
    [
      /"function"==typeof (\w+)\.converter\?(\{fromAttribute:\1\.converter\}):void 0!==\1\.converter\?\.fromAttribute\?\1\.converter:/,
      '$1.converter?$2:',
    ],
    [/\(void 0!==(\w+)\.converter\?\.toAttribute\?\1\.converter:(\w+)\)/, '$2'],
    [/\[(\.\.\.\w+\(\w+\)),\.\.\.\w+\(\w+\)\]/, '[$1]'],
    [/removeController\(\w+\)\{[^{}]*\}/, ''],
    // names that another minifier would change
    [/\w+\("(elementProperties|finalized|properties)"(,\w+)?\)/g, '"$1"'],
    // turns in the life of an element that nothing here takes
    [/const (\w+)=this\.scheduleUpdate\(\);return null!=\1&&await \1,/, 'return this.performUpdate(),'],
    [/scheduleUpdate\(\)\{[^{}]*\}/, ''],
    [/let (\w+)=!1;(const (\w+)=this\._\$AL;try\{)\1=this\.shouldUpdate\(\3\),\1\?\(/, '$2('],
    [/:this\._\$EM\(\)\}catch\((\w+)\)\{throw \w+=!1,/, '}catch($1){throw '],
    [/\}\w+&&(this\._\$AE\(\w+\))/, '}$1'],
    [/shouldUpdate\(\w+\)\{[^{}]*\}/, ''],
    [/this\.hasUpdated\|\|\((this\.hasUpdated=!0),this\.firstUpdated\(\w+\)\)/, '$1'],
    [/firstUpdated\(\w+\)\{[^{}]*\}/, ''],
    [/this\.getUpdateComplete\(\)\}getUpdateComplete\(\)\{return /, ''],
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
    [/(\w+)=\w+\(this,\1,\w+\),/, ''],
    [/(\w+)=\w+\(this,\1,\w+,0\),/, ''],
    [/(\w+)=\w+\(this,(\w+\[\w+\+\w+\]),\w+,\w+\),/, '$1=$2,'],
    [/\((\w+)=\w+\(this,\1,\w+,0\)\?\?(\w+)\)/, '($1??=$2)'],
    [/this\.type=[12],/g, ''],
    [/constructor\(\)\{super\(\.\.\.arguments\),this\.type=\d\}/g, ''],
    [/constructor\(([\w,]+)\)\{super\(\1\),this\.type=5\}/, ''],
    [/get (tagName|startNode|endNode)\(\)\{[^{}]*\}/g, ''],
    [/get parentNode\(\)\{[^{}]*\}/g, ''],
    // what tells directives that they have left the page, and come back
    [/get _\$AU\(\)\{[^{}]*\}/g, ''],
    [/,this\._\$AN=void 0/g, ''],
    [/,this\._\$AM=\w+/g, ''],
    [/,this\._\$Cv=\w+\?\.isConnected\?\?!0/, ''],
    [/setConnected\(\w+\)\{[^{}]*\}/, ''],
    [/(_\$AR\(\w+=[^,]*),\w+\)\{for\(this\._\$AP[^;]*;/, '$1){for(;'],
    [/(this\._\$AR\(\w+&&[^()]*),\w+\)/, '$1)'],
    [/\w+\((\w+)\)\.nextSibling;\w+\(\1\)\.remove\(\)/, '$1.nextSibling;$1.remove()'],
    // documents of their own, templates compiled beforehand, listeners with options
    [/\(\w+\?\.creationScope\?\?(\w+)\)/, '$1'],
    [/"number"==typeof \w+\?(this\._\$AC\(\w+\)):\(void 0===(\w+)\.el&&[^;]*?,\2\)(?=;)/, '$1'],
    [/const\{(values:\w+),_\$litType\$:\w+\}/, 'const{$1}'],
    [/\|\|(\w+)\.capture!==\w+\.capture\|\|\1\.once!==\w+\.once\|\|\1\.passive!==\w+\.passive/, ''],
    [/"function"==typeof this\._\$AH\?(this\._\$AH\.call\([^()]*\)):this\._\$AH\.handleEvent\(\w+\)/, '$1'],
    // comments
    [/"!--"===(\w+)\[1\]\?\w+=\w+:/, ''],
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
    // what tells directives that they have left the page, and come back
    [/this\.hasUpdated\|\|\(this\.renderOptions\.isConnected=this\.isConnected\),/, ''],
    [
      /(dis)?connectedCallback\(\)\{super\.(dis)?connectedCallback\(\),this\._\$Do\?\.setConnected\(![01]\)\}/g,
      '',
    ],
    [/\(\w+\.litElementVersions\?\?=\[\]\)\.push\("[\d.]+"\);/, ''],
  ],
};

/** Templates that begin inside an `<svg>` or a `<math>`. */
const FRAGMENTS: readonly Cut[] = [
  [/2===\w+\?"<svg>":3===\w+\?"<math>":""/, '""'],
  [/\+\(2===\w+\?"<\/svg>":3===\w+\?"<\/math>":""\)/, ''],
  [/if\((this\.el=[^{}]*?\.content),2===\w+\|\|3===\w+\)\{[^{}]*\}/, '$1;'],
];

/** What of the above can be seen in a source file that needs it. */
const NOT_FOR_US = new RegExp(
  [
    'type: (Object|Array)\\b',
    '<(script|style|textarea|title)[\\s>][^<]*\\$\\{',
    'html`[^`]*<!--',
    '\\bstate: true\\b',
    '\\b(shouldUpdate|firstUpdated|scheduleUpdate|getUpdateComplete|removeController|handleEvent)\\b',
    '\\b(noAccessor|useDefault|hasChanged|toAttribute)\\b',
  ].join('|'),
);

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
      const cut = leaveOutOfLit(id, code, fragments);
      return cut === undefined ? null : { code: cut, map: null };
    },
  };
}

/** @returns undefined for what is no module of Lit. @throws Error where it is not as it was. */
export function leaveOutOfLit(path: string, code: string, fragments: boolean): string | undefined {
  const [module, cuts] = Object.entries(FOR_OTHERS).find(([each]) => path.endsWith(each)) ?? [];
  if (!cuts) return undefined;
  const all = module === '/lit-html/lit-html.js' && !fragments ? [...cuts, ...FRAGMENTS] : cuts;
  return all.reduce(leaveOut, code);
}

function leaveOut(code: string, [what, instead]: Cut): string {
  if (!what.test(code)) throw new Error(`Lit no longer has ${String(what)}.`);
  return code.replace(what, instead);
}
