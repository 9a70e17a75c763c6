import './guard.ts';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS, run, runCheck } from './checks.ts';
import { CHROMIUM, ensureTool, MOSQUITTO } from './system.ts';
import { addCounts, lastLine, playwrightCounts, secondAttempts, type Counts, vitestCounts } from './test-report.ts';

/**
 * `npm test [-- GROUP…]`: every group, then a summary. A group that cannot run here is listed as skipped with the reason;
 * the last line adds up all groups.
 */
const GROUPS = ['types', 'layers', 'lint', 'unit', 'renderer', 'integration', 'mosquitto', 'browser'] as const;
type Group = (typeof GROUPS)[number];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(GROUPS as readonly string[]).includes(name));
if (unknown.length > 0) {
  console.error(`No such group: ${unknown.join(', ')}. There are: ${GROUPS.join(', ')}.`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'command-center-test-'));
const summary: { group: Group; counts: Counts; seconds: number; note?: string }[] = [];

async function staticGroup(group: 'types' | 'layers' | 'lint'): Promise<Counts> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const check of CHECKS.filter((candidate) => candidate.group === group)) {
    const result = await runCheck(check);
    console.log(`  ${result.ok ? 'ok  ' : 'FAIL'} ${check.title} (${(result.milliseconds / 1000).toFixed(1)} s)`);
    if (!result.ok) console.log(result.output);
    counts[result.ok ? 'passed' : 'failed']++;
  }
  return counts;
}

async function vitestGroup(group: Group, env: NodeJS.ProcessEnv): Promise<Counts> {
  const file = join(folder, `${group}.json`);
  const result = await run('vitest', ['run', '--project', group, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`], env, true);
  return vitestCounts(existsSync(file) ? readFileSync(file, 'utf8') : undefined, result.ok);
}

async function browserGroup(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<Counts> {
  const file = join(folder, 'browser.json');
  const built = await run('node', ['tools/build.ts', 'web'], env, true);
  if (!built.ok) return { passed: 0, failed: 1, skipped: 0 };
  const result = await run('playwright', ['test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json'], { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file }, true);
  const report = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  const again = secondAttempts(report);
  if (again > 0) say(`${again} passed at the second attempt only: see "flaky" above`);
  return playwrightCounts(report, result.ok);
}

for (const group of GROUPS) {
  if (wanted.length > 0 && !wanted.includes(group)) continue;
  console.log(`\n── ${group}`);
  const started = performance.now();
  let counts: Counts;
  let note: string | undefined;
  const say = (line: string): void => {
    note = line;
    console.log(`  ${line}`);
  };
  if (group === 'types' || group === 'layers' || group === 'lint') counts = await staticGroup(group);
  else if (group === 'mosquitto') {
    const path = ensureTool(MOSQUITTO, say);
    counts = path ? await vitestGroup(group, { ...process.env, MOSQUITTO: path }) : { passed: 0, failed: 0, skipped: 1 };
  } else if (group === 'browser') {
    const path = ensureTool(CHROMIUM, say);
    counts = path ? await browserGroup({ ...process.env, CHROMIUM: path }, say) : { passed: 0, failed: 0, skipped: 1 };
  } else counts = await vitestGroup(group, process.env);
  summary.push({ group, counts, seconds: (performance.now() - started) / 1000, ...(note ? { note } : {}) });
}
rmSync(folder, { recursive: true, force: true });

console.log('\n── summary');
for (const { group, counts, seconds, note } of summary) {
  console.log(`  ${group.padEnd(12)} ${lastLine(counts).padEnd(36)} ${seconds.toFixed(0)} s${note ? `  (${note})` : ''}`);
}
const total = summary.map((entry) => entry.counts).reduce(addCounts, { passed: 0, failed: 0, skipped: 0 });
console.log(lastLine(total));
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
