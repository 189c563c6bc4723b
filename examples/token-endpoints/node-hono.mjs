/** The token endpoint in Node: `ASSEMBLYAI_API_KEY=… ALLOWED_ORIGINS=https://www.example.com npm start` */
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { answerTokenRequest, settingsFrom } from './mint.mjs';
import { RateLimit } from './rate-limit.mjs';

const settings = settingsFrom(process.env);
const limit = new RateLimit(settings);

const app = new Hono();
app.all('/voice-token', (context) => {
  // Behind a proxy of your own this is the proxy: take the address from the header which that proxy sets.
  const address = getConnInfo(context).remote.address ?? 'unknown';
  return answerTokenRequest(context.req.raw, address, settings, limit);
});

serve(
  { fetch: app.fetch, hostname: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? 8080) },
  (info) => console.log(`Tokens: http://127.0.0.1:${info.port}/voice-token`),
);
