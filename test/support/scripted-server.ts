/**
 * A server of the Voice Agent API that sends only the messages that a test specifies, when the test says so. Use it if
 * the time or the order of messages matters, and the local agent for conversations.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { ScriptedCall, type Manners } from './scripted-call.js';

/** Listens on a free port of 127.0.0.1. */
export class ScriptedServer implements AsyncDisposable {
  /** Every connection so far. */
  readonly calls: ScriptedCall[] = [];
  /** For connections from now on. */
  manners: Manners;
  /** How long accepting a connection takes. */
  connectMs = 0;
  readonly #http: Server;
  readonly #sockets: WebSocketServer;
  readonly #waiting = new Map<number, (call: ScriptedCall) => void>();

  private constructor(http: Server, manners: Manners) {
    this.#http = http;
    this.manners = manners;
    this.#sockets = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, socket, head) => {
      if (this.manners === 'refuse') {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      const upgrade = (): void =>
        this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
          const token = new URL(request.url ?? '/', 'ws://127.0.0.1').searchParams.get('token');
          const call = new ScriptedCall(webSocket, token, this.manners);
          this.calls.push(call);
          this.#waiting.get(this.calls.length)?.(call);
        });
      if (this.connectMs > 0) setTimeout(upgrade, this.connectMs);
      else upgrade();
    });
  }

  /** Starts a server. */
  static async listen(manners: Manners = 'polite'): Promise<ScriptedServer> {
    const http = createServer((_request, response) => response.writeHead(404).end());
    const server = new ScriptedServer(http, manners);
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    return server;
  }

  /** For the `server-url` attribute. */
  get url(): string {
    return `ws://127.0.0.1:${(this.#http.address() as AddressInfo).port}/v1/ws`;
  }

  /** Waits for the nth connection, counted from 1. */
  call(number = 1): Promise<ScriptedCall> {
    const present = this.calls[number - 1];
    if (present) return Promise.resolve(present);
    return new Promise((resolve) => this.#waiting.set(number, resolve));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#http.close();
    this.#http.closeAllConnections();
    await once(this.#http, 'close');
  }
}
