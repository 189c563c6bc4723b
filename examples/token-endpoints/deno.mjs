/** The token endpoint in Deno: `ASSEMBLYAI_API_KEY=… ALLOWED_ORIGINS=https://www.example.com npm run start:deno` */
import { createTokenHandler, optionsFromEnvironment } from 'voice-agent-element/token';

const voiceToken = createTokenHandler(optionsFromEnvironment(Deno.env.toObject()));

Deno.serve(
  {
    hostname: '127.0.0.1',
    port: Number(Deno.env.get('PORT') ?? 8080),
    onListen: ({ port }) => console.log(`Tokens: http://127.0.0.1:${port}/voice-token`),
  },
  voiceToken,
);
