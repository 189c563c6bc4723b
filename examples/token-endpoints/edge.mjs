/**
 * The token endpoint on an edge runtime: a handler of the Fetch API, as Cloudflare Workers, Deno and Bun take it. The
 * key is a secret of the environment (`wrangler secret put ASSEMBLYAI_API_KEY`).
 */
import { answerTokenRequest, RateLimit, settingsFrom } from './mint.mjs';

/** Per instance. Across instances, bind a rate limiter and ask that one: `{ take: async (key) => (await env.LIMITER.limit({ key })).success }`. */
let limit;

export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname !== '/voice-token') return new Response(null, { status: 404 });
    const settings = settingsFrom(env);
    limit ??= new RateLimit(settings.perMinute);
    // Set by the edge itself; what a client sends under this name is overwritten.
    const visitor = request.headers.get('cf-connecting-ip') ?? 'unknown';
    return answerTokenRequest(request, visitor, settings, limit);
  },
};
