import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { projectRoot } from './project-root.mjs';

/** A name that stands for `import` while Vite looks: it would wrap each one into a preload of a kilobyte. */
const PLACEHOLDER = '__importBesideTheFile';

/** Modules loaded only when they are needed: in the source → beside the file. */
const BESIDE = {
  '/voice-agent/extras.ts': ['../define-parts.js', 'parts'],
  '/parts/visualizer-controller.ts': ['./visualizer.js', 'visualizer'],
} as const;

/**
 * Languages stay modules beside the file, loaded when a page speaks them, and so do the parts and the moving pictures;
 * English is inside.
 * @param prefix Of the names of those files.
 */
export function languagesBesideTheFile(prefix = 'voice-agent-'): Plugin {
  return {
    name: 'languages-beside-the-file',
    enforce: 'pre',
    transform(code, id) {
      for (const [importer, [module, name]] of Object.entries(BESIDE))
        if (id.endsWith(importer))
          return {
            code: code.replace(`import('${module}')`, `${PLACEHOLDER}('./${prefix}${name}.js')`),
            map: null,
          };
      if (!id.endsWith('/locales/languages.ts')) return null;
      return { code: prefix ? languagesByName(code) : languagesOneByOne(code), map: null };
    },
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk') chunk.code = chunk.code.replaceAll(`${PLACEHOLDER}(`, 'import(');
    },
  };
}

/** For bundlers, which have to see what is imported. */
function languagesOneByOne(code: string): string {
  return code.replace(/import\('\.\/(\w+)\.js'\)/g, `${PLACEHOLDER}('./locales/$1.js')`);
}

/** For browsers: shorter, and the same to them. */
function languagesByName(code: string): string {
  const tags = [...code.matchAll(/import\('\.\/(\w+)\.js'\)/g)].map(([, tag]) => tag);
  const entry = `(tag) => [tag, () => ${PLACEHOLDER}(\`./locales/\${tag}.js\`)]`;
  const table = `Object.fromEntries('${tags.join(' ')}'.split(' ').map(${entry}))`;
  return code.replace(/(const MODULES\b.*? = )\{[\s\S]*?\n\};/, (_, start: string) => `${start}${table};`);
}

/** Lit's style sheets without its ways round browsers that are older than our baseline. */
export function baselineStyleSheets(): Plugin {
  return {
    name: 'baseline-style-sheets',
    enforce: 'pre',
    resolveId(source, importer = '') {
      const isLits = source.endsWith('/css-tag.js') && importer.includes('/@lit/reactive-element/');
      return isLits ? join(projectRoot, 'scripts/baseline-css-tag.ts') : null;
    },
  };
}

