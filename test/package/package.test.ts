import { readFile, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManifest, manifestText, MANIFEST_PATH } from '../../scripts/manifest.js';
import { startAgentProgram, type AgentProgram } from '../support/agent-program.js';
import { createPackedProject, runIn, type PackedProject } from '../support/packed-project.js';
import { holdCall, launchQuietChromium, openPage } from '../support/page-call.js';
import { serveFolder } from '../support/static-server.js';

let project: PackedProject;
let agent: AgentProgram;
let browser: Browser;

beforeAll(async () => {
  project = await createPackedProject({
    '@arethetypeswrong/cli': '^0.18.5',
    '@lit-labs/ssr': '^4.1.0',
    '@types/node': '^22.20.5',
    '@types/react': '^19.3.0',
    '@types/ws': '^8.18.2',
    esbuild: '^0.28.0',
    publint: '^0.3.25',
    react: '^19.3.1',
    'react-dom': '^19.3.1',
    svelte: '^5.57.3',
    typescript: '^6.0.3',
    vite: '^8.3.8',
    vue: '^3.5.45',
    webpack: '^5.112.2',
    'webpack-cli': '^7.0.0',
  });
  const program = join(project.folder, 'node_modules/.bin/voice-agent-element');
  agent = await startAgentProgram(project.folder, program, ['agent', '--port', '0']);
  browser = await launchQuietChromium();
});

afterAll(async () => {
  await browser.close();
  await agent[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

const tag = (): string => `<voice-agent token-url="${agent.tokenUrl}" greeting="Hello there."></voice-agent>`;
const page = (head: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title><link rel="icon" href="data:,">${head}${tag()}`;

/** Serves a folder, talks, and expects that nothing was complained about. */
async function expectCall(folder: string, mounts: Readonly<Record<string, string>> = {}): Promise<string[]> {
  await using server = await serveFolder(folder, { mounts });
  const { page: opened, complaints } = await openPage(browser, `${server.origin}/`);
  const { sessionHost } = await holdCall(opened);
  expect(sessionHost).toBe('worker');
  expect(complaints).toEqual([]);
  await opened.context().close();
  return server.requests;
}

describe('the tarball', () => {
  test('holds the build, the licence and nothing of the sources', async () => {
    const listed = await runIn(project.folder, 'tar', ['-tzf', project.tarball]);
    const files = listed.trim().split('\n');
    expect(
      files.filter((file) => !/^package\/(dist\/|package\.json|README|LICENSE|CHANGELOG)/.test(file)),
    ).toEqual([]);
    expect(files.filter((file) => /\.ts$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
    expect(files.filter((file) => /wasm$/.test(file))).toEqual(['package/dist/strict/engine.wasm']);
  });

  test('is clean to publint', async () => {
    const { publint } = (await import(join(project.folder, 'node_modules/publint/src/index-node.js'))) as {
      publint: (options: object) => Promise<{ messages: readonly unknown[] }>;
    };
    const { messages } = await publint({ pkgDir: project.installed, pack: false, strict: true });
    expect(messages).toEqual([]);
  });

  test('is clean to arethetypeswrong', async () => {
    const output = await project.run('attw', [
      ...[project.tarball, '--profile', 'esm-only', '--format', 'ascii'],
      ...['--exclude-entrypoints', './custom-elements.json', './html-data.json', './package.json'],
    ]);
    const judged = output.split('\n').filter((line) => /^(node16 \(from ESM\)|bundler):/.test(line));
    expect(judged.length).toBeGreaterThan(15);
    expect(judged.filter((line) => !/🟢|\(wildcard\)/u.test(line))).toEqual([]);
  });

  test('has the manifest that its sources make, as committed', async () => {
    const committed = await readFile(MANIFEST_PATH, 'utf8');
    expect(committed).toBe(manifestText(await createManifest()));
    expect(await readFile(join(project.installed, 'dist/custom-elements.json'), 'utf8')).toBe(committed);
  });
});

describe('on a server', () => {
  test('the client, the engine and the agent are imported without a document and leave no trace', async () => {
    const output = await project.run('node', [
      '--input-type=module',
      '--eval',
      `const before = new Set(Object.getOwnPropertyNames(globalThis));
       const { VoiceAgent } = await import('voice-agent-element');
       const { createEngine } = await import('voice-agent-element/engine');
       const { startAgent } = await import('voice-agent-element/testing');
       const left = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name));
       const engine = await createEngine();
       const samples = engine.createResampler({ inputRate: 48000, outputRate: 24000 }).process(new Float32Array(4800));
       console.log(JSON.stringify([left, new VoiceAgent().state, samples.length > 2000, typeof startAgent]));`,
    ]);
    expect(JSON.parse(output)).toEqual([[], 'idle', true, 'function']);
  });

  test('the elements are imported without a document and register nothing', async () => {
    const output = await project.run('node', [
      '--input-type=module',
      '--eval',
      `await import('voice-agent-element/element');
       await import('voice-agent-element/parts');
       await import('voice-agent-element/react');
       console.log(typeof document, customElements.get('voice-agent') === undefined);`,
    ]);
    expect(output.trim()).toBe('undefined true');
  });

  test('Lit renders the tag with its content, and the browser brings it to life', async () => {
    await project.write({
      'ssr.mjs': `import { render } from '@lit-labs/ssr';
        import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
        import { html } from 'lit';
        import 'voice-agent-element/element';
        const [, , tokenUrl] = process.argv;
        console.log(await collectResult(render(
          html\`<voice-agent token-url=\${tokenUrl} greeting="Hello there.">Loading the voice agent</voice-agent>\`)));`,
    });
    const rendered = await project.run('node', ['ssr.mjs', agent.tokenUrl]);
    expect(rendered).toContain('Loading the voice agent');
    expect(rendered).not.toContain('shadowroot');
    const folder = join(project.folder, 'ssr');
    await mkdir(folder, { recursive: true });
    const head = '<script type="module" src="/dist/voice-agent.js"></script>';
    await writeFile(join(folder, 'index.html'), page(head).replace(tag(), rendered));
    await expectCall(folder, { '/dist/': join(project.installed, 'dist') });
  });
});

