import { appendFile, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createManifest, manifestText, MANIFEST_PATH, type Manifest } from '../../scripts/manifest.js';
import { startAgentProgram, type AgentProgram } from '../support/agent-program.js';
import { createPackedProject, NEIGHBOURS, runIn, type PackedProject } from '../support/packed-project.js';
import { holdCall, launchQuietChromium, openPage } from '../support/page-call.js';
import { expectHashes, expectSourceMap } from '../support/built-files.js';
import { readmeBlock } from '../support/readme-blocks.js';
import { serveFolder } from '../support/static-server.js';

let project: PackedProject;
let agent: AgentProgram;
let browser: Browser;

beforeAll(async () => {
  project = await createPackedProject(NEIGHBOURS);
  const program = join(project.folder, 'node_modules/.bin/voice-agent-local');
  agent = await startAgentProgram(project.folder, program, ['--port', '0']);
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

/** Serves a folder, makes a call, and expects no errors in the console. */
async function expectCall(folder: string, mounts: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const requests: string[] = [];
  await using server = await serveFolder(folder, { mounts, asked: (path) => void requests.push(path) });
  const { page: opened, consoleErrors } = await openPage(browser, `${server.origin}/`);
  const { sessionHost } = await holdCall(opened);
  expect(sessionHost).toBe('worker');
  expect(consoleErrors).toEqual([]);
  await opened.context().close();
  return requests;
}

describe('the tarball', () => {
  test.each(['tarball', 'agentTarball'] as const)(
    '(%s) holds the build, the licence and no sources',
    async (name) => {
      const files = (await runIn(project.folder, 'tar', ['-tzf', project[name]])).trim().split('\n');
      const allowed = /^package\/(dist\/|package\.json|README|LICENSE|CHANGELOG)/;
      expect(files.filter((file) => !allowed.test(file))).toEqual([]);
      expect(files.filter((file) => /\.ts$/.test(file) && !file.endsWith('.d.ts'))).toEqual([]);
      expect(files).toContain('package/LICENSE');
      const wasm = name === 'tarball' ? ['package/dist/strict/engine.wasm'] : [];
      expect(files.filter((file) => /wasm$/.test(file))).toEqual(wasm);
    },
  );

  test('has a hash of every file that a page may load, and no other hashes', async () => {
    await expectHashes(join(project.installed, 'dist'));
  });

  test('has a source map with our sources for every file with code', async () => {
    const dist = join(project.installed, 'dist');
    const files = (await readdir(dist, { recursive: true })).filter(
      (file) => /\.(m?js|wasm)$/.test(file) && file !== 'types-only.js',
    );
    expect(files.length).toBeGreaterThan(20);
    for (const file of files) await expectSourceMap(dist, file);
  });

  test('is tree-shaken from a bundle that does not use it', async () => {
    await project.write({
      'shaken/main.js': `import { VoiceAgent } from 'voice-agent-element';
        import { createEngine } from 'voice-agent-element/engine';
        console.log('nothing of it');\n`,
    });
    const output = await project.run('esbuild', ['shaken/main.js', '--bundle', '--format=esm']);
    expect(output.length).toBeLessThan(200);
  });

  test('installs Lit and nothing else into an empty folder', async () => {
    const folder = join(project.folder, '../lean');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    await runIn(folder, 'npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', project.tarball]);
    const listed = await runIn(folder, 'npm', ['ls', '--all', '--parseable']);
    const names = listed.trim().split('\n').slice(1);
    const isLits = (path: string): boolean =>
      /node_modules\/(lit|lit-\w+|@lit\/[\w-]+|@lit-labs\/ssr-dom-shim|@types\/trusted-types)$/.test(path);
    expect(names.filter((path) => !isLits(path))).toEqual([join(folder, 'node_modules/voice-agent-element')]);
    expect(await runIn(folder, 'node', ['--eval', "import('voice-agent-element/element')"])).toBe('');
  });

  test('passes publint', async () => {
    const { publint } = (await import(join(project.folder, 'node_modules/publint/src/index-node.js'))) as {
      publint: (options: object) => Promise<{ messages: readonly unknown[] }>;
    };
    for (const pkgDir of [project.installed, join(project.folder, 'node_modules/voice-agent-local')]) {
      const { messages } = await publint({ pkgDir, pack: false, strict: true });
      expect(messages).toEqual([]);
    }
  });

  test('passes arethetypeswrong', async () => {
    const output = await project.run('attw', [
      project.tarball,
      '--profile',
      'esm-only',
      '--format',
      'ascii',
      '--exclude-entrypoints',
      './custom-elements.json',
      './html-data.json',
      './package.json',
    ]);
    const judged = output.split('\n').filter((line) => /^(node16 \(from ESM\)|bundler):/.test(line));
    expect(judged.length).toBeGreaterThan(15);
    expect(judged.filter((line) => !/🟢|\(wildcard\)/u.test(line))).toEqual([]);
  });

  test('has a manifest that matches the sources, as committed', async () => {
    const committed = await readFile(MANIFEST_PATH, 'utf8');
    expect(committed).toBe(manifestText(await createManifest()));
    expect(await readFile(join(project.installed, 'dist/custom-elements.json'), 'utf8')).toBe(committed);
    const { modules } = JSON.parse(committed) as Manifest;
    for (const { path, exports } of modules) {
      const text = await readFile(join(project.installed, path), 'utf8');
      for (const { kind, name } of exports) if (kind === 'js') expect(text).toContain(name);
    }
  });
});

describe('on a server', () => {
  test('the client, the engine and the agent can be imported without a document, and have no side effects', async () => {
    const output = await project.run('node', [
      '--input-type=module',
      '--eval',
      `const before = new Set(Object.getOwnPropertyNames(globalThis));
       const { VoiceAgent } = await import('voice-agent-element');
       const { createEngine } = await import('voice-agent-element/engine');
       const { startAgent } = await import('voice-agent-local/testing');
       const left = Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name));
       const engine = await createEngine();
       const samples = engine.createResampler({ inputRate: 48000, outputRate: 24000 }).process(new Float32Array(4800));
       console.log(JSON.stringify([left, new VoiceAgent().state, samples.length > 2000, typeof startAgent]));`,
    ]);
    expect(JSON.parse(output)).toEqual([[], 'idle', true, 'function']);
  });

  test('the elements can be imported without a document, and register nothing', async () => {
    const output = await project.run('node', [
      '--input-type=module',
      '--eval',
      `await import('voice-agent-element/element');
       await import('voice-agent-element/parts');
       await import('voice-agent-element/react');
       await import('voice-agent-element/testing');
       console.log(typeof document, customElements.get('voice-agent') === undefined);`,
    ]);
    expect(output.trim()).toBe('undefined true');
  });

  test('Lit renders the tag with its content, and the browser upgrades it', async () => {
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

  test('React renders the tag, and the page hydrates it; removing it ends the call', async () => {
    await project.write({
      'hydrate/app.jsx': `'use client';
        import { useState } from 'react';
        import { VoiceAgent } from 'voice-agent-element/react';
        export const App = ({ tokenUrl }) => {
          const [isThere, setThere] = useState(true);
          return <main>
            <button id="toggle" onClick={() => setThere(!isThere)}>Toggle</button>
            {isThere && <VoiceAgent tokenUrl={tokenUrl} greeting="Hello there." textInput layout="bar" theme="dark"
              onStateChange={({ detail }) => (window.heard ??= []).push(detail.state)}>Loading</VoiceAgent>}
          </main>;
        };`,
      'hydrate/server.jsx': `import { renderToString } from 'react-dom/server';
        import { App } from './app.jsx';
        console.log(renderToString(<App tokenUrl={process.argv[2]} />));`,
      'hydrate/client.jsx': `import { StrictMode } from 'react';
        import { hydrateRoot } from 'react-dom/client';
        import { App } from './app.jsx';
        hydrateRoot(document.querySelector('#app'), <StrictMode><App tokenUrl="${agent.tokenUrl}" /></StrictMode>);`,
    });
    const options = ['--bundle', '--format=esm', '--jsx=automatic', '--outdir=hydrate/out'];
    await project.run('esbuild', [
      'hydrate/server.jsx',
      ...options,
      '--platform=node',
      '--packages=external',
    ]);
    // In development, React reports every difference between its markup and the server's.
    const define = '--define:process.env.NODE_ENV="development"';
    await project.run('esbuild', ['hydrate/client.jsx', ...options, '--splitting', define]);
    const rendered = (await project.run('node', ['hydrate/out/server.js', agent.tokenUrl])).trim();
    expect(rendered).toMatch(/<voice-agent token-url=[^>]+ text-input="" layout="bar" theme="dark">/);
    expect(rendered).toContain('Loading');
    const head = '<script type="module" src="/client.js"></script>';
    await project.write({
      'hydrate/out/index.html': page(head).replace(tag(), `<div id="app">${rendered}</div>`),
    });
    await using server = await serveFolder(join(project.folder, 'hydrate/out'));
    const { page: opened, consoleErrors } = await openPage(browser, `${server.origin}/`);
    await holdCall(opened);
    expect(await opened.evaluate('heard')).toEqual(
      expect.arrayContaining(['connecting', 'listening', 'speaking', 'ended']),
    );
    await opened.evaluate(() => Object.assign(window, { first: document.querySelector('voice-agent') }));
    // A press within half a second after a call's end is ignored.
    const press = async () => {
      await opened.locator('voice-agent .call').first().click();
      return opened.locator('voice-agent').first().getAttribute('state');
    };
    await expect.poll(press, { interval: 300, timeout: 30_000 }).not.toBe('ended');
    await opened.locator('voice-agent[state=speaking]').waitFor();
    await opened.locator('#toggle').click();
    await opened.waitForFunction(
      () => (window as unknown as { first: { state: string } }).first.state === 'ended',
    );
    await opened.locator('#toggle').click();
    await holdCall(opened);
    expect(consoleErrors).toEqual([]);
    await opened.context().close();
  });

  test('the wrapper is marked as a client component for pages rendered on a server', async () => {
    const text = await readFile(join(project.installed, 'dist/react.js'), 'utf8');
    expect(text).toMatch(/^['"]use client['"]/);
  });
});

describe('in a browser, a call', () => {
  const entry = `import 'voice-agent-element/element';\nimport 'voice-agent-element/themes/forest.css';\n`;

  test('from one script tag requests the page, the script, and nothing else', async () => {
    const folder = join(project.folder, 'bare');
    await project.write({
      'bare/index.html': page('<script type="module" src="/dist/voice-agent.js"></script>'),
    });
    const requests = await expectCall(folder, { '/dist/': join(project.installed, 'dist') });
    expect(requests).toEqual(['/', '/dist/voice-agent.js']);
  });

  test('works with pinned files, and a changed file is not loaded', async () => {
    const dist = join(project.installed, 'dist');
    const hashes = JSON.parse(await readFile(join(dist, 'integrity.json'), 'utf8')) as Record<string, string>;
    const integrity = Object.fromEntries(
      Object.entries(hashes).map(([file, hash]) => [`/dist/${file}`, hash] as const),
    );
    const script = readmeBlock('a pinned script')
      .replace('src="', 'src="/dist/')
      .replace('sha384-…', hashes['voice-agent.js']!);
    const head = `<script type="importmap">${JSON.stringify({ integrity })}</script>${script}`;
    await project.write({ 'pinned/index.html': page(head).replace('lang="en"', 'lang="de"') });
    const requests = await expectCall(join(project.folder, 'pinned'), { '/dist/': dist });
    expect(requests).toContain('/dist/locales/de.js');
    const changed = join(project.folder, 'changed');
    await cp(dist, changed, { recursive: true });
    await appendFile(join(changed, 'locales/de.js'), '\n;window.isBroken = true');
    await using server = await serveFolder(join(project.folder, 'pinned'), { mounts: { '/dist/': changed } });
    const { page: opened, consoleErrors } = await openPage(browser, `${server.origin}/`);
    // The call works, in English.
    await holdCall(opened);
    expect(consoleErrors.join('\n')).toMatch(/integrity/i);
    expect(await opened.evaluate(() => 'isBroken' in window)).toBe(false);
    await opened.context().close();
  });

  test('works with an import map', async () => {
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

  test('works when built by Vite', async () => {
    await project.write({
      'vite/index.html': page('<script type="module" src="/main.js"></script>'),
      'vite/main.js': entry,
    });
    await project.run('vite', ['build', 'vite', '--logLevel', 'warn']);
    await expectCall(join(project.folder, 'vite/dist'));
  });

  test('works when built by webpack', async () => {
    await project.write({
      'webpack/main.js': `import 'voice-agent-element/element';\n`,
      'webpack/out/index.html': page('<script src="/main.js"></script>'),
    });
    const output = await project.run('webpack', [
      '--mode',
      'production',
      '--entry',
      './webpack/main.js',
      '--output-path',
      join(project.folder, 'webpack/out'),
    ]);
    expect(output).not.toMatch(/ERROR|WARNING in .*voice-agent/);
    await expectCall(join(project.folder, 'webpack/out'));
  });

  // The second one is what esbuild makes without a format, and with it Hugo and Phoenix.
  test.each([
    ['modules', '<script type="module" src="/main.js"></script>', ['--format=esm', '--splitting']],
    ['a classic script', '<script src="/main.js" defer></script>', []],
  ])('works when built by esbuild as %s', async (name, script, options) => {
    const folder = `esbuild ${name}`;
    await project.write({
      [`${folder}/main.js`]: `import 'voice-agent-element/element';\n`,
      [`${folder}/out/index.html`]: page(script),
    });
    const input = [`${folder}/main.js`, '--bundle', '--minify', `--outdir=${folder}/out`];
    await project.run('esbuild', [...input, ...options]);
    await expectCall(join(project.folder, folder, 'out'));
  });
});

describe('types', () => {
  const options = ['--strict', '--noEmit', '--target', 'es2022', '--module', 'nodenext', '--types', 'node'];
  const lib = ['--lib', 'es2022,dom,dom.iterable'];

  test('fit strict TypeScript: client, element, engine, React, JSX, Vue, Svelte, tests', async () => {
    await project.write({
      'types/use.tsx': await readFile(join(import.meta.dirname, 'use-types.tsx.txt'), 'utf8'),
    });
    await project.run('tsc', [...options, ...lib, '--jsx', 'react-jsx', '--skipLibCheck', 'types/use.tsx']);
  });

  test('pass a compiler that also checks the package’s own declarations', async () => {
    await project.write({
      'checked/use.ts': `import { VoiceAgent } from 'voice-agent-element';
        import { createEngine } from 'voice-agent-element/engine';
        import { VoiceAgentElement } from 'voice-agent-element/element';
        import { VoiceAgentRecorderElement } from 'voice-agent-element/parts';
        export const all = [VoiceAgent, createEngine, VoiceAgentElement, VoiceAgentRecorderElement];\n`,
    });
    await project.run('tsc', [...options, ...lib, 'checked/use.ts']);
  });

  test('match the custom data for editors', async () => {
    const data = JSON.parse(await readFile(join(project.installed, 'dist/html-data.json'), 'utf8')) as {
      tags: { name: string; attributes: { name: string; values?: { name: string }[] }[] }[];
    };
    const element = data.tags.find(({ name }) => name === 'voice-agent');
    const layout = element?.attributes.find(({ name }) => name === 'layout');
    expect(layout?.values?.map(({ name }) => name)).toContain('floating');
    expect(element?.attributes.map(({ name }) => name)).toContain('token-url');
    const web = JSON.parse(await readFile(join(project.installed, 'dist/web-types.json'), 'utf8')) as {
      contributions: {
        html: {
          elements: { name: string; attributes: { name: string }[]; js: { events: { name: string }[] } }[];
        };
      };
    };
    const { elements } = web.contributions.html;
    expect(elements.map(({ name }) => name).sort()).toEqual(data.tags.map(({ name }) => name).sort());
    const known = elements.find(({ name }) => name === 'voice-agent');
    expect(known?.attributes.map(({ name }) => name)).toEqual(element?.attributes.map(({ name }) => name));
    expect(known?.js.events.map(({ name }) => name)).toContain('reply-end');
    const recorder = elements.find(({ name }) => name === 'voice-agent-recorder');
    expect(recorder?.js.events.map(({ name }) => name)).toEqual(['recording-change']);
  });
});
