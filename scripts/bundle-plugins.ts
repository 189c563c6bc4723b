import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';
import { english, LANGUAGES, MODULES } from '../components/locales/languages.js';
import { projectRoot } from './project-root.mjs';

/**
 * Languages but English, and the parts that attributes ask for, stay files of their own, loaded when a page needs them.
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

/** What a page should hold once stays an import: Lit, React, and the package's own other entries. */
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

/** The strict build has the scripts of other threads as files: without their texts, the loader takes those. */
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

/** A page that requires Trusted Types may allow each policy's name once, so the second file's copy of Lit has another. */
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

/** Name of the output → source, of every language but English. */
export async function languageEntries(): Promise<Record<string, string>> {
  const files = await readdir(join(projectRoot, 'components/locales'));
  const tags = files.map((file) => /^([a-z]{2,3})\.ts$/.exec(file)?.[1]).filter((tag) => tag && tag !== 'en');
  return Object.fromEntries(tags.map((tag) => [`locales/${tag}`, `components/locales/${tag}.ts`]));
}

/** Language → the name of the launcher in it, for the script that shows one before the element is there. */
export async function launcherNames(): Promise<Readonly<Record<string, string>>> {
  const named = LANGUAGES.map(async (language): Promise<[string, string]> => {
    const module = await (MODULES[language]?.() ?? { messages: english });
    return [language, module.messages.label];
  });
  return Object.fromEntries(await Promise.all(named));
}
