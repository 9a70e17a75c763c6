import '#tools/guard.ts';
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { BENCHES } from './index.ts';
import { resultTable } from './table.ts';
import type { BenchResult } from './types.ts';

const USAGE = `usage: npm run bench [-- [NAME…] [--json FILE] [--quick] [--strict] [--points N]]

Runs the benches named, or all. Figures stand beside the baseline of the same run; compare ratios, since machines differ.
--json FILE  also writes the results as JSON    --quick  short rounds, to see that everything runs
--strict     ends with 1 where a goal is not reached    --points N  size of the store that is read from

${BENCHES.map(({ name, describe }) => `${name.padEnd(12)} ${describe}`).join('\n')}`;

function fail(message: string): never {
  console.error(`${message}\n\n${USAGE}`);
  process.exit(2);
}

function readArguments(): { names: string[]; json: string | undefined; quick: boolean; strict: boolean; points: number | undefined; help: boolean } {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' }, quick: { type: 'boolean', default: false }, strict: { type: 'boolean', default: false }, points: { type: 'string' }, help: { type: 'boolean', default: false } } });
    return { names: positionals, json: values.json, quick: values.quick, strict: values.strict, points: values.points === undefined ? undefined : Number(values.points), help: values.help };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { names, json, quick, strict, points, help } = readArguments();
if (help) {
  console.log(USAGE);
  process.exit(0);
}
const unknown = names.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) fail(`No such bench: ${unknown.join(', ')}.`);

const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version, platform: `${process.platform} ${process.arch}` };
console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${quick ? '; quick run, figures are not to be quoted' : ''}`);
const benches: { name: string; describe: string; seconds: number; results: readonly BenchResult[]; error?: string }[] = [];
let failed = false;
for (const bench of BENCHES.filter(({ name }) => names.length === 0 || names.includes(name))) {
  console.log(`\n${bench.name}: ${bench.describe}`);
  const start = performance.now();
  let results: readonly BenchResult[] = [];
  let error: string | undefined;
  try {
    results = await bench.run({ quick, ...(points === undefined ? {} : { points }), say: (text) => console.log(`  … ${text}`) });
    console.log(resultTable(results));
  } catch (problem) {
    error = problem instanceof Error ? problem.stack ?? problem.message : String(problem);
    console.error(`  failed: ${error}`);
  }
  failed ||= error !== undefined || (strict && results.some(({ reached }) => reached === false));
  benches.push({ name: bench.name, describe: bench.describe, seconds: (performance.now() - start) / 1000, results, ...(error === undefined ? {} : { error }) });
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, quick, startedAt: new Date(Date.now() - performance.now()).toISOString(), benches }, undefined, 2)}\n`);
process.exitCode = failed ? 1 : 0;
