import { describe, expect, it } from 'vitest';
import { addCounts, lastLine, playwrightCounts, secondAttempts, vitestCounts } from './test-report.ts';

describe('test report', () => {
  it('counts a crashed runner as a failure', () => {
    expect(vitestCounts(undefined, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(vitestCounts('{"numPassedTests":3,"numFailedTests":0}', false)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it('counts a browser test that passed at the second attempt as passed, and apart', () => {
    expect(playwrightCounts('{"stats":{"expected":4,"flaky":1,"skipped":2}}', true)).toEqual({ passed: 5, failed: 0, skipped: 2 });
    expect(secondAttempts('{"stats":{"expected":4,"flaky":1,"skipped":2}}')).toBe(1);
  });

  it('ends with one line that adds everything up', () => {
    expect(lastLine(addCounts({ passed: 1, failed: 0, skipped: 2 }, { passed: 3, failed: 1, skipped: 0 }))).toBe('4 passed, 1 failed, 2 skipped');
  });
});
