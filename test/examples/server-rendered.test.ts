/** Frameworks that render on a server: built for production, served, hydrated without a warning, with a call on each. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installExample, type ExampleProject } from '../support/example-project.js';
import { expectConversation, prepareTalk } from '../support/example-talk.js';
import { holdCall, openPage } from '../support/page-call.js';

interface Framework {
  readonly name: string;
  /** Serves the build. */
  readonly serve: (port: string) => readonly [command: string, ...parameters: string[]];
  /** Serves the sources, for frameworks that report hydration differences only in development. */
  readonly develop?: (port: string) => readonly [command: string, ...parameters: string[]];
  /** Further pages of the example, with a bare tag. */
  readonly tags?: readonly string[];
  /** It has its own token endpoint. */
  readonly hasEndpoint: boolean;
}

const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  next: {
    name: 'Next.js',
    serve: (port) => ['npx', 'next', 'start', '--hostname', 'localhost', '--port', port],
    develop: (port) => ['npx', 'next', 'dev', '--hostname', 'localhost', '--port', port],
    tags: ['/tag'],
    hasEndpoint: true,
  },
  astro: {
    name: 'Astro',
    serve: (port) => ['npx', 'astro', 'preview', '--port', port],
    hasEndpoint: false,
  },
  sveltekit: {
    name: 'SvelteKit',
    serve: (port) => ['npx', 'vite', 'preview', '--port', port],
    develop: (port) => ['npx', 'vite', 'dev', '--port', port],
    hasEndpoint: true,
  },
  nuxt: {
    name: 'Nuxt',
    serve: () => ['node', '.output/server/index.mjs'],
    hasEndpoint: true,
  },
};

const talk = prepareTalk();

/** The environment that `npm run example` sets. */
const environment = (origin: string, port: string): Readonly<Record<string, string>> => ({
  ASSEMBLYAI_API_KEY: 'local',
  ALLOWED_ORIGINS: origin,
  PORT: port,
  HOST: 'localhost',
  ASSEMBLYAI_TOKEN_URL: `${talk.agent.url}/v1/token`,
  ASSEMBLYAI_WS_URL: talk.agent.wsUrl,
  TOKEN_URL: `${talk.agent.url}/voice-token`,
  NEXT_TELEMETRY_DISABLED: '1',
  ASTRO_TELEMETRY_DISABLED: '1',
  NUXT_TELEMETRY_DISABLED: '1',
});

/** The HTML that the server sends. */
async function expectRendered(url: string, greeting: string): Promise<void> {
  const html = await (await fetch(url)).text();
  const [tag = ''] = /<voice-agent[^>]*>/.exec(html) ?? [];
  expect(tag).toContain(`greeting="${greeting}"`);
  expect(tag).toMatch(/token-url="[^"]*voice-token"/);
}

async function expectTalk(url: string, name: string): Promise<void> {
  await expectRendered(url, `Hello from ${name}.`);
  await expectConversation(talk, url, name);
}

for (const [folder, { name, serve, develop, tags = [], hasEndpoint }] of Object.entries(FRAMEWORKS)) {
  describe(`the example for ${name}`, () => {
    let example: ExampleProject;

    beforeAll(async () => {
      example = await installExample(folder);
    });
    afterAll(() => example[Symbol.asyncDispose]());

    test('is built for production, rendered by the server, hydrated without a warning, and talks', async () => {
      const port = String(await getPort());
      const origin = `http://localhost:${port}`;
      Object.assign(process.env, environment(origin, port));
      await example.run('npm', ['run', 'build']);
      const [command, ...parameters] = serve(port);
      await using program = await example.start(command, parameters, environment(origin, port));
      expect(program.output()).toContain(port);
      await expectTalk(`${origin}/`, name);
      for (const path of tags) {
        await expectRendered(`${origin}${path}`, 'Hello from the tag.');
        const { page, consoleErrors } = await openPage(talk.browser, `${origin}${path}`);
        expect(await holdCall(page)).toMatchObject({ sessionHost: 'worker' });
        expect(consoleErrors).toEqual([]);
        await page.context().close();
      }
      if (!hasEndpoint) return;
      // Its own endpoint refuses other sites, and no answer may be kept.
      const refused = await fetch(`${origin}/voice-token`, { headers: { origin: 'https://elsewhere.test' } });
      expect(refused.status).toBe(403);
      expect(refused.headers.get('cache-control')).toContain('no-store');
    });

    test.runIf(develop)('is hydrated without a warning in development, where they are told', async () => {
      const port = String(await getPort());
      const origin = `http://localhost:${port}`;
      const [command, ...parameters] = develop!(port);
      await using program = await example.start(command, parameters, environment(origin, port));
      expect(program.output()).toContain(port);
      await expectTalk(`${origin}/`, name);
    });

    test('is started by one command, which is the one that its README names', async () => {
      const readme = await readFile(join(example.folder, 'README.md'), 'utf8');
      expect(readme).toContain(`npm run example -- ${folder} `);
      const { scripts } = JSON.parse(await readFile(join(example.folder, 'package.json'), 'utf8')) as {
        scripts: Record<string, string>;
      };
      expect(scripts['start']).toContain('5173');
    });
  });
}
