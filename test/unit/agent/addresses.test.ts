import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isLoopbackHost } from '../../../agent/http-endpoints.js';
import { startAgent, type AgentServer } from '../../../agent/server.js';
import { AgentClient } from './agent-client.js';

let server: AgentServer;
beforeEach(async () => {
  server = await startAgent();
});
afterEach(() => server.close());

test.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['127.1.2.3', true],
  ['::1', true],
  ['[::1]', true],
  ['0:0:0:0:0:0:0:1', true],
  ['eu.localhost', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.2', false],
  ['localhost.evil.example', false],
])('%s is this machine alone: %s', (name, expected) => {
  expect(isLoopbackHost(name)).toBe(expected);
});

test('on ::1 it checks the host name, as on any other address of this machine', async () => {
  const other = await startAgent({ host: '::1' });
  const statusOf = (host: string): Promise<number> =>
    new Promise((resolve, reject) => {
      request({ host: '::1', port: other.port, path: '/voice-token', headers: { host } }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
  try {
    expect(await statusOf('rebound.example')).toBe(403);
    expect(await statusOf(`[::1]:${other.port}`)).toBe(200);
  } finally {
    await other.close();
  }
});

test('a token and a stored agent are valid in their own region only', async () => {
  const [, port] = server.url.split(/:(?=\d+$)/);
  const inRegion = async (host: string, token: string, agentId: string): Promise<unknown> => {
    const client = new AgentClient(`${server.wsUrl}?token=${token}`, { host: `${host}:${port!}` });
    await client.open();
    client.send({ type: 'session.update', session: { agent_id: agentId } });
    const find = (type: string) => client.ofType(type)[0]?.message;
    const answer = await client.until(() => find('session.error') ?? find('session.ready'), 'an answer');
    return answer.code ?? 'ready';
  };
  const token = async (host: string): Promise<string> =>
    new Promise((resolve, reject) => {
      request({ port, path: '/voice-token', headers: { host: `${host}:${port!}` } }, (response) => {
        response.on('data', (data: Buffer) => {
          resolve((JSON.parse(data.toString()) as { token: string }).token);
        });
      })
        .on('error', reject)
        .end();
    });
  expect(await inRegion('eu.localhost', await token('eu.localhost'), 'demo-eu')).toBe('ready');
  expect(await inRegion('eu.localhost', await token('eu.localhost'), 'demo-us')).toBe('agent_not_found');
  expect(await inRegion('localhost', await token('localhost'), 'demo-us')).toBe('ready');
  expect(await inRegion('eu.localhost', await token('us.localhost'), 'demo')).toBe('unauthorized');
});
