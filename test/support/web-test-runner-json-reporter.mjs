import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Reporter of @web/test-runner that writes what was counted:
 * `{ "passed": n, "failed": n, "skipped": n, "failures": ["test: message", …] }`. A test file
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
      const failed = tests.filter((test) => !test.passed && !test.skipped);
      const failures = [
        ...failed.map(({ name, error }) => `${name}: ${error?.message ?? ''}`),
        ...sessions.flatMap(({ testFile, errors }) => errors.map(({ message }) => `${testFile}: ${message}`)),
      ].map((each) => each.split('\n', 1)[0]);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify({ passed, skipped, failed: failures.length, failures }));
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
