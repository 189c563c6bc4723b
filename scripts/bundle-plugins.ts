import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';
import { english, LANGUAGES, MODULES } from '../components/locales/languages.js';
import { projectRoot } from './project-root.mjs';

/**
 * Keeps languages other than English, and the parts that attributes request, in separate files, which are loaded on demand.
 * @param parts The file with the parts, relative to the importing one.
 */
export function loadedWhenNeeded(parts: string): Plugin {
  return {
    name: 'loaded-when-needed',
    resolveId(source, importer = '') {
      const beside = (id: string): { id: string; external: 'relative' } => ({ id, external: 'relative' });
      if (importer.endsWith('/voice-agent/extras.ts') && source.endsWith('/define-parts.js'))
        return beside(parts);
      const [, language] = /^\.\/([a-z]{2,3})\.js$/.exec(source) ?? [];
      const isTable = importer.endsWith('/locales/languages.ts');
      return isTable && language && language !== 'en' ? beside(`./locales/${language}.js`) : null;
    },
  };
}

/** Keeps imports of what a page must contain only once: Lit, React, and the other entries of this package. */
export function sharedByThePackage(): Plugin {
  return {
    name: 'shared-by-the-package',
    resolveId(source, importer = '') {
      if (/^(lit|react)(\/|$)/.test(source)) return { id: source, external: true };
      if (source.endsWith('/src/index.js')) return { id: './index.js', external: 'relative' };
      const isWrapper = importer.includes('/components/react/');
      if (isWrapper && source.endsWith('/voice-agent/define.js'))
        return { id: './element.js', external: 'relative' };
      return null;
    },
  };
}

/** In the strict build, the scripts of other threads are files. Without their text, `loadAsset` tries the files first. */
export function withoutTexts(): Plugin {
  return {
    name: 'without-texts',
    load: {
      filter: { id: /[\\/]src[\\/]generated[\\/].*(engine|source)/ },
      async handler(id) {
        const [, name] = /export const (\w+)/.exec(await readFile(id, 'utf8')) ?? [];
        return `export const ${name ?? ''} = '';`;
      },
    },
  };
}

/** Renames the Trusted Types policy of the second file's copy of Lit, because a page may allow each name only once. */
export function policyName(name: string): Plugin {
  return {
    name: 'policy-name',
    transform: {
      filter: { id: /[\\/]lit-html\.js$/ },
      handler(code) {
        const renamed = code.replace(/(createPolicy\(["'])lit-html(?=["'])/, `$1${name}`);
        if (renamed === code) throw new Error('Lit does not name its policy as expected.');
        return { code: renamed, map: null };
      },
    },
  };
}

/** Name of the output → source, for every language other than English. */
export async function languageEntries(): Promise<Record<string, string>> {
  const files = await readdir(join(projectRoot, 'components/locales'));
  const tags = files.map((file) => /^([a-z]{2,3})\.ts$/.exec(file)?.[1]).filter((tag) => tag && tag !== 'en');
  return Object.fromEntries(tags.map((tag) => [`locales/${tag}`, `components/locales/${tag}.ts`]));
}

/** Language → accessible name of the launcher, for the loader, which shows a launcher before the element is loaded. */
export async function launcherNames(): Promise<Readonly<Record<string, string>>> {
  const named = LANGUAGES.map(async (language): Promise<[string, string]> => {
    const module = await (MODULES[language]?.() ?? { messages: english });
    return [language, module.messages.label];
  });
  return Object.fromEntries(await Promise.all(named));
}
