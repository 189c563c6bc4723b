/**
 * `node scripts/run.mjs [--generate | --build] FILE …` installs the packages that are missing and runs a TypeScript
 * program of the checkout; before that, it brings `src/generated/` up to date, or builds `dist/` and finds a Chromium.
 */
import { bootstrap, prepareBuild } from './bootstrap.mjs';
import { runTypeScript } from './run-command.mjs';

const parameters = process.argv.slice(2);
const option = parameters[0]?.startsWith('--') ? parameters.shift() : undefined;
const [file = '', ...ofProgram] = parameters;
await bootstrap();
process.exitCode =
  (option === '--generate' && (await runTypeScript('scripts/generate.ts'))) ||
  (option === '--build' && (await prepareBuild())) ||
  (await runTypeScript(file, ofProgram));
