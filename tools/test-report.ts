export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The closing line of a run. */
export function lastLine(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

/** A runner that fails without a failed test (a crash, no test found, an unhandled error) counts as one failure. */
function settle(counts: Counts, ok: boolean): Counts {
  return !ok && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** Counts of Vitest's JSON report; `ok` is whether its exit code was 0. */
export function vitestCounts(report: string | undefined, ok: boolean): Counts {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const data = JSON.parse(report) as { numPassedTests?: number; numFailedTests?: number; numPendingTests?: number; numTodoTests?: number };
  return settle({ passed: data.numPassedTests ?? 0, failed: data.numFailedTests ?? 0, skipped: (data.numPendingTests ?? 0) + (data.numTodoTests ?? 0) }, ok);
}

/** How many browser tests of a Playwright report passed at the second attempt only; the summary names them. */
export function secondAttempts(report: string | undefined): number {
  return report === undefined ? 0 : ((JSON.parse(report) as { stats?: { flaky?: number } }).stats?.flaky ?? 0);
}

/** Counts of Playwright's JSON report. A test that passed at the second attempt has passed; `secondAttempts` counts these apart. */
export function playwrightCounts(report: string | undefined, ok: boolean): Counts {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const data = JSON.parse(report) as { stats?: { expected?: number; unexpected?: number; flaky?: number; skipped?: number } };
  const stats = data.stats ?? {};
  return settle({ passed: (stats.expected ?? 0) + (stats.flaky ?? 0), failed: stats.unexpected ?? 0, skipped: stats.skipped ?? 0 }, ok);
}
