/** The code in the documents is valid, and names only what exists. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { API_ENTRIES } from '../../scripts/api-report.js';
import type { Manifest } from '../../scripts/manifest.js';
import { projectRoot } from '../../scripts/project-root.mjs';
import { ERRORS } from '../../src/index.js';
import { settingsOf } from '../../token/options.js';
import { codeBlocks } from '../support/readme-blocks.js';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');

const pages = await glob(['*.md', 'agent/*.md', 'docs/**/*.md'], {
  cwd: projectRoot,
  ignore: ['docs/api/**', 'CHANGELOG.md'],
});
const blocks = pages.flatMap((page) => codeBlocks(read(page)).map((block) => ({ page, ...block })));
const scripts = blocks.filter(({ language }) => /^[jt]sx?$/.test(language));

/** What a page may write on any tag. */
const GLOBAL_ATTRIBUTE = /^(id|lang|dir|slot|style|class|hidden|data-[\w-]+)$/;

describe('every script in a document', () => {
  test('has no syntax error', () => {
    expect(scripts.length).toBeGreaterThan(20);
    const errors = scripts.flatMap(({ page, code }) => {
      const { diagnostics = [] } = ts.transpileModule(code, {
        fileName: 'block.tsx',
        reportDiagnostics: true,
        compilerOptions: { jsx: ts.JsxEmit.Preserve, target: ts.ScriptTarget.ESNext },
      });
      return diagnostics.map(
        ({ messageText }) => `${page}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      );
    });
    expect(errors).toEqual([]);
  });

  test('imports only names that the packages export', () => {
    const entries = new Map(
      Object.entries(API_ENTRIES).map(([entry, [report]]) => [
        entry.replace(/^\./, 'voice-agent-element'),
        read(`docs/api/${report}.api.md`),
      ]),
    );
    const imported = blocks.flatMap(({ page, code }) =>
      [...code.matchAll(/import (?:type )?\{([^}]*)\} from '(voice-agent-[\w/-]+)'/g)].flatMap(
        ([, names = '', from = '']) =>
          names.split(',').map((name) => ({ page, name: name.trim().replace(/^type /, ''), from })),
      ),
    );
    expect(imported.length).toBeGreaterThan(10);
    const unknown = imported.filter(
      ({ name, from }) => name !== '' && !new RegExp(`\\b${name}\\b`).test(entries.get(from) ?? ''),
    );
    expect(unknown).toEqual([]);
  });
});

test('every attribute of a tag in a document exists', () => {
  const { modules } = JSON.parse(read('custom-elements.json')) as Manifest;
  const known = new Map(
    modules
      .flatMap(({ declarations }) => declarations)
      .map(({ tagName, attributes }) => [tagName, attributes.map(({ name }) => name)]),
  );
  const written = blocks
    .filter(({ language }) => /^(html|astro)$/.test(language))
    .flatMap(({ page, code }) =>
      [...code.matchAll(/<(voice-agent(?:-\w+)?)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/g)].flatMap(
        ([, tag = '', attributes = '']) =>
          [...attributes.matchAll(/([\w-]+)(?:="[^"]*")?/g)].map(([, name = '']) => ({ page, tag, name })),
      ),
    );
  expect(written.length).toBeGreaterThan(40);
  const unknown = written.filter(
    ({ tag, name }) =>
      tag !== 'voice-agent-tool' && !GLOBAL_ATTRIBUTE.test(name) && !known.get(tag)?.includes(name),
  );
  expect(unknown).toEqual([]);
});

test('every error code in the guides to problems and policies exists', () => {
  const codes = new Set(Object.keys(ERRORS).map((key) => key.replace(/\/.*/, '')));
  const fields = ['vad_threshold'];
  const named = ['docs/guides/troubleshooting.md', 'docs/guides/csp.md'].flatMap((page) =>
    [...read(page).matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, name = '']) => name),
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !codes.has(name) && !fields.includes(name))).toEqual([]);
});

test('the defaults in the guide to tokens are those of the handler', () => {
  const settings = settingsOf({ apiKey: 'key', origins: 'https://www.example.com' });
  const guide = read('docs/guides/tokens-and-security.md');
  for (const name of ['perMinute', 'perMinuteInAll', 'maxSeconds'] as const) {
    const [, value] = new RegExp(`^\\| \`${name}\` +\\| (\\d+) `, 'm').exec(guide) ?? [];
    expect(Number(value), name).toBe(settings[name]);
  }
});
