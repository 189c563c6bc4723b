/** Builds dist/, finds a Chromium, and runs the TypeScript file that is named first with the other arguments. */
import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './run-command.mjs';

await bootstrap();
const { ensureChromium } = await import('./find-browser.mjs');
const [script = '', ...options] = process.argv.slice(2);
process.env['CHROMIUM_PATH'] = await ensureChromium();
process.exitCode =
  (await runTypeScript('scripts/generate.ts')) ||
  (await runTypeScript('scripts/bundle.ts', ['--skip-type-check'])) ||
  (await runTypeScript(script, options));
