/**
 * The token endpoint on Cloudflare Workers. The key is a secret of the environment (`wrangler secret put
 * ASSEMBLYAI_API_KEY`), the other options are its variables. Each instance counts separately;
 * edge-durable-object.mjs counts for all together.
 */
import { env } from 'cloudflare:workers';
import { createTokenHandler, optionsFromEnvironment } from 'voice-agent-element/token';

const voiceToken = createTokenHandler(optionsFromEnvironment(env));

export default { fetch: (request) => voiceToken(request) };
