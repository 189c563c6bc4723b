/** A complete WordPress in one temporary folder: files, database and web server. Changes nothing outside of it. */
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemblePlugin } from '../plugin.mjs';
import { startDatabase } from './database.mjs';
import { run, startProgram } from './programs.mjs';

const here = (file) => fileURLToPath(new URL(`./${file}`, import.meta.url));

/**
 * @typedef {object} SiteOptions
 * @property {string} core folder of an unpacked WordPress; it is copied
 * @property {number} port
 * @property {boolean} demo installs the plugin, fills in its settings, and creates a page with the block
 * @property {Record<string, unknown>} settings the plugin's settings, for the demo
 */

/**
 * @param {SiteOptions} options
 * @returns {Promise<{ url: string, password: string, folder: string, stop(): Promise<void> }>}
 */
export async function startWordPress({ core, port, demo, settings }) {
  const folder = await mkdtemp(join(tmpdir(), 'voice-agent-wordpress-'));
  const running = [];
  const stop = async () => {
    for (const program of running.reverse()) await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const root = join(folder, 'www');
    const url = `http://127.0.0.1:${port}`;
    const password = randomBytes(12).toString('base64url');
    await copyCore(core, root);
    await mkdir(join(root, 'wp-content/plugins'), { recursive: true });
    if (demo) await assemblePlugin(join(root, 'wp-content/plugins/voice-agent'));
    const database = await startDatabase(join(folder, 'database'));
    running.push(database);
    await writeFile(join(root, 'wp-config.php'), configuration(database.socket, url, folder));
    await runPhp('install.php', root, { SITE: JSON.stringify({ socket: database.socket, password }) });
    if (demo) await runPhp('demo.php', root, { SETTINGS: JSON.stringify(settings) });
    running.push(
      await startProgram('php', ['-S', `127.0.0.1:${port}`, '-t', root, here('router.php')], {
        // The editor sends several requests at once.
        env: { PHP_CLI_SERVER_WORKERS: '4' },
        isReady: () =>
          fetch(`${url}/wp-json/`).then(
            (response) => response.ok,
            () => false,
          ),
      }),
    );
    return { url, password, folder, stop };
  } catch (error) {
    const log = await readFile(join(folder, 'debug.log'), 'utf8').catch(() => '');
    await stop();
    // PHP reports its errors only there.
    throw new Error(`${error.message}\n${log.slice(-2000)}`, { cause: error });
  }
}

/** WordPress exits with code 0 even when it fails, so a final output marks success. */
async function runPhp(script, root, env) {
  const said = await run('php', ['-d', 'display_errors=stderr', here(script), root], env);
  if (!said.endsWith('done')) throw new Error(`${script} failed:\n${said}`);
}

/** Debian's files contain links to other packages; the copy has the files themselves. */
async function copyCore(core, root) {
  await mkdir(root);
  const parts = (await readdir(core)).filter(
    (part) => part.startsWith('wp-') || part.endsWith('.php') || part === 'index.php',
  );
  for (const part of parts) {
    if (part === 'wp-content' || part === 'wp-config.php') continue;
    await cp(join(core, part), join(root, part), { recursive: true, dereference: true });
  }
  const themes = join(core, 'wp-content/themes');
  await cp(themes, join(root, 'wp-content/themes'), { recursive: true, dereference: true });
}

/** Logs every PHP notice, and sends neither mail nor requests to wordpress.org. */
function configuration(socket, url, folder) {
  const constants = {
    DB_NAME: 'wordpress',
    DB_USER: 'root',
    DB_PASSWORD: '',
    DB_HOST: `localhost:${socket}`,
    DB_CHARSET: 'utf8mb4',
    DB_COLLATE: '',
    WP_HOME: url,
    WP_SITEURL: url,
    WP_DEBUG: true,
    WP_DEBUG_LOG: join(folder, 'debug.log'),
    WP_DEBUG_DISPLAY: false,
    // The page that WordPress shows instead does not name the error.
    WP_DISABLE_FATAL_ERROR_HANDLER: true,
    WP_HTTP_BLOCK_EXTERNAL: true,
    WP_ACCESSIBLE_HOSTS: '127.0.0.1,localhost,agents.assemblyai.com',
    AUTOMATIC_UPDATER_DISABLED: true,
    DISABLE_WP_CRON: true,
  };
  const salts = ['AUTH', 'SECURE_AUTH', 'LOGGED_IN', 'NONCE'].flatMap((name) =>
    ['KEY', 'SALT'].map((kind) => [`${name}_${kind}`, randomBytes(32).toString('base64')]),
  );
  const lines = [...Object.entries(constants), ...salts].map(
    ([name, value]) => `define( '${name}', ${typeof value === 'string' ? `'${value}'` : String(value)} );`,
  );
  return `<?php
${lines.join('\n')}
$table_prefix = 'wp_';
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
`;
}
