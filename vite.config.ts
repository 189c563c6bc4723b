import { createReadStream } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { voiceAgentDevServer } from './agent/dev-server-plugin.js';
import { generate } from './scripts/generate.js';

const GENERATED_FROM = /^(assembly|src\/(worklet|worker|session|protocol|engine))\//;

const MAP = /\/(voice-processor|session-worker)\.js\.map$/;

/** The maps of the generated scripts, under the addresses that the texts name. */
function mapsOfGenerated(): Plugin {
  return {
    name: 'maps-of-generated',
    apply: 'serve',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const [, script] = MAP.exec(request.url ?? '') ?? [];
        const path = join(server.config.root, 'src/generated', `${script}.js.map`);
        if (script) createReadStream(path).on('error', next).pipe(response);
        else next();
      });
    },
  };
}

/** Regenerates modules when their sources change, and reloads the page, because a worklet cannot be replaced. */
function regenerateOnChange(): Plugin {
  return {
    name: 'regenerate-on-change',
    apply: 'serve',
    configureServer(server) {
      const { root } = server.config;
      let queue = Promise.resolve();
      const onChange = (file: string): void => {
        if (!GENERATED_FROM.test(relative(root, file).split(sep).join('/'))) return;
        queue = queue.then(async () => {
          try {
            await generate();
            server.ws.send({ type: 'full-reload' });
          } catch (error) {
            server.config.logger.error(String(error), { timestamp: true });
          }
        });
      };
      for (const event of ['add', 'change', 'unlink'] as const) server.watcher.on(event, onChange);
    },
  };
}

export default defineConfig({
  plugins: [mapsOfGenerated(), regenerateOnChange(), voiceAgentDevServer()],
  server: {
    host: '127.0.0.1',
    port: 5173,
    // Test runs and builds write files here while the dev server runs; those must not reload the page.
    watch: { ignored: ['**/test-results/**', '**/dist/**', '**/build/**'] },
  },
});
