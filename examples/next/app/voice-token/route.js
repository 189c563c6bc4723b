import { createTokenHandler, optionsFromEnvironment } from 'voice-agent-element/token';

/** Reads ASSEMBLYAI_API_KEY and ALLOWED_ORIGINS. */
export const GET = createTokenHandler(optionsFromEnvironment(process.env));
