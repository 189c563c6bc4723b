/** `npm run start:edge`: edge.mjs in workerd, the runtime of Cloudflare Workers, on this machine. */
import { fileURLToPath } from 'node:url';
import { Miniflare } from 'miniflare';
import { settingsFrom } from './mint.mjs';

// Said here, too: a Worker only logs it, with the first request.
settingsFrom(process.env);
const isSetting = ([name]) =>
  /^(ASSEMBLYAI_|ALLOWED_ORIGINS$|TOKENS_PER_MINUTE|MAX_SESSION_SECONDS$)/.test(name);
const edge = new Miniflare({
  modules: ['edge.mjs', 'mint.mjs', 'rate-limit.mjs'].map((file) => ({
    type: 'ESModule',
    path: fileURLToPath(new URL(file, import.meta.url)),
  })),
  modulesRoot: fileURLToPath(new URL('.', import.meta.url)),
  bindings: Object.fromEntries(Object.entries(process.env).filter(isSetting)),
  compatibilityDate: '2026-01-01',
  host: '127.0.0.1',
  port: Number(process.env.PORT ?? 8080),
});
console.log(`Tokens: ${new URL('/voice-token', await edge.ready).href}`);
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => void edge.dispose().then(() => process.exit(0)));
