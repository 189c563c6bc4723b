import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Reporter of @web/test-runner that writes what was counted: `{ "passed": n, "failed": n, "skipped": n }`. A test file
 * that does not load, and a page that reports an error outside any test, each count as one failed test.
 *
 * @param {string} file
 * @returns {import('@web/test-runner').Reporter}
 */
export function webTestRunnerJsonReporter(file) {
  return {
    onTestRunFinished({ sessions }) {
      const tests = sessions.flatMap(({ testResults }) => (testResults ? testsOf(testResults) : []));
      const skipped = tests.filter((test) => test.skipped).length;
      const passed = tests.filter((test) => test.passed && !test.skipped).length;
      const errors = sessions.flatMap((session) => session.errors).length;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(
        file,
        JSON.stringify({ passed, skipped, failed: tests.length - passed - skipped + errors }),
      );
    },
  };
}

/**
 * @param {import('@web/test-runner').TestSuiteResult} suite
 * @returns {import('@web/test-runner').TestResult[]}
 */
function testsOf({ tests, suites }) {
  return [...tests, ...suites.flatMap(testsOf)];
}
