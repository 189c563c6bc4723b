/**
 * `npm test`: everything that shows that the project works, in order from cheap to dear; no assertion depends on how fast
 * the machine is. `npm run test:long` has what takes longer. The last line is `N passed, N failed`.
 * `npm test -- --only unit,browser` runs some of it.
 */
import { bootstrap } from './bootstrap.mjs';
import { runTypeScript } from './run-command.mjs';
import {
  check,
  chosenStages,
  runPlaywright,
  runStages,
  runVitest,
  runWebTestRunner,
  tool,
} from './suites.mjs';
import { typeCheck } from './type-check.mjs';

const STAGES = [
  [
    { name: 'types', run: () => check(typeCheck) },
    {
      name: 'format',
      run: () => check(() => tool('prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])),
    },
  ],
  [{ name: 'unit', run: () => runVitest('vitest.json') }],
  [
    { name: 'lint', run: () => check(() => tool('eslint/bin/eslint.js', ['.', '--max-warnings', '0'])) },
    {
      name: 'build',
      run: () => check(async () => (await runTypeScript('scripts/bundle.ts', ['--skip-type-check'])) === 0),
    },
  ],
  [
    { name: 'browser', run: () => runWebTestRunner('browser.json', 'web-test-runner.config.mjs') },
    { name: 'looks', run: () => runPlaywright('looks.json', ['-c', 'test/looks/playwright.config.ts']) },
  ],
  [{ name: 'e2e', run: () => runPlaywright('e2e.json', ['--project=e2e']) }],
];

const stages = chosenStages(STAGES);
await bootstrap();
if ((await runTypeScript('scripts/generate.ts')) !== 0)
  console.error('Generating failed; what follows will too.');
await runStages(stages);
