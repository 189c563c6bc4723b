import { bootstrap } from './bootstrap.mjs';
import { runCommand, runTypeScript } from './run-command.mjs';

await bootstrap();
// First, and in a process of its own: the bundler's own modules import what it makes.
process.exitCode =
  (await runTypeScript('scripts/generate.ts')) ||
  (await runTypeScript('scripts/bundle.ts', process.argv.slice(2))) ||
  (await runCommand('npm', ['run', 'build', '--workspace', 'agent', '--silent']));
