/** The token endpoint in Bun: `ASSEMBLYAI_API_KEY=… ALLOWED_ORIGINS=https://www.example.com npm run start:bun` */
import { createTokenHandler, optionsFromEnvironment } from 'voice-agent-element/token';

const voiceToken = createTokenHandler(optionsFromEnvironment(process.env));

const { port } = Bun.serve({ hostname: '127.0.0.1', port: process.env.PORT ?? 8080, fetch: voiceToken });
console.log(`Tokens: http://127.0.0.1:${port}/voice-token`);
