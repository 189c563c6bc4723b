/** The token endpoint on Cloudflare Workers. All instances share one counter, a Durable Object (binding `VOICE_TOKENS`). */
import { DurableObject, env } from 'cloudflare:workers';
import { createTokenHandler, optionsFromEnvironment, takeShares } from 'voice-agent-element/token';

/** One object for all visitors. Its storage admits no other request between a read and a write. */
export class VoiceTokens extends DurableObject {
  async take(shares) {
    const taken = takeShares((await this.ctx.storage.get('taken')) ?? [], shares, Date.now());
    if (taken) await this.ctx.storage.put('taken', taken);
    return taken !== undefined;
  }
}

const limits = {
  take: (shares) => env.VOICE_TOKENS.get(env.VOICE_TOKENS.idFromName('all')).take(shares),
};
const voiceToken = createTokenHandler({ ...optionsFromEnvironment(env), limits });

export default { fetch: (request) => voiceToken(request) };
