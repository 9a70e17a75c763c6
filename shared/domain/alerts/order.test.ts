import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlertBook, alertRule, type LedgerRow } from '../../testing/alerts.ts';
import { SeededRandom } from '../../testing/random.ts';
import { createCatalogue } from '../telemetry/catalogue/index.ts';
import { AlertEngine, type AlertAct } from './index.ts';

const START = 1_769_155_200_000;
const MINUTE = 60_000;
const catalogue = createCatalogue();
const RULES = [
  alertRule({ id: 'high', condition: { kind: 'compare', parameter: 'batteryTempMax', op: '>', value: 55, deadBand: 2 }, onDelay: 10, offDelay: 60 }),
  alertRule({ id: 'low', severity: 'low', condition: { kind: 'compare', parameter: 'soc', op: '<', value: 15, deadBand: 3 }, onDelay: 60, offDelay: 30 }),
  alertRule({ id: 'bit', severity: 'critical', inhibition: 'none', condition: { kind: 'compare', parameter: 'alarmThermalRunaway', op: '=', value: 1 } }),
  alertRule({ id: 'both', condition: { kind: 'all', of: [{ kind: 'compare', parameter: 'ignition', op: '=', value: 0 }, { kind: 'compare', parameter: 'soc', op: '<', value: 20 }] }, onDelay: 30, offDelay: 30 }),
  alertRule({ id: 'repeated', severity: 'low', condition: { kind: 'repeat', condition: { kind: 'compare', parameter: 'alarmThermalRunaway', op: '=', value: 1 }, count: 2, within: 300 } }),
  alertRule({ id: 'rate', condition: { kind: 'rate', parameter: 'batteryTempMax', op: '>=', perMinute: 1, window: 180 }, onDelay: 5, offDelay: 60 }),
  alertRule({ id: 'moved', condition: { kind: 'moved', metres: 200 } }),
];
/** Where a vehicle was parked may lie any time back; the others reach back by their delays and windows. */
const BOUNDED = RULES.filter((rule) => rule.id !== 'moved');
/** Their alerts stay until a person clears them, however late: acts on the others mean nothing once they are history. */
const STAYING = new Set(['high', 'bit', 'both', 'rate']);

const arbitraryRow = fc.record({
  vehicle: fc.constantFrom('a', 'a', 'b'),
  gap: fc.constantFrom(5, 15, 20, 30, 30, 40, 400),
  buffered: fc.constantFrom(false, false, false, false, true),
  temperature: fc.option(fc.constantFrom(30, 40, 50, 54, 56, 60), { nil: undefined }),
  soc: fc.option(fc.constantFrom(10, 14, 16, 17, 19, 30), { nil: undefined }),
  alarm: fc.option(fc.constantFrom(0, 0, 1), { nil: undefined }),
  ignition: fc.option(fc.constantFrom(0, 0, 1), { nil: undefined }),
  north: fc.option(fc.constantFrom(0, 0, 1, 2), { nil: undefined }),
});
const arbitraryAct = fc.record({
  at: fc.integer({ min: 0, max: 60 }),
  vehicle: fc.constantFrom('a', 'b'),
  rule: fc.constantFrom(...RULES.map((rule) => rule.id)),
  kind: fc.constantFrom('acknowledge', 'clear', 'forced'),
});

function ledgerOf(items: readonly (typeof arbitraryRow extends fc.Arbitrary<infer T> ? T : never)[], lateness: number): LedgerRow[] {
  let time = START;
  return items.map((item, seq) => {
    time += item.gap * 1000;
    const values: Record<string, number> = {};
    if (item.temperature !== undefined) values['batteryTempMax'] = item.temperature;
    if (item.soc !== undefined) values['soc'] = item.soc;
    if (item.alarm !== undefined) values['alarmThermalRunaway'] = item.alarm;
    if (item.ignition !== undefined) values['ignition'] = item.ignition;
    if (item.north !== undefined) Object.assign(values, { lat: 12.9 + item.north / 100, lon: 77.6 });
    return { vehicle: item.vehicle, time, seq, receivedAt: time + (item.buffered ? lateness : 300), values };
  });
}

