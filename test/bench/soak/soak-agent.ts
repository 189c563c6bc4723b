/** A proxy for the local agent, which drops every connection and changes which tokens resume a session. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startAgent } from '../../../agent/server.js';

const CUT_EVERY_S = 20;

/** In turn, for each resumed connection. */
const FAULTS = ['', 'resume=token', 'resume=fresh,cut-code=1000', 'resume=refuse', 'cut-code=1012'];

export async function startSoakAgent() {
  const { agent, events, close } = await startAgent();
  let returns = 0;
  events.on('server-message', ({ message }) => {
    if (message.type === 'session.ready') returns++;
  });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' });
    response.end(JSON.stringify({ token: agent.mintToken(), ws_url: `ws://127.0.0.1:${port()}/v1/ws` }));
  });
  const port = (): number => (server.address() as AddressInfo).port;
  server.on('upgrade', (request, socket, head) => {
    const address = new URL(request.url ?? '', 'ws://agent.test');
    address.searchParams.set('fault', `cut=${CUT_EVERY_S},${FAULTS[returns % FAULTS.length]}`);
    request.url = address.pathname + address.search;
    if (!agent.handleUpgrade(request, socket, head)) socket.destroy();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    events,
    tokenUrl: `http://127.0.0.1:${port()}/`,
    close: async (): Promise<void> => {
      await close();
      server.closeAllConnections();
      server.close();
    },
  };
}
