import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './run-command.mjs';

await bootstrap();
const { ensureChromium } = await import('./find-browser.mjs');
process.env['CHROMIUM_PATH'] = await ensureChromium();
process.exitCode =
  (await runTypeScript('scripts/generate.ts')) ||
  (await runTypeScript('scripts/bundle.ts', ['--skip-type-check'])) ||
  (await runTypeScript('test/room/run.ts', process.argv.slice(2)));
