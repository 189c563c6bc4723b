import { createTokenHandler, optionsFromEnvironment } from 'voice-agent-element/token';

/** Reads ASSEMBLYAI_API_KEY and ALLOWED_ORIGINS. */
const voiceToken = createTokenHandler(optionsFromEnvironment(process.env));

export const GET = ({ request, getClientAddress }) => voiceToken(request, { address: getClientAddress() });
