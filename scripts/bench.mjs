import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './run-command.mjs';

await bootstrap();
process.exitCode =
  (await runTypeScript('scripts/generate.ts')) ||
  (await runTypeScript('test/bench/run.ts', process.argv.slice(2)));
