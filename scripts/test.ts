/**
 * `npm test`: everything that shows that the project works, the quickest suites first; no assertion depends on how fast
 * the machine is. `npm run test:long` has what takes longer. The last line is `N passed, N failed`.
 * `npm test -- --only unit,browser` runs some of it.
 */
import { runTypeScript } from './run-command.mjs';
import { check, chosenStages, playwright, runStages, tool, vitest, webTestRunner } from './suites.js';
import { typeCheck } from './type-check.mjs';

const FORMAT = ['--check', '--log-level', 'warn', '.'];
const STAGES = [
  [
    { name: 'types', run: check(typeCheck) },
    { name: 'format', run: check(() => tool('prettier/bin/prettier.cjs', FORMAT)) },
  ],
  [
    { name: 'unit', run: vitest() },
    { name: 'lint', run: check(() => tool('eslint/bin/eslint.js', ['.', '--max-warnings', '0'])) },
  ],
  [
    { name: 'build', run: check(() => runTypeScript('scripts/bundle.ts', ['--skip-type-check'])) },
    { name: 'browser', run: webTestRunner('web-test-runner.config.mjs') },
    { name: 'looks', run: playwright(['-c', 'test/looks/playwright.config.ts', '--project=looks']) },
  ],
  [{ name: 'e2e', run: playwright(['--project=e2e']) }],
];

const stages = chosenStages(STAGES);
if ((await runTypeScript('scripts/generate.ts')) !== 0)
  console.error('Generating failed; what follows will too.');
await runStages(stages);
