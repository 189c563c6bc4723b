/**
 * A page under the strictest policy that a voice agent works with, and a page of another origin that embeds it.
 *
 *   ASSEMBLYAI_API_KEY=… npm start      http://127.0.0.1:8080/  and  http://localhost:8080/host.html
 *
 * Without a key, tokens come from the local agent (npx voice-agent-local --port 8787).
 * ASSEMBLYAI_REGION (us or eu), PORT, ASSEMBLYAI_TOKEN_URL and ASSEMBLYAI_WS_URL change the addresses.
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTokenHandler, optionsFromEnvironment } from 'voice-agent-element/token';

const key = process.env.ASSEMBLYAI_API_KEY ?? 'local';
const region = process.env.ASSEMBLYAI_REGION ? `.${process.env.ASSEMBLYAI_REGION}` : '';
const service = key === 'local' ? '127.0.0.1:8787' : `agents${region}.assemblyai.com`;
const tokenUrl =
  process.env.ASSEMBLYAI_TOKEN_URL ?? `http${key === 'local' ? '' : 's'}://${service}/v1/token`;
const wsUrl = process.env.ASSEMBLYAI_WS_URL ?? `ws${key === 'local' ? '' : 's'}://${service}/v1/ws`;

const pages = fileURLToPath(new URL('./public/', import.meta.url));
const strict = join(
  dirname(fileURLToPath(import.meta.resolve('voice-agent-element/package.json'))),
  'dist/strict/',
);
const types = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
};

/** Every directive is needed: without it, either the page does not work or the policy is weaker. */
const policy = (port) =>
  [
    "default-src 'none'",
    // The element, its worklet, and compiling its engine.
    "script-src 'self' 'wasm-unsafe-eval'",
    // The Worker that holds the connection.
    "worker-src 'self'",
    // The page's own style sheet. The element's are constructed style sheets, which need no permission.
    "style-src 'self'",
    // The token, the engine's file, and the service.
    `connect-src 'self' ${new URL(wsUrl).origin}`,
    // Pages that may embed this one.
    `frame-ancestors http://localhost:${port}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html voice-agent',
  ].join('; ');

const hostPolicy = (port) =>
  `default-src 'none'; style-src 'self'; frame-src http://127.0.0.1:${port}; base-uri 'none'; form-action 'none'`;

/** Tokens for this server's own page only, with limits: see ../token-endpoints. */
let voiceToken;

async function answerToken({ method, url, headers, socket }, response) {
  const request = new Request(new URL(url, `http://${headers.host}`), { method, headers });
  const answer = await voiceToken(request, { address: socket.remoteAddress });
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}

/** Clients can send anything: an invalid URL (`GET //`), a method that Request refuses (`TRACE`). */
const server = createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(400).end());
});

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  const { port } = server.address();
  if (pathname === '/voice-token') return answerToken(request, response);
  const name = pathname === '/' ? 'index.html' : pathname.slice(1);
  const path = /^voice-agent\/([\w./-]+)$/.exec(name)?.[1] ?? name;
  try {
    if (path.includes('..')) throw new Error('outside');
    const content = await readFile(join(path === name ? pages : strict, path));
    const isHost = name === 'host.html';
    response.writeHead(200, {
      'content-type': types[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': isHost ? hostPolicy(port) : policy(port),
      'permissions-policy': `microphone=(self "http://127.0.0.1:${port}")`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    response.end(
      isHost ? content.toString().replace('{{agentOrigin}}', `http://127.0.0.1:${port}`) : content,
    );
  } catch {
    response.writeHead(404).end();
  }
}

server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  const { port } = server.address();
  voiceToken = createTokenHandler({
    ...optionsFromEnvironment(process.env),
    apiKey: key,
    origins: `http://127.0.0.1:${port}`,
    tokenUrl,
    wsUrl,
  });
  console.log(
    `The page:          http://127.0.0.1:${port}/\nIn another origin: http://localhost:${port}/host.html`,
  );
});
