/** The local voice agent on a port of its own. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LocalAgent, type AgentOptions } from './agent.js';
import type { AgentEventEmitter } from './events.js';
import { sendJson } from './http-endpoints.js';

export interface AgentServerOptions extends AgentOptions {
  /** 0 takes a free one, which is the default. */
  readonly port?: number;
  /** Default `127.0.0.1`: nobody but this machine. */
  readonly host?: string;
}

export interface AgentServer {
  readonly port: number;
  /** `http://…`, without a slash at the end. */
  readonly url: string;
  /** `ws://…/v1/ws` */
  readonly wsUrl: string;
  readonly agent: LocalAgent;
  /** Everything that is said and heard; in this process only. */
  readonly events: AgentEventEmitter;
  /** Ends all sessions and connections, and gives the port back. */
  close(): Promise<void>;
}

/** @throws when the port is taken or the address is not this machine's */
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
    ...{ port, agent, events: agent.events },
    url: `http://${authority}`,
    wsUrl: `ws://${authority}/v1/ws`,
    close: async () => {
      agent.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
