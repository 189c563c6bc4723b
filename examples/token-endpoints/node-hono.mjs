/** The token endpoint in Node: `ASSEMBLYAI_API_KEY=… ALLOWED_ORIGINS=https://www.example.com npm start` */
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { createTokenHandler, optionsFromEnvironment } from 'voice-agent-element/token';

const voiceToken = createTokenHandler(optionsFromEnvironment(process.env));
const app = new Hono();
// Behind your own proxy, `remote` is the proxy. Pass `{ address }` from the header that this proxy overwrites.
app.all('/voice-token', (context) => voiceToken(context.req.raw, getConnInfo(context).remote));

serve(
  { fetch: app.fetch, hostname: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? 8080) },
  ({ port }) => console.log(`Tokens: http://127.0.0.1:${port}/voice-token`),
);
