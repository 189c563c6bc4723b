/** `npm run start:edge`: edge.mjs in workerd, the runtime of Cloudflare Workers, on this machine. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';
import { createTokenHandler, optionsFromEnvironment } from 'voice-agent-element/token';

// Checked here, too, because a Worker reports a wrong variable only in its log, at the first request.
createTokenHandler(optionsFromEnvironment(process.env));
const [worker = 'edge.mjs'] = process.argv.slice(2);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const isSetting = ([name]) =>
  /^(ASSEMBLYAI_|ALLOWED_ORIGINS$|TOKENS_PER_MINUTE|MAX_SESSION_SECONDS$)/.test(name);
const edge = new Miniflare({
  // `wrangler` bundles the package into the Worker. Here it is a separate module.
  modules: [
    { type: 'ESModule', path: here(worker) },
    {
      type: 'ESModule',
      path: here('voice-agent-element/token'),
      contents: readFileSync(fileURLToPath(import.meta.resolve('voice-agent-element/token'))),
    },
  ],
  modulesRoot: here('.'),
  bindings: Object.fromEntries(Object.entries(process.env).filter(isSetting)),
  durableObjects: worker === 'edge.mjs' ? {} : { VOICE_TOKENS: 'VoiceTokens' },
  compatibilityDate: '2026-01-01',
  host: '127.0.0.1',
  port: Number(process.env.PORT ?? 8080),
});
console.log(`Tokens: ${new URL('/voice-token', await edge.ready).href}`);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void edge.dispose().then(() => process.exit(0)));
