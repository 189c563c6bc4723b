import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './run-command.mjs';

await bootstrap();
process.exitCode =
  (await runTypeScript('scripts/generate.ts')) ||
  (await runTypeScript('agent/cli.ts', process.argv.slice(2)));