/** Takes comments, needless white space and the length of private names out of style sheets written as template literals. */
export function compactStyles(): Plugin {
  let shortProperties: ReadonlyMap<string, string>;
  return {
    name: 'compact-styles',
    enforce: 'pre',
    async buildStart() {
      shortProperties = await shortPrivateProperties();
    },
    transform(code, id) {
      if (!id.endsWith('.styles.ts')) return null;
      const compacted = code.replace(/css`[^`]*`/g, compact);
      return {
        code: compacted.replace(PRIVATE_PROPERTY, (name) => shortProperties.get(name) ?? name),
        map: null,
      };
    },
  };
}

/** Custom properties of the sheets' own, which no page may set. */
const PRIVATE_PROPERTY = /--_[\w-]+/g;

/**
 * The same in every file of the build, since what is inside an element inherits them. Those that a script sets keep
 * their names, and `_` stays a part of all: a page's own shall not be met.
 */
async function shortPrivateProperties(): Promise<ReadonlyMap<string, string>> {
  const counts = new Map<string, number>();
  const kept = new Set<string>();
  for (const file of await readdir(join(projectRoot, 'components'), { recursive: true })) {
    if (!file.endsWith('.ts')) continue;
    const names =
      (await readFile(join(projectRoot, 'components', file), 'utf8')).match(PRIVATE_PROPERTY) ?? [];
    for (const name of names)
      if (file.endsWith('.styles.ts')) counts.set(name, (counts.get(name) ?? 0) + 1);
      else kept.add(name);
  }
  const names = [...counts.keys()].filter((name) => !kept.has(name));
  const byUse = names.sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1));
  return new Map(byUse.map((name, index) => [name, `--_${index.toString(36)}`]));
}

/**
 * Spaces next to `+` and `-` and in front of `:` and `(` mean something; those next to braces and semicolons do not.
 * Interpolations, which have braces, are left as they are.
 */
function compact(sheet: string): string {
  return sheet
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split(/(\$\{\w+\})/)
    .map((piece, index) => (index % 2 === 1 ? piece : compactPiece(piece)))
    .join('');
}

function compactPiece(piece: string): string {
  return piece
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};]) ?/g, '$1')
    .replace(/([:,]) /g, '$1')
    .replace(/([ ,(:-])0\./g, '$1.')
    .replace(/;\}/g, '}');
}

/** Takes line breaks and indentation out of templates: in HTML, white space of any length is one space. */
export function compactTemplates(): Plugin {
  return {
    name: 'compact-templates',
    transform(code, id) {
      if (!/\/components\/.*\.ts$/.test(id) || !code.includes('html`')) return null;
      let compacted = code;
      for (const { start, end } of templateTexts(this.parse(code)).reverse())
        compacted =
          compacted.slice(0, start) +
          compacted.slice(start, end).replace(/\s*\n\s*/g, ' ') +
          compacted.slice(end);
      return { code: compacted, map: null };
    },
  };
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where the texts of all `html` templates are, in the order of the source. */
function templateTexts(program: unknown): Span[] {
  const spans: Span[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, tag, quasi } = node as {
      type?: string;
      tag?: { name?: string };
      quasi?: { quasis: Span[] };
    };
    if (type === 'TaggedTemplateExpression' && tag?.name === 'html' && quasi) spans.push(...quasi.quasis);
    for (const child of Object.values(node)) visit(child);
  };
  visit(program);
  return spans.sort((a, b) => a.start - b.start);
}

/** Name of the output → source, of every language but English. */
export async function languageEntries(): Promise<Record<string, string>> {
  const files = await readdir(join(projectRoot, 'components/locales'));
  const tags = files.map((file) => /^([a-z]{2,3})\.ts$/.exec(file)?.[1]).filter((tag) => tag && tag !== 'en');
  return Object.fromEntries(tags.map((tag) => [`locales/${tag}`, `components/locales/${tag}.ts`]));
}

/** What a page shall hold once stays an import: Lit, React, and this package's own other entries. */
export function sharedByThePackage(): Plugin {
  return {
    name: 'shared-by-the-package',
    enforce: 'pre',
    resolveId(source, importer = '') {
      if (/^(lit|react)(\/|$)/.test(source)) return { id: source, external: true };
      if (source.endsWith('/src/index.js')) return { id: './index.js', external: true };
      const isWrapper = importer.includes('/components/react/');
      if (isWrapper && source.endsWith('/voice-agent/define.js'))
        return { id: './element.js', external: true };
      return null;
    },
  };
}

/** Says again what the minifier drops with the comments: an address that is only known in the browser is no module to look for. */
export function importsAtRunTime(): Plugin {
  return {
    name: 'imports-at-run-time',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle))
        if (chunk.type === 'chunk')
          chunk.code = chunk.code.replace(/\bimport\((\w+)\)/g, 'import(/* webpackIgnore: true */ $1)');
    },
  };
}

/** A strict page allows every name of a Trusted Types policy once: the second file's copy of Lit needs another one. */
export function policyOfItsOwn(): Plugin {
  return {
    name: 'policy-of-its-own',
    generateBundle(_options, bundle) {
      const chunk = bundle['voice-agent-parts.js'];
      if (chunk?.type !== 'chunk') return;
      const renamed = chunk.code.replace(/(createPolicy\(.)lit-html/, '$1voice-agent-parts');
      if (renamed === chunk.code) throw new Error('Lit no longer names its policy as expected.');
      chunk.code = renamed;
    },
  };
}
