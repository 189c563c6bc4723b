import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { glob } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/project-root.mjs';
import {
  CLAIMS,
  claimsOf,
  codeBlocks,
  readmeBlock,
  readReadme,
  type BlockName,
} from '../support/readme-blocks.js';

const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The scripts in commands such as `npm start` and `npm run build -- --x`. */
function scriptsIn(text: string): string[] {
  return [...text.matchAll(/\bnpm (?:run )?(?!install|pack\b)([\w:-]+)/g)].map(([, name = '']) => name);
}

describe('every block of code in README.md', () => {
  test('is run by exactly one test', () => {
    const blocks = codeBlocks(readReadme());
    for (const block of blocks) expect(claimsOf(block), block.code).toHaveLength(1);
    expect(blocks.flatMap(claimsOf).sort()).toEqual(Object.keys(CLAIMS).sort());
  });

  test.each(Object.keys(CLAIMS) as BlockName[])('"%s" is read by the test that claims it', (name) => {
    const source = readFileSync(join(projectRoot, 'test', CLAIMS[name].test), 'utf8');
    expect(source.split(`readmeBlock('${name}')`)).toHaveLength(2);
  });
});

describe('the commands of README.md', () => {
  test('begin with `npm start` and `npm test`', () => {
    expect(scriptsIn(readmeBlock('the commands'))).toEqual(['start', 'test']);
  });

  test('`npm start` is what the tests of its page start, and `npm test` has the suites that the text lists', async () => {
    expect(scripts['start']).toBe('node scripts/run.mjs scripts/dev-server.ts');
    const starter = readFileSync(join(projectRoot, 'test/support/dev-server-process.ts'), 'utf8');
    expect(starter).toContain("'scripts/run.mjs', 'scripts/dev-server.ts'");
    // Running all tests inside a test is impossible. For an unknown suite, the runner lists all suites.
    const run = promisify(execFile)('npm', ['test', '--', '--only', 'none'], { cwd: projectRoot });
    const { stderr } = await run.catch((error: unknown) => error as { stderr: string });
    const suites = /Suites: (.*)\./.exec(stderr)?.[1]?.split(', ') ?? [];
    expect(suites).toContain('e2e');
    expect(readReadme()).toContain(`Some of the suites: ${suites.map((name) => `\`${name}\``).join(', ')}.`);
  });

  test('with a key, `npm start` reads the variable that the text names', () => {
    expect(scriptsIn(readmeBlock('the live service'))).toEqual(['start']);
    const reader = readFileSync(join(projectRoot, 'agent/upstream-tokens.ts'), 'utf8');
    expect(reader).toContain('env.ASSEMBLYAI_API_KEY');
  });

  test('are scripts of the package', () => {
    const named = scriptsIn(readReadme());
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('start the local agent by the program of its package', () => {
    const { name, bin } = JSON.parse(readFileSync(join(projectRoot, 'agent/package.json'), 'utf8')) as {
      name: string;
      bin: string;
    };
    expect(readReadme()).toContain(`npx ${name}`);
    expect(bin).toBe('./dist/cli.js');
  });
});

const IGNORED = ['**/node_modules/**', '**/dist/**', 'build/**', 'test-results/**'];

/** A page without its blocks of code. */
function proseOf(page: string): string {
  return readFileSync(join(projectRoot, page), 'utf8').replace(/^```[^]*?^```$/gm, '');
}

/** The anchors of a page's headings, as GitHub names them. */
function anchorsOf(page: string): string[] {
  return [...proseOf(page).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('every link in a document leads to a file, and to a heading in it', async () => {
  const pages = await glob('**/*.md', { cwd: projectRoot, ignore: IGNORED });
  expect(pages.length).toBeGreaterThan(30);
  const isDead = (page: string, target: string): boolean => {
    const [path = '', anchor] = target.split('#', 2);
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(projectRoot, file))) return true;
    return anchor !== undefined && !anchorsOf(file).includes(anchor);
  };
  const dead = pages.flatMap((page) =>
    [...proseOf(page).matchAll(/\]\((?!\w+:)([^)\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => isDead(page, target))
      .map((target) => `${page}: ${target}`),
  );
  expect(dead).toEqual([]);
});

test.each(['CONTRIBUTING.md', 'docs/architecture.md'])('every file that %s names is there', async (page) => {
  const text = proseOf(page);
  const files = (await readdir(projectRoot, { recursive: true })).filter(
    (file) => !file.startsWith('node_modules'),
  );
  // A path, or the end of one, such as `session/dialer.ts`. Placeholders and built files are not in the checkout.
  const named = [...text.matchAll(/`([\w./-]+\.(?:ts|mjs|md|json))`/g)].map(([, name = '']) => name);
  const sources = named.filter((name) => !/xx|^dist\/|integrity/.test(name));
  expect(sources.length).toBeGreaterThan(15);
  expect(sources.filter((name) => !files.some((file) => file === name || file.endsWith(`/${name}`)))).toEqual(
    [],
  );
});
