import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AlertRecord as EngineAlert } from '#shared/domain/alerts/types.ts';
import { uuidv5 } from '#shared/kernel/ids.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { CUSTOMER_ID, groundMutations, NOW, OTHER_CUSTOMER_ID, principalOf, productArgs, SYSTEM } from '#shared/testing/master-data.ts';
import { openTestOperations } from '#shared/testing/operations.ts';
import type { AlertLabel, AlertWrite, AlertWritten } from '../local/alerts.ts';
import { localStep, type MutationCall, type Operations } from '../operations.ts';
import { whereOf, type AlertQuery } from './conditions.ts';
import { AlertReader } from './reader.ts';

const RULE = uuidv5('rule');
const HOUR = 3_600_000;
const operator = principalOf('operator');

let folder = '';
let operations: Operations;
let reader: AlertReader;
let vehicles: string[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  operations = openTestOperations(folder);
  const calls = groundMutations().map(({ name, args, id, at }) => ({ name, args, options: { id, at } }) as unknown as MutationCall);
  await operations.commit({ principal: SYSTEM, mutations: calls });
  vehicles = [];
  for (let n = 1; n <= 2; n++) vehicles.push((await operations.mutate(SYSTEM, 'product.create', productArgs(n, { sale: { customerId: n === 1 ? CUSTOMER_ID : OTHER_CUSTOMER_ID, productStatus: 'Sold' } }))).id);
  reader = new AlertReader(operations.read.database);
});
afterEach(async () => {
  await operations.close();
  rmSync(folder, { recursive: true, force: true });
});

function engineAlert(name: string, values: Partial<EngineAlert> = {}): EngineAlert {
  return { id: uuidv5(name), ruleId: RULE, ruleVersion: 1, vehicleId: vehicles[0]!, state: 'active', raisedAt: NOW - HOUR, lastOccurrenceAt: NOW - HOUR, receivedAt: NOW - HOUR, occurrences: 1, ...values };
}

function label(n: number): AlertLabel {
  const vehicle = operations.read.get(product, vehicles[n]!)!;
  const sold = operations.read.findUnique(sale, 'productId', vehicle.id)!;
  return { name: 'Cell hot', tab: 'bms', severity: 'high', vin: vehicle.vin, modelId: vehicle.modelId, customerId: sold.customerId, cityId: sold.locationId, insights: [] };
}

const put = (alert: EngineAlert, options: { acts?: number; n?: number; kind?: string } = {}): AlertWrite => ({ kind: 'put', alert, acts: options.acts ?? 0, label: label(options.n ?? 0), events: options.kind === undefined ? [] : [{ at: alert.raisedAt, kind: options.kind }] });

async function apply(...writes: AlertWrite[]): Promise<AlertWritten> {
  const { local } = await operations.commit({ principal: SYSTEM, local: [localStep('alert.apply', { writes, acts: [], now: NOW })], appliedThrough: { consumer: 'alerts', epoch: 'e', sequence: 7 } });
  return local[0] as AlertWritten;
}

