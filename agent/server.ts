/** The local voice agent on its own port. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalAgent, type AgentOptions } from './agent.js';
import type { AgentEventEmitter } from './events.js';
import { sendJson } from './http-endpoints.js';

/** The options of `startAgent()`. */
export interface AgentServerOptions extends AgentOptions {
  /** Default 0: a free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: reachable from this machine only. */
  readonly host?: string;
}

/** A local agent that listens. */
export interface AgentServer {
  readonly port: number;
  /** `http://…`, without a trailing slash. */
  readonly url: string;
  /** `ws://…/v1/ws` */
  readonly wsUrl: string;
  readonly agent: LocalAgent;
  /** Everything that is sent and received; in this process only. */
  readonly events: AgentEventEmitter;
  /** Ends all sessions and connections, and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a local agent on its own port.
 * @throws {Error} of Node, if the port is in use or the address is not this machine's
 */
export async function startAgent(options: AgentServerOptions = {}): Promise<AgentServer> {
  const agent = new LocalAgent(options);
  const host = options.host ?? '127.0.0.1';
  const server = createServer((request, response) => {
    if (!agent.handleRequest(request, response)) sendJson(response, 404, { detail: 'Not Found' });
  });
  server.on('upgrade', (request, socket, head) => {
    if (!agent.handleUpgrade(request, socket, head)) socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const { port } = server.address() as AddressInfo;
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    port,
    agent,
    events: agent.events,
    url: `http://${authority}`,
    wsUrl: `ws://${authority}/v1/ws`,
    close: async () => {
      agent.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
