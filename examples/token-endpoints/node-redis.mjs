/** The token endpoint in several processes that share the counts in one Redis: `REDIS_URL=redis://… npm run start:redis` */
import { serve } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import { createClient } from 'redis';
import { createTokenHandler, optionsFromEnvironment, redisLimits } from 'voice-agent-element/token';

// While Redis is unavailable, requests fail at once. They must not pile up, and no token is issued without being counted.
const redis = createClient({ url: process.env.REDIS_URL, disableOfflineQueue: true });
redis.on('error', (error) => console.error(`Redis: ${error.message || error.code}`));
await redis.connect();

const limits = redisLimits((script, keys, args) => redis.eval(script, { keys, arguments: args }));
const voiceToken = createTokenHandler({ ...optionsFromEnvironment(process.env), limits });
const app = new Hono();
app.all('/voice-token', (context) => voiceToken(context.req.raw, getConnInfo(context).remote));

serve(
  { fetch: app.fetch, hostname: process.env.HOST ?? '127.0.0.1', port: Number(process.env.PORT ?? 8080) },
  ({ port }) => console.log(`Tokens: http://127.0.0.1:${port}/voice-token`),
);
