import { describe, expect, it } from 'vitest';
import { addCounts, crashed, lastLine, namingLines, oneLine, playwrightOutcome, vitestOutcome } from './test-report.ts';

const PASSED = JSON.stringify({ counts: { passed: 3, failed: 0, skipped: 0 }, failed: [], again: [], outside: [] });

describe('test report', () => {
  it('counts a runner that left no report as a failure, with the last line it printed', () => {
    const outcome = vitestOutcome(undefined, false, 'starting\n\u001b[31mkilled by signal\u001b[39m\n\n');
    expect(outcome.counts).toEqual({ passed: 0, failed: 1, skipped: 0 });
    expect(outcome.failed).toEqual([{ name: 'the runner failed, no test did', error: 'killed by signal' }]);
  });

  it('says of a runner that fails although every test passed that no test did, and why', () => {
    expect(vitestOutcome(PASSED, false, 'last words').failed).toEqual([{ name: 'the runner failed, no test did', error: 'last words' }]);
    const caught = JSON.stringify({ ...(JSON.parse(PASSED) as object), outside: [{ name: 'nobody caught', error: 'Error: boom' }] });
    const outcome = vitestOutcome(caught, false, '');
    expect(outcome.counts).toEqual({ passed: 3, failed: 1, skipped: 0 });
    expect(outcome.failed).toEqual([{ name: 'the runner failed, no test did: nobody caught', error: 'Error: boom' }]);
    expect(vitestOutcome(PASSED, true, '').failed).toEqual([]);
  });

  it('counts a browser test that passed at the second attempt as passed, and names it apart', () => {
    const report = {
      stats: { expected: 4, flaky: 1, skipped: 2, unexpected: 1 },
      suites: [
        {
          title: 'map.spec.ts',
          specs: [{ title: 'draws', tests: [{ status: 'expected', results: [{}] }] }],
          suites: [
            {
              title: 'pins',
              specs: [
                { title: 'cluster', tests: [{ status: 'flaky', results: [{ error: { message: '\u001b[31mno pin\u001b[39m\nCall log' } }, {}] }] },
                { title: 'open', tests: [{ status: 'unexpected', results: [{ error: { message: '\n  not open\nmore' } }] }] },
              ],
            },
          ],
        },
      ],
    };
    const outcome = playwrightOutcome(JSON.stringify(report), false, '');
    expect(outcome.counts).toEqual({ passed: 5, failed: 1, skipped: 2 });
    expect(outcome.again).toEqual([{ name: 'map.spec.ts › pins › cluster', error: 'no pin' }]);
    expect(outcome.failed).toEqual([{ name: 'map.spec.ts › pins › open', error: 'not open' }]);
  });

  it('cuts an error to one line of at most 200 characters', () => {
    expect(oneLine(`\n${'x'.repeat(300)}\nsecond`)).toHaveLength(200);
    expect(oneLine('')).toBe('');
  });

  it('names at most twenty of a group, each with its error, and nothing where nothing failed', () => {
    const many = Array.from({ length: 23 }, (_, index) => ({ name: `test ${index}`, error: index === 0 ? 'broke' : '' }));
    const lines = namingLines('failed', [
      { group: 'unit', named: many },
      { group: 'browser', named: crashed('').failed },
    ]);
    expect(lines.slice(0, 4)).toEqual(['failed', '  unit: test 0', '      broke', '  unit: test 1']);
    expect(lines.slice(-3)).toEqual(['  unit: test 19', '  unit: and 3 more', '  browser: the runner failed, no test did']);
    expect(namingLines('failed', [{ group: 'unit', named: [] }])).toEqual([]);
  });

  it('ends with one line that adds everything up', () => {
    expect(lastLine(addCounts({ passed: 1, failed: 0, skipped: 2 }, { passed: 3, failed: 1, skipped: 0 }))).toBe('4 passed, 1 failed, 2 skipped');
  });
});