describe('what the engine finds out', () => {
  test('is stored with how far the log was applied, and stored again it changes nothing', async () => {
    const first = await apply(put(engineAlert('a'), { kind: 'raised' }));
    const second = await apply(put(engineAlert('a'), { kind: 'raised' }));
    expect([first.added, second.added, reader.events(uuidv5('a')).length, operations.read.appliedThrough('alerts')]).toEqual([[uuidv5('a')], [], 1, { consumer: 'alerts', epoch: 'e', sequence: 7 }]);
    expect(reader.open()).toHaveLength(1);
  });

  test('ends by itself although somebody acknowledged it in the same moment, and stays acknowledged', async () => {
    await apply(put(engineAlert('a')));
    await operations.mutate(operator, 'alert.acknowledge', { alertIds: [uuidv5('a')] });
    await apply(put(engineAlert('a', { state: 'cleared', returnedAt: NOW - 5, clearedAt: NOW - 5, clearReason: 'condition-ended' }), { acts: 0 }));
    expect(reader.get(uuidv5('a'))).toMatchObject({ clearedAt: NOW - 5, clearedBy: 'Condition ended', acknowledgedBy: 'operator' });
  });

  test('does not undo what a person did of which the engine has not heard', async () => {
    await apply(put(engineAlert('a', { returnedAt: NOW - 1 })));
    expect(await operations.mutate(operator, 'alert.clear', { alertIds: [uuidv5('a')], comment: 'Fixed.' })).toEqual({ done: 1, refused: [] });
    await apply(put(engineAlert('a', { occurrences: 2, returnedAt: NOW - 1 }), { acts: 0 }));
    expect(reader.get(uuidv5('a'))).toMatchObject({ clearComment: 'Fixed.', occurrences: 2 });
    // Once it has heard of it, the engine decides: the condition was true again before the clear.
    await apply(put(engineAlert('a', { occurrences: 3 }), { acts: 1 }));
    expect(reader.get(uuidv5('a'))?.clearedAt).toBeUndefined();
  });

  test('keeps one open alert of a rule on a vehicle, also from an engine that began anew', async () => {
    await apply(put(engineAlert('a', { occurrences: 4 })));
    await apply(put(engineAlert('b', { raisedAt: NOW, lastOccurrenceAt: NOW })));
    expect(reader.open().map((row) => [row.id, row.raisedAt, row.occurrences])).toEqual([[uuidv5('a'), NOW - HOUR, 4]]);
    expect(reader.get(uuidv5('b'))?.id).toBe(uuidv5('a'));
  });

  test('merges two alerts into one that keeps the comments of both, and is found under either id', async () => {
    await apply(put(engineAlert('a', { clearedAt: NOW - 10, clearReason: 'condition-ended' })), put(engineAlert('b')));
    await operations.mutate(operator, 'alert.comment', { alertId: uuidv5('a'), text: 'first' });
    await operations.mutate(operator, 'alert.comment', { alertId: uuidv5('b'), text: 'second' });
    const { removed } = await apply({ kind: 'merge', alertId: uuidv5('b'), into: uuidv5('a') }, put(engineAlert('a', { occurrences: 2 })));
    expect([removed, reader.get(uuidv5('b'))?.id, reader.comments(uuidv5('a')).map((comment) => comment.text).sort(), reader.get(uuidv5('a'))?.comments]).toEqual([[uuidv5('b')], uuidv5('a'), ['first', 'second'], 2]);
  });

  test('takes an alert back that never was, unless somebody worked on it', async () => {
    await apply(put(engineAlert('a')), put(engineAlert('b', { vehicleId: vehicles[1]! }), { n: 1 }));
    await operations.mutate(operator, 'alert.acknowledge', { alertIds: [uuidv5('b')] });
    await apply({ kind: 'withdraw', alertId: uuidv5('a') }, { kind: 'withdraw', alertId: uuidv5('b') });
    expect([reader.get(uuidv5('a')), reader.get(uuidv5('b'))?.clearedBy]).toEqual([undefined, 'Late data show that there was none']);
  });

  test('says who ended what ended by itself', async () => {
    await apply(put(engineAlert('a', { returnedAt: NOW, clearedAt: NOW, clearReason: 'condition-ended' })));
    expect(reader.get(uuidv5('a'))).toMatchObject({ clearedBy: 'Condition ended' });
  });
});

describe('acts of people', () => {
  test('are refused with the reason for what holds, is cleared or is missing, and done for the others', async () => {
    await apply(put(engineAlert('a')), put(engineAlert('b', { vehicleId: vehicles[1]!, returnedAt: NOW }), { n: 1 }));
    const ids = [uuidv5('a'), uuidv5('b'), uuidv5('nothing')];
    expect(await operations.mutate(operator, 'alert.clear', { alertIds: ids, comment: 'x' })).toMatchObject({ done: 1, refused: [{ alertId: ids[0], reason: /holds/ }, { alertId: ids[2] }].map((entry) => ({ alertId: entry.alertId })) });
    expect(await operations.mutate(operator, 'alert.acknowledge', { alertIds: [ids[1]!] })).toMatchObject({ done: 0, refused: [{ reason: expect.stringMatching(/cleared/) as unknown }] });
  });

  test('reach only the alerts of the own customers', async () => {
    await apply(put(engineAlert('a')), put(engineAlert('b', { vehicleId: vehicles[1]! }), { n: 1 }));
    const limited = principalOf('operator', { scope: new Set([CUSTOMER_ID]) });
    expect(await operations.mutate(limited, 'alert.acknowledge', { alertIds: [uuidv5('a'), uuidv5('b')] })).toMatchObject({ done: 1, refused: [{ alertId: uuidv5('b') }] });
  });
});

describe('a view', () => {
  const query = (values: Partial<AlertQuery> = {}): AlertQuery => ({ view: 'all', now: NOW, show: 'open', ...values });

  test('follows the vehicle in the commit that changes its owner', async () => {
    await apply(put(engineAlert('a')));
    const own = (customerId: string) => reader.count(query({ view: { customers: new Set([customerId]), hiddenTabs: new Map(), hiddenRules: new Map() } }));
    expect([own(CUSTOMER_ID), own(OTHER_CUSTOMER_ID)]).toEqual([1, 0]);
    const sold = operations.read.findUnique(sale, 'productId', vehicles[0]!)!;
    await operations.mutate(SYSTEM, 'sale.update', { id: sold.id, edit: { set: { customerId: OTHER_CUSTOMER_ID } } });
    expect([own(CUSTOMER_ID), own(OTHER_CUSTOMER_ID)]).toEqual([0, 1]);
    await operations.mutate(SYSTEM, 'product.delete', { id: vehicles[0]! });
    expect([own(CUSTOMER_ID), own(OTHER_CUSTOMER_ID), reader.count(query())]).toEqual([0, 0, 1]);
  });

  test('lacks hidden tabs and rules of its customers, and only theirs', async () => {
    await apply(put(engineAlert('a')), put(engineAlert('b', { vehicleId: vehicles[1]! }), { n: 1 }));
    const both = new Set([CUSTOMER_ID, OTHER_CUSTOMER_ID]);
    const ids = (view: AlertQuery['view']) => reader.list(query({ view })).rows.map((row) => row.id);
    expect(ids({ customers: both, hiddenTabs: new Map([[CUSTOMER_ID, new Set(['bms' as const])]]), hiddenRules: new Map() })).toEqual([uuidv5('b')]);
    expect(ids({ customers: both, hiddenTabs: new Map(), hiddenRules: new Map([[RULE, new Set([OTHER_CUSTOMER_ID])]]) })).toEqual([uuidv5('a')]);
    expect(ids({ customers: new Set(), hiddenTabs: new Map(), hiddenRules: new Map() })).toEqual([]);
  });

  test('searches VIN and name, without case, with wildcards taken literally', async () => {
    await apply(put(engineAlert('a')));
    const found = (term: string) => reader.count(query({ search: { term, modelIds: [], customerIds: [], cityIds: [] } }));
    expect([found('cell HOT'), found('%'), found('')]).toEqual([1, 0, 1]);
  });
});

