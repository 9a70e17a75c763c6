export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** A test, or what else went wrong, with one line of its error. */
export interface Named {
  readonly name: string;
  readonly error: string;
}

/** What a group came to: its counts, what failed, and what passed at the second attempt only. */
export interface Outcome {
  readonly counts: Counts;
  readonly failed: readonly Named[];
  readonly again: readonly Named[];
}

/** What the group's reporter wrote for `npm test`; see vitest-reporter.ts. */
export interface VitestReport extends Outcome {
  /** Errors outside any test: of a file, a hook, a worker, or nobody's. */
  readonly outside: readonly Named[];
}

const MOST_NAMED = 20;
const LONGEST_ERROR = 200;
const NO_TEST = 'the runner failed, no test did';

export function addCounts(a: Counts, b: Counts): Counts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** The closing line of a run. */
export function lastLine(counts: Counts): string {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

/** The first line of a text that says something, without colours, at most 200 characters. */
export function oneLine(text: string): string {
  const plain = text.replaceAll(/\u001b\[[0-9;]*m/g, '');
  const line = plain.split('\n').find((candidate) => candidate.trim() !== '')?.trim() ?? '';
  return line.length > LONGEST_ERROR ? `${line.slice(0, LONGEST_ERROR - 1)}…` : line;
}

/** The outcome of a runner that left no report; `output` is what it printed, the last line of which is told. */
export function crashed(output: string): Outcome {
  const last = output.split('\n').map(oneLine).filter((line) => line !== '').at(-1) ?? '';
  return { counts: { passed: 0, failed: 1, skipped: 0 }, failed: [{ name: NO_TEST, error: last }], again: [] };
}

/** A runner that fails without a failed test (no test found, an error outside a test) counts as one failure, which says so. */
function settle(outcome: Outcome, ok: boolean, outside: readonly Named[], output: string): Outcome {
  if (ok || outcome.counts.failed > 0) return { ...outcome, failed: [...outcome.failed, ...outside] };
  const failed = outside.map(({ name, error }) => ({ name: `${NO_TEST}: ${name}`, error }));
  return { ...outcome, counts: { ...outcome.counts, failed: 1 }, failed: failed.length > 0 ? failed : crashed(output).failed };
}

/** The outcome of a Vitest group; `ok` is whether its exit code was 0, `output` what it printed. */
export function vitestOutcome(report: string | undefined, ok: boolean, output: string): Outcome {
  if (report === undefined) return crashed(output);
  const { outside, ...outcome } = JSON.parse(report) as VitestReport;
  return settle(outcome, ok, outside, output);
}

interface PlaywrightSuite {
  readonly title: string;
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly tests: readonly { readonly status: string; readonly results: readonly { readonly error?: { readonly message?: string } }[] }[];
  }[];
}

/** Every test of a Playwright report that ended with this status, with its first error. The outermost titles are the files. */
function namedTests(suites: readonly PlaywrightSuite[], status: 'unexpected' | 'flaky', above: readonly string[] = []): Named[] {
  return suites.flatMap((suite) => {
    const titles = [...above, suite.title];
    const own = (suite.specs ?? []).flatMap((spec) =>
      spec.tests
        .filter((test) => test.status === status)
        .map((test) => ({ name: [...titles, spec.title].join(' › '), error: oneLine(test.results.find((result) => result.error)?.error?.message ?? '') })),
    );
    return [...own, ...namedTests(suite.suites ?? [], status, titles)];
  });
}

/** The outcome of Playwright's JSON report. A test that passed at the second attempt has passed, and is named apart. */
export function playwrightOutcome(report: string | undefined, ok: boolean, output: string): Outcome {
  if (report === undefined) return crashed(output);
  const data = JSON.parse(report) as {
    stats?: { expected?: number; unexpected?: number; flaky?: number; skipped?: number };
    suites?: readonly PlaywrightSuite[];
    errors?: readonly { message?: string }[];
  };
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = data.stats ?? {};
  const suites = data.suites ?? [];
  const outcome = {
    counts: { passed: expected + flaky, failed: unexpected, skipped },
    failed: namedTests(suites, 'unexpected'),
    again: namedTests(suites, 'flaky'),
  };
  const outside = (data.errors ?? []).map((error) => ({ name: 'outside a test', error: oneLine(error.message ?? '') }));
  return settle(outcome, ok, outside, output);
}

/** The lines that name, per group, what failed or passed at the second attempt only: at most 20 of a group, each with its error. */
export function namingLines(title: string, groups: readonly { readonly group: string; readonly named: readonly Named[] }[]): string[] {
  const lines = groups.flatMap(({ group, named }) => {
    const shown = named.slice(0, MOST_NAMED).flatMap(({ name, error }) => [`  ${group}: ${name}`, ...(error === '' ? [] : [`      ${error}`])]);
    return named.length > MOST_NAMED ? [...shown, `  ${group}: and ${named.length - MOST_NAMED} more`] : shown;
  });
  return lines.length === 0 ? [] : [title, ...lines];
}
