import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SummaryCounts } from '#core/alerts/summary.ts';
import { AlertReader } from '#core/store/operations/alerts/reader.ts';
import type { AlertQuery } from '#core/store/operations/alerts/conditions.ts';
import { openOperations, OPERATIONS_FILE, type Operations } from '#core/store/operations/operations.ts';
import { columnNames } from '#shared/store/sql.ts';
import { systemPrincipal } from '#shared/domain/access/principal.ts';
import { ALERT_SEVERITIES, ALERT_TABS } from '#shared/domain/alerts/rule.ts';
import { uuidv5 } from '#shared/kernel/ids.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemRng } from '#shared/platform-node/system-rng.ts';
import { alert, type AlertRecord } from '#shared/resources/alert.ts';
import { encodeRow } from '#shared/resources/columns.ts';
import { threadTime, type Stopwatch } from './measure.ts';
import { judge, type Bench, type BenchContext, type BenchResult } from './types.ts';

const OPEN = 10_000;
const PAST = { quick: 50_000, full: 1_000_000 };
const RULES = 60;
const DAY = 86_400_000;
const GOALS = [{ of: 'value', atMost: 100 }] as const;
const SYSTEM = systemPrincipal('bench');

export const alertActsBench: Bench = {
  name: 'alert-acts',
  describe: '10,000 open alerts over a million past ones: acts through the writer thread, pages, groups and counts in the core',
  async run(context) {
    const folder = mkdtempSync(join(tmpdir(), 'bench-alerts-'));
    try {
      return await measure(context, folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measure(context: BenchContext, folder: string): Promise<BenchResult[]> {
  const past = context.quick ? PAST.quick : PAST.full;
  context.say(`${OPEN.toLocaleString('en-US')} open alerts, ${past.toLocaleString('en-US')} past ones`);
  const now = systemClock.now();
  const open = () => openOperations({ dataFolder: folder, workerEntry: new URL('../electron/workers/operations-writer.ts', import.meta.url), clock: systemClock, rng: systemRng, log: SILENT_LOG, nodeId: 'bench' });
  await (await open()).close();
  fill(join(folder, OPERATIONS_FILE), past, now);
  const operations = await open();
  try {
    return [...(await acts(context, operations)), ...pages(context, operations, now)];
  } finally {
    await operations.close();
  }
}

/** An id in the form of one; making a million of hashes would take longer than what is measured. */
const idOf = (n: number): string => `00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}`;

function fill(path: string, past: number, now: number): void {
  const database = openDatabase(path);
  const names = columnNames(alert);
  const rules = Array.from({ length: RULES }, (_, n) => uuidv5(`rule ${n}`));
  const insert = database.prepare(`INSERT INTO alert (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`);
  database.transaction(() => {
    for (let i = 0; i < OPEN + past; i++) {
      const isOpen = i < OPEN;
      const raisedAt = isOpen ? now - (i % 5000) * 60_000 : now - DAY - ((i * 7919) % (60 * DAY));
      const n = isOpen ? i : i % 9000;
      const row: AlertRecord = {
        id: idOf(i), revision: 1, createdAt: raisedAt, updatedAt: raisedAt, ruleId: rules[n % RULES]!, ruleVersion: 1, name: `Rule ${n % RULES}`,
        tab: ALERT_TABS[n % ALERT_TABS.length]!, severity: ALERT_SEVERITIES[n % ALERT_SEVERITIES.length]!, vehicleId: `vehicle ${n}`, vin: `MX${String(n).padStart(6, '0')}`,
        modelId: `model ${n % 4}`, customerId: `customer ${n % 40}`, cityId: `city ${n % 30}`, raisedAt, receivedAt: raisedAt, lastOccurrenceAt: raisedAt, occurrences: 1, returnedAt: raisedAt + 60_000, insights: [], comments: 0, acts: 0,
        ...(isOpen ? {} : { clearedAt: raisedAt + 3_600_000, clearedBy: 'Operator', clearComment: 'Done.' }),
      };
      const cells = encodeRow(alert, row);
      insert.run(...names.map((name) => cells[name] ?? null));
    }
  })();
  database.exec('ANALYZE');
  database.close();
}

/** CPU time of all threads: an act is the writer thread's work as well, and other load on the machine counts little. */
const processTime: Stopwatch = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** The slowest of several, ms: what a person notices. */
async function slowest(times: number, work: (round: number) => Promise<unknown> | unknown): Promise<number> {
  let most = 0;
  for (let round = 0; round < times; round++) {
    const begun = processTime();
    await work(round);
    most = Math.max(most, processTime() - begun);
  }
  return most;
}

async function acts(context: BenchContext, operations: Operations): Promise<BenchResult[]> {
  const times = context.quick ? 5 : 20;
  let next = 0;
  const take = (count: number): string[] => Array.from({ length: count }, () => idOf(next++));
  const one = await slowest(times, () => operations.mutate(SYSTEM, 'alert.acknowledge', { alertIds: take(1) }));
  const hundred = await slowest(times, () => operations.mutate(SYSTEM, 'alert.acknowledge', { alertIds: take(100) }));
  const cleared = await slowest(times, () => operations.mutate(SYSTEM, 'alert.clear', { alertIds: take(100), comment: 'Done.' }));
  const comment = await slowest(times, () => operations.mutate(SYSTEM, 'alert.comment', { alertId: take(1)[0]!, text: 'Looked at.' }));
  const note = 'slowest of several, CPU time of all threads';
  return [
    judge({ name: 'acknowledge one', value: one, unit: 'ms', goals: GOALS, note }),
    judge({ name: 'acknowledge 100', value: hundred, unit: 'ms', goals: GOALS, note }),
    judge({ name: 'clear 100', value: cleared, unit: 'ms', goals: GOALS, note }),
    judge({ name: 'comment', value: comment, unit: 'ms', goals: GOALS, note }),
  ];
}

function pages(context: BenchContext, operations: Operations, now: number): BenchResult[] {
  const reader = new AlertReader(operations.read.database);
  const query = (values: Partial<AlertQuery>): AlertQuery => ({ view: 'all', now, show: 'open', ...values });
  const limited: AlertQuery['view'] = { customers: new Set(['customer 3', 'customer 4']), hiddenTabs: new Map([['customer 3', new Set(['bms' as const])]]), hiddenRules: new Map() };
  const search = { term: 'mx0001', modelIds: [], customerIds: [], cityIds: [] };
  const result = (name: string, work: () => unknown): BenchResult => {
    let most = 0;
    for (let round = 0; round < (context.quick ? 3 : 10); round++) {
      const begun = threadTime();
      work();
      most = Math.max(most, threadTime() - begun);
    }
    return judge({ name, value: most, unit: 'ms', goals: GOALS, note: 'slowest of several, CPU time' });
  };
  const rows = reader.open();
  return [
    result('page of open alerts', () => reader.list(query({ tab: 'bms', from: now - 7 * DAY }))),
    result('the same by customer', () => reader.list(query({}), { column: 'customer', direction: 'asc' }, 5000, 100)),
    result('searched', () => reader.list(query({ search }))),
    result('groups of a flood', () => reader.groups(query({}))),
    result('for users of two customers', () => reader.list(query({ view: limited }))),
    result('past alerts of 7 days', () => reader.list(query({ show: 'cleared', from: now - 7 * DAY }))),
    result('past alerts of one rule and vehicle', () => reader.past(rows[0]!, 0, 20)),
    result('counts of a new window', () => new SummaryCounts({ view: limited, open: rows, calls: [], bell: reader.bell(limited, now - DAY, now), now })),
  ];
}