interface Deed {
  readonly vehicle: string;
  readonly rule: string;
  readonly act: AlertAct;
}

function deedsOf(acts: readonly (typeof arbitraryAct extends fc.Arbitrary<infer T> ? T : never)[]): Deed[] {
  return acts.map(({ at, vehicle, rule, kind }, i) => {
    const time = START + at * MINUTE + i + 7;
    const head = { at: time, effective: time, by: `user-${i}` };
    return { vehicle, rule, act: kind === 'acknowledge' ? { ...head, kind } : { ...head, kind: 'clear', comment: 'seen', ...(kind === 'forced' ? { force: true } : {}) } };
  });
}

type Entry = LedgerRow | Deed;

/** All that is stored after these entries came in this order. */
function replay(entries: readonly Entry[], rows: number, rules = RULES) {
  const engine = new AlertEngine({ catalogue, rows, settle: 0 });
  engine.setRules(rules, START);
  for (const vehicleId of ['a', 'b']) engine.setVehicle({ vehicleId, modelId: 'model', cityId: 'city' }, START);
  const book = new AlertBook(engine, catalogue);
  for (const entry of entries) {
    if ('act' in entry) expect(book.act(entry.vehicle, entry.rule, entry.act, true)).toBe(undefined);
    else book.feed(entry);
  }
  book.advance(START + 10_000 * MINUTE);
  return book;
}

// What is muted, and what is shelved until when, follows from reception and the console's clock.
const comparable = (book: AlertBook) => book.list.map(({ mutedBy: _, shelvedUntil: __, shelvedBy: ___, shelfReason: ____, ...rest }) => rest);

describe('the order in which messages and acts arrive', () => {
  it('has no effect on alerts, nor has repetition, where late rows fall among those kept', () => {
    fc.assert(
      fc.property(fc.array(arbitraryRow, { minLength: 2, maxLength: 60 }), fc.array(arbitraryAct, { maxLength: 6 }), fc.nat(), (items, acts, seed) => {
        const random = new SeededRandom(seed);
        const entries: Entry[] = [...ledgerOf(items, 20 * MINUTE), ...deedsOf(acts)];
        const inOrder = comparable(replay(entries, 1000));
        const repeated = [...entries, ...entries.filter(() => random.next() < 0.3)];
        expect(comparable(replay(random.shuffled(repeated), 1000))).toEqual(inOrder);
      }),
      { numRuns: 300 },
    );
  });

  it('has no effect where they reach back before the rows kept and are answered from history', () => {
    fc.assert(
      fc.property(fc.array(arbitraryRow, { minLength: 30, maxLength: 120 }), fc.array(arbitraryAct.filter(({ kind }) => kind !== 'acknowledge'), { maxLength: 4 }), fc.nat(), fc.boolean(), (items, acts, seed, burst) => {
        const random = new SeededRandom(seed);
        const ledger = ledgerOf(items, 300);
        const deeds = deedsOf(acts.filter(({ rule }) => STAYING.has(rule)));
        const inOrder = comparable(replay([...ledger, ...deeds], 1000, BOUNDED));
        expect(comparable(replay([...ledger, ...deeds], 9, BOUNDED))).toEqual(inOrder);
        // A stretch is kept in the unit and sent at the end, newest first; or everything comes in any order.
        const from = Math.floor(random.next() * ledger.length);
        const stretch = ledger.slice(from, from + 25);
        const mixed = burst ? [...ledger.filter((row) => !stretch.includes(row)), ...stretch.toReversed()] : random.shuffled(ledger);
        expect(comparable(replay([...mixed, ...deeds], 9, BOUNDED))).toEqual(inOrder);
      }),
      { numRuns: 200 },
    );
  });
});
