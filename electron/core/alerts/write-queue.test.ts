import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AlertRecord as EngineAlert } from '#shared/domain/alerts/types.ts';
import { uuidv5 } from '#shared/kernel/ids.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { systemScheduler } from '#shared/platform-node/system-scheduler.ts';
import { NOW, SYSTEM } from '#shared/testing/master-data.ts';
import { openTestOperations } from '#shared/testing/operations.ts';
import { AlertReader } from '../store/operations/alerts/reader.ts';
import type { AlertLabel, AlertWrite } from '../store/operations/local/alerts.ts';
import type { Operations } from '../store/operations/operations.ts';
import { AlertBoard } from './board.ts';
import { WriteQueue } from './write-queue.ts';

const LABEL: AlertLabel = { name: 'Cell hot', tab: 'bms', severity: 'high', vin: 'MX1', insights: [] };

let folder = '';
let operations: Operations;
let reader: AlertReader;
let board: AlertBoard;
let queue: WriteQueue;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  operations = openTestOperations(folder);
  reader = new AlertReader(operations.read.database);
  board = new AlertBoard(operations, [], NOW);
  queue = new WriteQueue({ operations, system: SYSTEM, clock: systemClock, scheduler: systemScheduler, log: SILENT_LOG, position: () => undefined, onWritten: (written) => board.put(written) });
});
afterEach(async () => {
  queue.dispose();
  board.dispose();
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

function engineAlert(name: string, values: Partial<EngineAlert> = {}): EngineAlert {
  return { id: uuidv5(name), ruleId: uuidv5('rule'), ruleVersion: 1, vehicleId: uuidv5('vehicle'), state: 'active', raisedAt: NOW, lastOccurrenceAt: NOW, receivedAt: NOW, occurrences: 1, ...values };
}

/** As the alert service puts it: without a label where the board shows it and it stays. */
const put = (alert: EngineAlert): AlertWrite => ({ kind: 'put', alert, acts: 0, label: board.open.has(alert.id) && !queue.leaves(alert.id) ? undefined : LABEL, events: [] });
const withdraw = (name: string): AlertWrite => ({ kind: 'withdraw', alertId: uuidv5(name) });
const stored = (): [string, number | undefined, number][] => reader.list({ view: 'all', now: 0, show: 'all' }).rows.map((row): [string, number | undefined, number] => [row.id, row.clearedAt, row.occurrences]).sort();

describe('what waits to be stored', () => {
  test('is an alert that was withdrawn and is there after all, as if it had never been withdrawn', async () => {
    queue.add(put(engineAlert('a')));
    await queue.flush();
    const created = board.open.get(uuidv5('a'))?.createdAt;
    queue.add(withdraw('a'));
    queue.add(put(engineAlert('a', { occurrences: 2 })));
    await queue.flush();
    expect(stored()).toEqual([[uuidv5('a'), undefined, 2]]);
    expect(board.open.get(uuidv5('a'))?.createdAt).toBe(created);
  });

  test('is an alert that comes back while its removal is being stored', async () => {
    queue.add(put(engineAlert('a')));
    await queue.flush();
    queue.add(withdraw('a'));
    const removing = queue.flush();
    // The board has it until the removal is stored.
    await Promise.resolve();
    expect([board.open.has(uuidv5('a')), queue.leaves(uuidv5('a'))]).toEqual([true, true]);
    queue.add(put(engineAlert('a', { occurrences: 3 })));
    await removing;
    await queue.flush();
    expect(stored()).toEqual([[uuidv5('a'), undefined, 3]]);
  });

  test('ends what has ended before the next alert of the rule on the vehicle is open, whichever was known first', async () => {
    queue.add(put(engineAlert('a')));
    await queue.flush();
    queue.add(put(engineAlert('b', { raisedAt: NOW + 5 })));
    queue.add(withdraw('c'));
    queue.add(put(engineAlert('a', { clearedAt: NOW + 4, clearReason: 'condition-ended' })));
    await queue.flush();
    expect(stored()).toEqual([[uuidv5('a'), NOW + 4, 1] as [string, number | undefined, number], [uuidv5('b'), undefined, 1] as [string, number | undefined, number]].sort());
  });

  test('is an alert that was joined with another and stands alone again', async () => {
    for (const name of ['a', 'b']) queue.add(put(engineAlert(name, { vehicleId: uuidv5(name) })));
    await queue.flush();
    queue.add({ kind: 'merge', alertId: uuidv5('a'), into: uuidv5('b') });
    queue.add(put(engineAlert('a', { vehicleId: uuidv5('a'), occurrences: 2 })));
    await queue.flush();
    expect(stored()).toEqual([[uuidv5('a'), undefined, 2] as [string, number | undefined, number], [uuidv5('b'), undefined, 1] as [string, number | undefined, number]].sort());
  });
});
