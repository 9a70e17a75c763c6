import { describe, expect, test } from 'vitest';
import { FLOOD_WINDOW } from '#shared/domain/alerts/flood.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { uuidv5 } from '#shared/kernel/ids.ts';
import type { AlertRecord } from '#shared/resources/alert.ts';
import { NOW } from '#shared/testing/master-data.ts';
import { AlertBoard } from './board.ts';
import type { AlertNames } from './rows.ts';
import { SummaryCounts } from './summary.ts';

const names = { directory: { vehicle: () => undefined, models: () => [], customers: () => [], locations: () => [] }, userName: () => undefined } as unknown as AlertNames;

function row(name: string, values: Partial<AlertRecord> = {}): AlertRecord {
  return {
    id: uuidv5(name), revision: 1, createdAt: NOW, updatedAt: NOW, ruleId: 'r', ruleVersion: 1, name, tab: 'bms', severity: 'high', vehicleId: 'v', vin: 'MX1', customerId: 'c1', raisedAt: NOW, receivedAt: NOW, lastOccurrenceAt: NOW,
    occurrences: 1, insights: [], comments: 0, acts: 0, ...values,
  };
}

const board = (open: AlertRecord[] = []): AlertBoard => new AlertBoard({ onChange: () => disposable(() => undefined) }, open, NOW);

describe('the board of open alerts', () => {
  test('keeps the newest of what it is told, in whatever order', () => {
    const one = board();
    one.put({ rows: [row('a', { revision: 3, clearedAt: NOW })], added: [], removed: [] });
    one.put({ rows: [row('a', { revision: 2 })], added: [uuidv5('a')], removed: [] });
    expect(one.open.size).toBe(0);
    one.put({ rows: [row('a', { revision: 4 })], added: [], removed: [] });
    one.put({ rows: [row('a', { revision: 3, occurrences: 9 })], added: [], removed: [] });
    expect([...one.open.values()].map((alert) => alert.revision)).toEqual([4]);
  });

  test('says what was added and what changed since a revision, and nothing of what is too long ago', () => {
    const one = board();
    const before = one.revision;
    one.put({ rows: [row('a'), row('b')], added: [uuidv5('a'), uuidv5('b')], removed: [] });
    const between = one.revision;
    one.put({ rows: [row('a', { revision: 2 }), row('c')], added: [uuidv5('c')], removed: [] });
    expect(one.since(before)).toEqual({ added: [uuidv5('b'), uuidv5('a'), uuidv5('c')], changed: [] });
    expect(one.since(between)).toEqual({ added: [uuidv5('c')], changed: [uuidv5('a')] });
    expect(one.since(before - 1)).toBeUndefined();
  });
});

describe('the counts of a window', () => {
  test('kept up with each change are those of a window opened now', () => {
    const view = { customers: new Set(['c1']), hiddenTabs: new Map(), hiddenRules: new Map() };
    const one = board([row('old'), row('foreign', { customerId: 'c2' })]);
    const kept = new SummaryCounts({ view, open: one.open.values(), calls: [], bell: 0, now: NOW });
    one.onChange((changes) => void kept.apply(changes, NOW));
    const steps: AlertRecord[] = [
      row('a', { severity: 'critical' }), row('b', { tab: 'mcu' }), row('c', { mutedBy: 'offline' }), row('d', { customerId: 'c2' }),
      row('a', { revision: 2, severity: 'critical', acknowledgedAt: NOW }), row('b', { revision: 2, tab: 'mcu', shelvedUntil: NOW + 1 }), row('c', { revision: 2, clearedAt: NOW }), row('old', { revision: 2, clearedAt: NOW }),
    ];
    for (const step of steps) one.put({ rows: [step], added: step.revision === 1 ? [step.id] : [], removed: [] });
    const fresh = new SummaryCounts({ view, open: one.open.values(), calls: [], bell: 0, now: NOW });
    const counted = kept.summary(one.revision, NOW, names);
    expect({ ...counted, bell: 0, flood: 0, newest: 0 }).toEqual({ ...fresh.summary(one.revision, NOW, names), bell: 0, flood: 0, newest: 0 });
    // Muted and foreign alerts call nobody.
    expect([counted.bell, counted.flood.inTenMinutes, counted.tabs.bms.critical, counted.shelved]).toEqual([2, 2, 1, 1]);
  });

  test('call more than ten in ten minutes a flood, until fewer than five are left', () => {
    const one = board();
    const counts = new SummaryCounts({ view: 'all', open: [], calls: [], bell: 0, now: NOW });
    let time = NOW;
    one.onChange((changes) => void counts.apply(changes, time));
    for (let i = 0; i < 11; i++) {
      time = NOW + i * 1000;
      one.put({ rows: [row(`alert ${i}`)], added: [uuidv5(`alert ${i}`)], removed: [] });
      expect(counts.summary(0, time, names).flood.active).toBe(i === 10);
    }
    counts.tick(NOW + FLOOD_WINDOW + 5500, one.open.values());
    expect(counts.summary(0, time, names).flood).toMatchObject({ active: true, inTenMinutes: 5 });
    counts.tick(NOW + FLOOD_WINDOW + 6500, one.open.values());
    expect(counts.summary(0, time, names).flood).toEqual({ active: false, inTenMinutes: 4 });
  });
});