describe('in a browser, a call', () => {
  const entry = `import 'voice-agent-element/element';\nimport 'voice-agent-element/themes/forest.css';\n`;

  test('from one script tag asks for the page, the script with its pictures, and nothing else', async () => {
    const folder = join(project.folder, 'bare');
    await project.write({
      'bare/index.html': page('<script type="module" src="/dist/voice-agent.js"></script>'),
    });
    const requests = await expectCall(folder, { '/dist/': join(project.installed, 'dist') });
    expect(requests).toEqual(['/', '/dist/voice-agent.js', '/dist/voice-agent-visualizer.js']);
  });

  test('through an import map', async () => {
    await project.write({
      'map/index.html': page(`<script type="importmap">{"imports":{
          "voice-agent-element": "/package/dist/index.js",
          "voice-agent-element/element": "/package/dist/element.js",
          "lit": "/modules/lit/index.js", "lit/": "/modules/lit/",
          "lit-html": "/modules/lit-html/lit-html.js", "lit-html/": "/modules/lit-html/",
          "lit-element/": "/modules/lit-element/",
          "@lit/reactive-element": "/modules/@lit/reactive-element/reactive-element.js",
          "@lit/reactive-element/": "/modules/@lit/reactive-element/" }}</script>
        <script type="module">import 'voice-agent-element/element';</script>`),
    });
    await expectCall(join(project.folder, 'map'), {
      '/package/': project.installed,
      '/modules/': join(project.folder, 'node_modules'),
    });
  });

  test('built by Vite', async () => {
    await project.write({
      'vite/index.html': page('<script type="module" src="/main.js"></script>'),
      'vite/main.js': entry,
    });
    await project.run('vite', ['build', 'vite', '--logLevel', 'warn']);
    await expectCall(join(project.folder, 'vite/dist'));
  });

  test('built by webpack', async () => {
    await project.write({
      'webpack/main.js': `import 'voice-agent-element/element';\n`,
      'webpack/out/index.html': page('<script src="/main.js"></script>'),
    });
    const output = await project.run('webpack', [
      ...['--mode', 'production', '--entry', './webpack/main.js'],
      ...['--output-path', join(project.folder, 'webpack/out')],
    ]);
    expect(output).not.toMatch(/ERROR|WARNING in .*voice-agent/);
    await expectCall(join(project.folder, 'webpack/out'));
  });

  test('built by esbuild', async () => {
    await project.write({
      'esbuild/main.js': `import 'voice-agent-element/element';\n`,
      'esbuild/out/index.html': page('<script type="module" src="/main.js"></script>'),
    });
    await project.run('esbuild', [
      ...['esbuild/main.js', '--bundle', '--format=esm', '--splitting', '--minify', '--outdir=esbuild/out'],
    ]);
    await expectCall(join(project.folder, 'esbuild/out'));
  });
});

describe('types', () => {
  test('fit strict TypeScript: client, element, engine, React, JSX, Vue, Svelte, tests', async () => {
    await project.write({
      'types/use.tsx': await readFile(join(import.meta.dirname, 'use-types.tsx.txt'), 'utf8'),
      'types/tsconfig.json': JSON.stringify({
        compilerOptions: {
          ...{
            target: 'ES2022',
            module: 'NodeNext',
            moduleResolution: 'NodeNext',
            strict: true,
            noEmit: true,
          },
          ...{
            jsx: 'react-jsx',
            lib: ['ES2022', 'DOM', 'DOM.Iterable'],
            types: ['node'],
            skipLibCheck: true,
          },
        },
        files: ['use.tsx'],
      }),
    });
    await project.run('tsc', ['-p', 'types']);
  });

  test('know what the editors are told', async () => {
    const data = JSON.parse(await readFile(join(project.installed, 'dist/html-data.json'), 'utf8')) as {
      tags: { name: string; attributes: { name: string; values?: { name: string }[] }[] }[];
    };
    const element = data.tags.find(({ name }) => name === 'voice-agent');
    const layout = element?.attributes.find(({ name }) => name === 'layout');
    expect(layout?.values?.map(({ name }) => name)).toContain('floating');
    expect(element?.attributes.map(({ name }) => name)).toContain('token-url');
  });
});
