/** `npm start`: the page with the element, and the local agent or the way to the live service beside it. */
import { parseArgs } from 'node:util';
import { createServer } from 'vite';
import { generate } from './generate.js';
import { projectRoot } from './project-root.mjs';

const DEFAULT_PORT = 5173;

function readPort(): { readonly port: number; readonly isChosen: boolean } {
  const { values } = parseArgs({ options: { port: { type: 'string' } } });
  const chosen = values.port ?? process.env['PORT'];
  if (chosen === undefined || chosen === '') return { port: DEFAULT_PORT, isChosen: false };
  const port = Number(chosen);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return { port, isChosen: true };
  throw new Error(`The port must be a number from 0 to 65535, not "${chosen}".`);
}

async function startDevServer(): Promise<void> {
  const { port, isChosen } = readPort();
  await generate();
  const isWatched = process.stdin.isTTY && !process.env['CI'];
  const server = await createServer({
    root: projectRoot,
    clearScreen: false,
    logLevel: 'warn',
    server: { port, strictPort: isChosen, open: isWatched },
  });
  await server.listen();
  const url = server.resolvedUrls?.local[0] ?? `http://127.0.0.1:${String(port)}/`;
  const mode = process.env['ASSEMBLYAI_API_KEY'] ? 'live service' : 'local agent';
  console.log(`Voice agent page: ${url} (${mode}; Ctrl-C ends it)`);
  const end = (): void => {
    // A browser keeps its connections open; the process must end all the same.
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
