/**
 * A Vite plugin that adds the voice agent to a development server. Without a key, the local agent answers on the page's
 * own origin. With `ASSEMBLYAI_API_KEY` set, the server creates tokens of the live service; the key stays on the server.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Plugin } from 'vite';
import { LocalAgent, type AgentOptions } from './agent.js';
import { admitOrigin, requestUrl, sendJson } from './http-endpoints.js';
import { SERVICE_SPREAD_MS } from './turns.js';
import { UpstreamTokens } from './upstream-tokens.js';

export interface VoiceAgentDevServerOptions {
  /** Source of the key and the upstream addresses. Default: `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Options of the local agent, if it is used. */
  readonly agent?: AgentOptions;
}

/** The parts of a Vite server (development or preview) that the plugin uses. */
interface HostServer {
  readonly middlewares: {
    use(handler: (request: IncomingMessage, response: ServerResponse, next: () => void) => void): unknown;
  };
  readonly httpServer: Pick<Server, 'on'> | null;
}

type Backend =
  | { readonly mode: 'local'; readonly agent: LocalAgent }
  | { readonly mode: 'live'; readonly tokens: UpstreamTokens };

function mount(server: HostServer, options: VoiceAgentDevServerOptions): void {
  const tokens = UpstreamTokens.fromEnvironment(options.env ?? process.env);
  const backend: Backend = tokens
    ? { mode: 'live', tokens }
    : { mode: 'local', agent: new LocalAgent({ interruptionSpreadMs: SERVICE_SPREAD_MS, ...options.agent }) };
  server.middlewares.use((request, response, next) => {
    const { pathname } = requestUrl(request);
    if (pathname === '/voice-agent-mode') {
      if (admitOrigin(request, response, options.agent?.anyHost))
        sendJson(response, 200, { mode: backend.mode });
    } else if (backend.mode === 'local') {
      if (!backend.agent.handleRequest(request, response)) next();
    } else if (pathname === '/voice-token') {
      if (admitOrigin(request, response, options.agent?.anyHost)) void answerToken(backend.tokens, response);
    } else {
      next();
    }
  });
  if (backend.mode === 'local') listenForUpgrades(server.httpServer, backend.agent);
}

/** Other upgrades are left alone, above all that of Vite's hot reload. */
function listenForUpgrades(httpServer: HostServer['httpServer'], agent: LocalAgent): void {
  httpServer?.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    agent.handleUpgrade(request, socket, head);
  });
  httpServer?.on('close', () => agent.close());
}

async function answerToken(tokens: UpstreamTokens, response: ServerResponse): Promise<void> {
  const { status, body } = await tokens.mint();
  sendJson(response, status, body);
}

/**
 * Adds to the server: `GET /voice-token` → `{token, ws_url}`, `GET /voice-agent-mode` → `{mode: "local" | "live"}` and,
 * in local mode, the agent's WebSocket `/v1/ws`. Environment variables: `ASSEMBLYAI_API_KEY`, `ASSEMBLYAI_REGION`, and
 * for another upstream `ASSEMBLYAI_TOKEN_URL` and `ASSEMBLYAI_WS_URL`.
 */
export function voiceAgentDevServer(options: VoiceAgentDevServerOptions = {}): Plugin {
  return {
    name: 'voice-agent-dev-server',
    configureServer: (server) => mount(server as unknown as HostServer, options),
    configurePreviewServer: (server) => mount(server as unknown as HostServer, options),
  };
}
