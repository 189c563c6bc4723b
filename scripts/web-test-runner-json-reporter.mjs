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
      const counts = { passed: 0, failed: 0, skipped: 0 };
      for (const session of sessions) {
        if (session.testResults) addSuite(counts, session.testResults);
        counts.failed += session.errors.length;
      }
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, JSON.stringify(counts));
    },
  };
}

/**
 * @param {{ passed: number, failed: number, skipped: number }} counts
 * @param {import('@web/test-runner').TestSuiteResult} suite
 */
function addSuite(counts, suite) {
  for (const test of suite.tests) counts[test.skipped ? 'skipped' : test.passed ? 'passed' : 'failed'] += 1;
  for (const inner of suite.suites) addSuite(counts, inner);
}
