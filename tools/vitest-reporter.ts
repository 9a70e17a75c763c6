import { writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import { oneLine, type Named, type VitestReport } from './test-report.ts';

interface Thrown {
  readonly name?: string;
  readonly message?: string;
}

const line = (error: Thrown | undefined): string => oneLine(error === undefined ? '' : `${error.name ?? 'Error'}: ${error.message ?? ''}`);

const testName = (test: TestCase): string => [test.module.relativeModuleId, ...test.fullName.split(' > ')].join(' › ');

/** Errors of a file or of its suites' hooks, which belong to no test. */
function outsideTests(module: TestModule): Named[] {
  const of = (owner: TestModule | TestSuite, name: string): Named[] =>
    owner.errors().map((error) => ({ name: `${name} (outside a test)`, error: line(error) }));
  return [
    ...of(module, module.relativeModuleId),
    ...[...module.children.allSuites()].flatMap((suite) => of(suite, `${module.relativeModuleId} › ${suite.fullName}`)),
  ];
}

/** Writes the outcome of a run, with the names of what failed, to Vitest's `--outputFile` of this reporter. */
export default class OutcomeReporter implements Reporter {
  #file = '';

  onInit(vitest: Vitest): void {
    const files = vitest.config.outputFile;
    this.#file = typeof files === 'object' ? (files['outcome'] ?? '') : '';
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly Thrown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const named = (test: TestCase): Named => ({ name: testName(test), error: line(test.result().errors?.[0]) });
    const failed = tests.filter((test) => test.result().state === 'failed');
    const passed = tests.filter((test) => test.result().state === 'passed');
    const report: VitestReport = {
      counts: { passed: passed.length, failed: failed.length, skipped: tests.length - passed.length - failed.length },
      failed: failed.map(named),
      again: passed.filter((test) => test.diagnostic()?.flaky).map(named),
      outside: [...modules.flatMap(outsideTests), ...unhandled.map((error) => ({ name: 'nobody caught', error: line(error) }))],
    };
    if (this.#file !== '') writeFileSync(this.#file, JSON.stringify(report));
  }
}
