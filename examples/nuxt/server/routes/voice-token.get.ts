import { createTokenHandler, optionsFromEnvironment } from 'voice-agent-element/token';

/** Reads ASSEMBLYAI_API_KEY and ALLOWED_ORIGINS. */
const voiceToken = createTokenHandler(optionsFromEnvironment(process.env));

export default defineEventHandler((event) =>
  voiceToken(toWebRequest(event), { address: getRequestIP(event) }),
);
