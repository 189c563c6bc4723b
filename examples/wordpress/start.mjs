/**
 * A real WordPress with the plugin, in a temporary folder that is deleted when it stops.
 *
 *   npm start                 http://127.0.0.1:8080/talk/, against the local agent (npx voice-agent-local)
 *   npm start -- --bare       a WordPress without the plugin: upload its zip, fill in its settings and insert the block
 *
 * With ASSEMBLYAI_API_KEY it uses the live service. If port 8080 is in use, it takes another. ASSEMBLYAI_REGION (us or eu),
 * PORT, ASSEMBLYAI_TOKEN_URL and ASSEMBLYAI_WS_URL change the addresses.
 * WORDPRESS_DIR is the folder of a WordPress other than Debian's, e.g. one unpacked from wordpress.org.
 */
import { freePort, missingPackages } from './site/programs.mjs';
import { startWordPress } from './site/wordpress.mjs';

const core = process.env.WORDPRESS_DIR ?? '/usr/share/wordpress';
const key = process.env.ASSEMBLYAI_API_KEY ?? 'local';
const region = process.env.ASSEMBLYAI_REGION ? `.${process.env.ASSEMBLYAI_REGION}` : '';
const service = key === 'local' ? '127.0.0.1:8787' : `agents${region}.assemblyai.com`;
const secure = key === 'local' ? '' : 's';
const demo = !process.argv.includes('--bare');

const missing = await missingPackages(core);
if (missing.length > 0) {
  console.error(`This needs packages that are not here: sudo apt-get install ${missing.join(' ')}`);
  process.exit(1);
}
const starting = startWordPress({
  core,
  port: Number(process.env.PORT) || (await freePort(process.env.PORT === undefined ? 8080 : 0)),
  demo,
  settings: {
    api_key: key,
    token_url: process.env.ASSEMBLYAI_TOKEN_URL ?? `http${secure}://${service}/v1/token`,
    ws_url: process.env.ASSEMBLYAI_WS_URL ?? `ws${secure}://${service}/v1/ws`,
  },
});
let ending;
// A site that is still starting is stopped as soon as that is possible. A second signal does not leave its folder behind.
for (const signal of ['SIGINT', 'SIGTERM'])
  process.on(signal, () => (ending ??= starting.then((site) => site.stop()).then(() => process.exit(0))));
const site = await starting.catch((error) => {
  console.error(error.message);
  process.exit(1);
});
console.log(
  `${demo ? `Talk here:      ${site.url}/talk/\n` : ''}The site:       ${site.url}/
Administration: ${site.url}/wp-admin/  admin  ${site.password}
Folder:         ${site.folder}`,
);
