/** `npm start`: serves the demo page, with the local agent or with tokens of the live service. */
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { generate } from './generate.js';
import { projectRoot } from './project-root.mjs';

async function startDevServer(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const port = values.port ?? process.env['PORT'];
  await generate();
  const server = await createServer({
    root: projectRoot,
    clearScreen: false,
    logLevel: 'warn',
    server: {
      // Otherwise the port of vite.config.ts, or the next free one.
      ...(port ? { port: Number(port), strictPort: true } : {}),
      open: process.stdin.isTTY && !process.env['CI'],
    },
  });
  await server.listen();
  const [url = ''] = server.resolvedUrls?.local ?? [];
  const mode = process.env['ASSEMBLYAI_API_KEY'] ? 'live service' : 'local agent';
  console.log(`Voice agent page: ${url} (${mode}; Ctrl-C ends it)`);
  const end = (): void => {
    // Browsers keep connections open, so do not wait for them.
    void server.close().finally(() => process.exit(0));
    server.httpServer?.unref();
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

try {
  await startDevServer();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
