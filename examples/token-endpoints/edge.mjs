/**
 * The token endpoint on Cloudflare Workers. The key is a secret of the environment (`wrangler secret put
 * ASSEMBLYAI_API_KEY`), the rest are its variables.
 *
 * Elsewhere a visitor can write `cf-connecting-ip` into a request and would be counted under any address: on another
 * runtime, hand `answerTokenRequest` the address that this runtime itself tells you (Deno: `info.remoteAddr.hostname`,
 * Bun: `server.requestIP(request).address`).
 */
import { answer, answerTokenRequest, settingsFrom } from './mint.mjs';
import { RateLimit } from './rate-limit.mjs';

/** Per instance. Across instances, bind a rate limiter and ask that one: `{ take: async (key) => (await env.LIMITER.limit({ key })).success }`. */
let limit;

export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname !== '/voice-token') return new Response(null, { status: 404 });
    let settings;
    try {
      settings = settingsFrom(env);
    } catch (error) {
      console.error(error.message);
      return answer(500, { error: 'The endpoint is not set up.' });
    }
    limit ??= new RateLimit(settings);
    // Set by Cloudflare itself; what a client sends under this name is overwritten.
    const address = request.headers.get('cf-connecting-ip') ?? 'unknown';
    return answerTokenRequest(request, address, settings, limit);
  },
};
