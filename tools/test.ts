import './guard.ts';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS, run, runCheck } from './checks.ts';
import { CHROMIUM, ensureTool, MOSQUITTO } from './system.ts';
import { addCounts, crashed, lastLine, namingLines, oneLine, type Outcome, playwrightOutcome, vitestOutcome } from './test-report.ts';

/**
 * `npm test [-- GROUP…]`: every group, then a summary. A group that cannot run here is listed as skipped with the reason;
 * whatever failed is named right above the last line, which adds up all groups.
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
const summary: { group: Group; outcome: Outcome; seconds: number; note?: string }[] = [];
const SKIPPED: Outcome = { counts: { passed: 0, failed: 0, skipped: 1 }, failed: [], again: [] };

async function staticGroup(group: 'types' | 'layers' | 'lint'): Promise<Outcome> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const failed = [];
  for (const check of CHECKS.filter((candidate) => candidate.group === group)) {
    const result = await runCheck(check);
    console.log(`  ${result.ok ? 'ok  ' : 'FAIL'} ${check.title} (${(result.milliseconds / 1000).toFixed(1)} s)`);
    counts[result.ok ? 'passed' : 'failed']++;
    if (result.ok) continue;
    console.log(result.output);
    failed.push({ name: check.title, error: oneLine(result.output) });
  }
  return { counts, failed, again: [] };
}

const read = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);

async function vitestGroup(group: Group, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const file = join(folder, `${group}.json`);
  const args = ['run', '--project', group, '--reporter=default', '--reporter=./tools/vitest-reporter.ts', `--outputFile.outcome=${file}`];
  const result = await run('vitest', args, env, true);
  return vitestOutcome(read(file), result.ok, result.output);
}

async function browserGroup(env: NodeJS.ProcessEnv): Promise<Outcome> {
  const file = join(folder, 'browser.json');
  const built = await run('node', ['tools/build.ts', 'web'], env, true);
  if (!built.ok) return crashed(built.output);
  const result = await run('playwright', ['test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json'], { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: file }, true);
  return playwrightOutcome(read(file), result.ok, result.output);
}

for (const group of GROUPS) {
  if (wanted.length > 0 && !wanted.includes(group)) continue;
  console.log(`\n── ${group}`);
  const started = performance.now();
  let outcome: Outcome;
  let note: string | undefined;
  const say = (line: string): void => {
    note = line;
    console.log(`  ${line}`);
  };
  if (group === 'types' || group === 'layers' || group === 'lint') outcome = await staticGroup(group);
  else if (group === 'mosquitto') {
    const path = ensureTool(MOSQUITTO, say);
    outcome = path ? await vitestGroup(group, { ...process.env, MOSQUITTO: path }) : SKIPPED;
  } else if (group === 'browser') {
    const path = ensureTool(CHROMIUM, say);
    outcome = path ? await browserGroup({ ...process.env, CHROMIUM: path }) : SKIPPED;
  } else outcome = await vitestGroup(group, process.env);
  if (outcome.again.length > 0) say(`${outcome.again.length} passed at the second attempt only`);
  summary.push({ group, outcome, seconds: (performance.now() - started) / 1000, ...(note ? { note } : {}) });
}
rmSync(folder, { recursive: true, force: true });

console.log('\n── summary');
for (const { group, outcome, seconds, note } of summary) {
  console.log(`  ${group.padEnd(12)} ${lastLine(outcome.counts).padEnd(36)} ${seconds.toFixed(0)} s${note ? `  (${note})` : ''}`);
}
const again = summary.map(({ group, outcome }) => ({ group, named: outcome.again }));
const failed = summary.map(({ group, outcome }) => ({ group, named: outcome.failed }));
for (const line of [...namingLines('── passed at the second attempt only', again), ...namingLines('── failed', failed)]) console.log(line);
const total = summary.map(({ outcome }) => outcome.counts).reduce(addCounts, { passed: 0, failed: 0, skipped: 0 });
console.log(lastLine(total));
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
