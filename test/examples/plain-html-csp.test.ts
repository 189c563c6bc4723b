import { copyFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/project-root.mjs';
import { installExample, startProgram, type ExampleProject } from '../support/example-project.js';
import { prepareTalk } from '../support/example-talk.js';
import { askAs } from '../support/ask-as.js';
import { holdCall, openPage } from '../support/page-call.js';
import { serveFolder, type StaticServer } from '../support/static-server.js';

const talk = prepareTalk();

describe('the example with the strictest policy', () => {
  let example: ExampleProject;
  let urls: readonly string[];

  beforeAll(async () => {
    example = await installExample('plain-html-csp');
    const program = await example.start('npm', ['start'], {
      PORT: '0',
      ASSEMBLYAI_API_KEY: 'local',
      ASSEMBLYAI_TOKEN_URL: `${talk.agent.url}/v1/token`,
      ASSEMBLYAI_WS_URL: talk.agent.wsUrl,
    });
    ({ urls } = program);
  });
  afterAll(() => example[Symbol.asyncDispose]());

  test('holds a call from files alone, in a Worker, and breaks no directive', async () => {
    const { page, consoleErrors } = await openPage(talk.browser, urls[0]!);
    expect(await holdCall(page)).toEqual({ worklet: 'file', sessionHost: 'worker' });
    expect(consoleErrors).toEqual([]);
    const script = await page.evaluate(() => {
      try {
        document.body.innerHTML = '<b>unsafe</b>';
        return 'accepted';
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(script).toBe('TypeError');
    await page.context().close();
  });

  test('gives tokens to its own page alone, and listens to nobody but this machine', async () => {
    const address = new URL('/voice-token', urls[0]);
    const ask = async (headers: Readonly<Record<string, string>>) => (await askAs(address, headers)).status;
    expect(await ask({ 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await ask({})).toBe(403);
    expect(await ask({ origin: 'https://evil.example.net' })).toBe(403);
    // A page on another domain that points to this server.
    expect(await ask({ host: `evil.example.net:${address.port}`, 'sec-fetch-site': 'same-origin' })).toBe(
      403,
    );
    const elsewhere = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal);
    if (elsewhere) await expect(fetch(`http://${elsewhere.address}:${address.port}/`)).rejects.toThrow();
  });

  test('outlives what is no request for it', async () => {
    const { hostname, port } = new URL(urls[0]!);
    for (const line of [
      'GET //',
      'GET http://',
      'TRACE /voice-token',
      'TRACE //',
      'PUT /%',
      'GET /voice-agent/../serve.mjs',
    ]) {
      const socket = connect({ port: Number(port), host: hostname });
      socket.write(`${line} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: close\r\n\r\n`);
      expect(await text(socket), line).toMatch(/^HTTP\/1\.1 4\d\d /);
    }
    expect((await askAs(urls[0]!)).status).toBe(200);
  });

  test('holds a call inside a page of another origin', async () => {
    const { page, consoleErrors } = await openPage(talk.browser, urls[1]!);
    const frame = page.frames().find((candidate) => candidate.url().startsWith(urls[0]!));
    expect(frame).toBeDefined();
    expect(await holdCall(frame!)).toEqual({ worklet: 'file', sessionHost: 'worker' });
    expect(consoleErrors).toEqual([]);
    await page.context().close();
  });
});

test('"npm run example" starts the agent and an example against it, in one command', async () => {
  await expectExample('0', 0);
});

test('"npm run example" uses an agent that is already running', async () => {
  await expectExample(String(talk.agent.port), 1);
});

/** @param sessions number of its sessions at the agent of this test */
async function expectExample(agentPort: string, sessions: number): Promise<void> {
  const before = talk.recording.connections.length;
  await using program = await startProgram(
    projectRoot,
    'npm',
    ['run', 'example', '--', 'plain-html-csp', '--skip-build'],
    { PORT: '0', AGENT_PORT: agentPort },
  );
  const { page, consoleErrors } = await openPage(talk.browser, program.urls[0]!);
  await holdCall(page);
  expect(consoleErrors).toEqual([]);
  expect(talk.recording.connections.length - before).toBe(sessions);
  await page.context().close();
}

interface Case {
  readonly name: string;
  readonly script: string;
  readonly attributes?: string;
  /** A second copy of the element, as if two plugins of one site had included it. */
  readonly again?: string;
  readonly policy: string;
  /** What the error says to allow. */
  readonly hint?: string;
  readonly expected: { readonly worklet: string; readonly sessionHost: string } | string;
}

const dist = join(projectRoot, 'dist');
const SINGLE = '/dist/voice-agent.js';
const STRICT = '/dist/strict/voice-agent.js';
const CASES: readonly Case[] = [
  {
    name: 'the single file uses its texts where blob: is allowed',
    script: SINGLE,
    policy: "script-src 'self' 'wasm-unsafe-eval' blob:; worker-src blob:",
    expected: { worklet: 'blob', sessionHost: 'worker' },
  },
  {
    name: 'the single file runs the session on the page where no Worker is allowed',
    script: SINGLE,
    policy: "script-src 'self' 'wasm-unsafe-eval' blob:; worker-src 'none'",
    expected: { worklet: 'blob', sessionHost: 'page' },
  },
  {
    name: 'the single file goes to the files of asset-base',
    script: SINGLE,
    attributes: 'asset-base="/dist/strict"',
    policy: "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
    expected: { worklet: 'file', sessionHost: 'worker' },
  },
  {
    name: 'the single file finds the files beside it when its texts are refused',
    script: '/dist/strict/single.js',
    policy: "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
    expected: { worklet: 'file', sessionHost: 'worker' },
  },
  {
    name: 'the strict build runs the session on the page where no Worker is allowed',
    script: STRICT,
    policy: "script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'",
    expected: { worklet: 'file', sessionHost: 'page' },
  },
  {
    name: 'a second copy of the script is ignored, also where Trusted Types are required',
    script: STRICT,
    again: SINGLE,
    policy:
      "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html voice-agent 'allow-duplicates'",
    expected: { worklet: 'file', sessionHost: 'worker' },
  },
  {
    name: 'the single file says what to allow where neither texts nor files may run',
    script: SINGLE,
    policy: "script-src 'self' 'wasm-unsafe-eval'; worker-src 'none'",
    expected: /^unsupported_browser|^audio_failed/.source,
    hint: 'blob:',
  },
  {
    name: 'the engine says what to allow where WebAssembly may not be compiled',
    script: STRICT,
    policy: "script-src 'self'; worker-src 'self'",
    expected: /^engine_failed/.source,
    hint: 'wasm-unsafe-eval',
  },
];

describe('the loader picks a way:', () => {
  let server: StaticServer | undefined;
  let folder: string;
  let current = CASES[0]!;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'voice-agent-csp-'));
    await cp(dist, join(folder, 'dist'), { recursive: true });
    await copyFile(join(dist, 'voice-agent.js'), join(folder, 'dist/strict/single.js'));
    for (const [index, { script, again = script, attributes = '' }] of CASES.entries())
      await writeFile(
        join(folder, `${String(index)}.html`),
        `<!doctype html><title>Policy</title><link rel="icon" href="data:,">
         <script type="module" src="${script}"></script>
         <script type="module" src="${again}"></script>
         <voice-agent token-url="/token.json" server-url="${talk.agent.wsUrl}" ${attributes} greeting="Hello there."></voice-agent>`,
      );
    server = await serveFolder(folder, {
      headers: () => ({
        'content-security-policy': `default-src 'none'; img-src data:; connect-src 'self' ${talk.agent.url} ${new URL(talk.agent.wsUrl).origin}; ${current.policy}`,
      }),
    });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [index, one] of CASES.entries())
    test(one.name, async () => {
      current = one;
      const context = await talk.browser.newContext();
      const page = await context.newPage();
      await page.route('**/token.json*', (route) =>
        route.fulfill({ json: { token: talk.agent.agent.mintToken() } }),
      );
      await page.goto(`${server!.origin}/${String(index)}.html`);
      if (typeof one.expected === 'string') {
        await expect(holdCall(page)).rejects.toThrow(new RegExp(one.expected));
        const hint = await page.evaluate(
          () => (document.querySelector('voice-agent') as unknown as { error: { hint: string } }).error.hint,
        );
        expect(hint).toContain('in the CSP');
        expect(hint).toContain(one.hint);
      } else {
        expect(await holdCall(page)).toEqual(one.expected);
      }
      await context.close();
    });
});
