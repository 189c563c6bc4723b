/**
 * The token endpoint on Cloudflare Workers. The key is a secret of the environment (`wrangler secret put
 * ASSEMBLYAI_API_KEY`), the rest are its variables. It counts in one instance; edge-durable-object.mjs counts in all.
 */
import { env } from 'cloudflare:workers';
import { createTokenHandler, optionsFromEnvironment } from 'voice-agent-element/token';

const voiceToken = createTokenHandler(optionsFromEnvironment(env));

export default { fetch: (request) => voiceToken(request) };
