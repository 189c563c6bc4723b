import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './run-command.mjs';

await bootstrap();
process.exitCode = await runTypeScript('scripts/bundle.ts', process.argv.slice(2));
