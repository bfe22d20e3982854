/** What a part of the test run came to, read from the vitest report. */

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export const NO_COUNTS: Counts = { passed: 0, failed: 0, skipped: 0 };

export function sum(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The closing line. */
export function countsLine(counts: Counts): string {
  const skipped = counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`;
  return `${counts.passed} passed, ${counts.failed} failed${skipped}`;
}

/** The fields read from vitest's JSON reporter. */
interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { status: string; assertionResults: unknown[] }[];
}

export interface PartEnd {
  /** `null` when it ended by a signal. */
  exitCode: number | null;
  /** The report's text; `null` when none was written. */
  report: string | null;
}

/**
 * Tests that never came to run fail as well: a file that does not load, an error outside any test, a part that is
 * empty or skips everything, a run that broke off before its report.
 */
export function countPart(end: PartEnd): Counts {
  const report = end.report === null ? null : parse(end.report);
  if (report === null) return { ...NO_COUNTS, failed: 1 };
  const unloaded = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  ).length;
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloaded,
    skipped: report.numPendingTests + report.numTodoTests,
  };
  const hiddenFailure = counts.failed === 0 && (end.exitCode !== 0 || counts.passed === 0);
  return hiddenFailure ? { ...counts, failed: 1 } : counts;
}

function parse(text: string): VitestReport | null {
  try {
    const value = JSON.parse(text) as Partial<VitestReport>;
    return typeof value.numPassedTests === 'number' && Array.isArray(value.testResults)
      ? (value as VitestReport)
      : null;
  } catch {
    // Broken off while it was being written.
    return null;
  }
}