describe('the plan of a hot query', () => {
  const plan = (query: AlertQuery, order: string): string => {
    const where = whereOf(query);
    return (operations.read.database.prepare(`EXPLAIN QUERY PLAN SELECT a.id FROM alert AS a WHERE ${where.text} ORDER BY ${order} LIMIT 100`).all(...where.parameters) as { detail: string }[]).map((step) => step.detail).join('; ');
  };

  test('reads the open alerts alone, in their order', () => {
    expect(plan({ view: 'all', now: NOW, show: 'open' }, 'a.raised_at DESC, a.id DESC')).toMatch(/^SCAN a USING INDEX alert_open$/);
  });

  test('reads the open alerts alone for users of a customer too', () => {
    const view = { customers: new Set([CUSTOMER_ID]), hiddenTabs: new Map(), hiddenRules: new Map() };
    expect(plan({ view, now: NOW, show: 'open' }, 'a.raised_at DESC, a.id DESC')).toMatch(/^SCAN a USING INDEX alert_open/);
  });

  test('pages through past alerts of a tab without reading their rows', () => {
    expect(plan({ view: 'all', now: NOW, show: 'cleared', tab: 'bms', from: NOW - HOUR }, 'a.raised_at DESC, a.id DESC')).toMatch(/SEARCH a USING COVERING INDEX alert_past \(raised_at>\?\)/);
  });

  test('reads a time range of all alerts by its index', () => {
    expect(plan({ view: 'all', now: NOW, show: 'all', from: NOW - HOUR, to: NOW }, 'a.raised_at DESC, a.id DESC')).toMatch(/^SEARCH a USING (COVERING )?INDEX alert_raised \(raised_at>\? AND raised_at<\?\)$/);
  });

  test('reads past alerts of a rule on a vehicle by their index', () => {
    expect(plan({ view: 'all', now: NOW, show: 'all', vehicleId: 'v', ruleId: 'r' }, 'a.raised_at DESC, a.id DESC')).toMatch(/SEARCH a USING INDEX alert_vehicle_rule \(vehicle_id=\? AND rule_id=\?\)/);
  });
});

describe('what was raised, in slices', () => {
  test('is what was raised in one, whatever their size, the range and the view', async () => {
    const writes = Array.from({ length: 60 }, (_, i) => put(engineAlert(`s${i}`, { raisedAt: NOW - HOUR + Math.floor(i / 3) * 1000, ruleId: uuidv5(`rule-${i}`), vehicleId: vehicles[i % 2]!, ...(i % 4 === 0 ? { mutedBy: 'late' as const } : {}) }), { n: i % 2 }));
    await apply(...writes);
    const views = ['all', { customers: new Set([CUSTOMER_ID]), hiddenTabs: new Map(), hiddenRules: new Map([[uuidv5('rule-2'), new Set([CUSTOMER_ID])]]) }] as const;
    for (const view of views) {
      for (const [from, to] of [[NOW - HOUR, NOW], [NOW - HOUR + 4000, NOW - HOUR + 15_000], [NOW, NOW + 1]] as const) {
        const query = { view, now: NOW, show: 'all' as const, from, to };
        for (const size of [1, 2, 7, 60, 1000]) expect([...reader.raisedSlices(query, size)].flat(), `${size}`).toEqual(reader.raised(query));
      }
    }
    expect(reader.raised({ view: views[1], now: NOW, show: 'all' })).toHaveLength(29);
    // No slice reads more than its size, however few alerts the view has.
    const plan = operations.read.database.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN SELECT a.name FROM alert AS a INDEXED BY alert_raised WHERE ${whereOf({ view: views[1], now: NOW, show: 'all', from: 0, to: 1 }).text} AND (a.raised_at, a.id) > (?, ?) ORDER BY a.raised_at, a.id`);
    expect(plan.all(...whereOf({ view: views[1], now: NOW, show: 'all', from: 0, to: 1 }).parameters, 0, '').map(({ detail }) => detail).join(' ')).not.toContain('TEMP B-TREE');
  });
});
