import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlertBook, alertRule, historyRow, ledgerMessage, type LedgerRow } from '../../testing/alerts.ts';
import { crc32 } from '../telemetry/codec/checksum.ts';
import { createCatalogue } from '../telemetry/catalogue/index.ts';
import { AlertEngine, deriveIntervals, type AlertRule } from './index.ts';

const START = 1_769_155_200_000;
const catalogue = createCatalogue();
const RULES = [
  alertRule({ id: 'hot', condition: { kind: 'compare', parameter: 'batteryTempMax', op: '>', value: 55, deadBand: 2 }, onDelay: 10, offDelay: 60 }),
  alertRule({ id: 'low', severity: 'low', condition: { kind: 'compare', parameter: 'soc', op: '<', value: 15, deadBand: 3 }, onDelay: 60 }),
  alertRule({ id: 'often', condition: { kind: 'repeat', condition: { kind: 'compare', parameter: 'soc', op: '<', value: 15 }, count: 2, within: 300 } }),
  alertRule({ id: 'rate', condition: { kind: 'rate', parameter: 'batteryTempMax', op: '>=', perMinute: 1, window: 120 } }),
  alertRule({ id: 'moved', condition: { kind: 'moved', metres: 200 } }),
  alertRule({ id: 'silent', severity: 'low', inhibition: 'communication', condition: { kind: 'no-data', after: 200 } }),
];

const arbitraryLedger = fc
  .array(fc.record({ gap: fc.constantFrom(5, 10, 15, 30, 250), back: fc.constantFrom(0, 0, 0, 20), temperature: fc.constantFrom(30, 50, 54, 56, 60), soc: fc.constantFrom(10, 14, 16, 19, 30), north: fc.constantFrom(0, 0, 1), ignition: fc.constantFrom(0, 0, 0, 1) }), { minLength: 5, maxLength: 60 })
  .map((items): LedgerRow[] => {
    let time = START;
    return items.map(({ gap, back, temperature, soc, north, ignition }, seq) => {
      time += gap * 1000;
      return { vehicle: 'v', time: time - back * 1000, seq, receivedAt: time, values: { batteryTempMax: temperature, soc, ignition, lat: 12.9 + north / 100, lon: 77.6 } };
    });
  });

function engineWith(rules: readonly AlertRule[]): AlertEngine {
  const engine = new AlertEngine({ catalogue, rows: 12, settle: 0 });
  engine.setRules(rules, START);
  return engine;
}

describe('a snapshot', () => {
  it('goes on as if nothing had happened, wherever it is taken', () => {
    fc.assert(
      fc.property(arbitraryLedger, fc.nat(), (ledger, at) => {
        const cut = at % ledger.length;
        const whole = new AlertBook(engineWith(RULES), catalogue);
        const first = engineWith(RULES);
        const before = new AlertBook(first, catalogue);
        for (const row of ledger.slice(0, cut)) [whole, before].forEach((book) => void book.feed(row));
        const second = engineWith(RULES);
        expect(second.restoreSnapshot(first.takeSnapshot())).toBe(true);
        expect(second.open()).toEqual(first.open());
        const after = new AlertBook(second, catalogue);
        for (const [id, alert] of before.alerts) after.alerts.set(id, alert);
        after.rows.push(...before.rows);
        for (const row of ledger.slice(cut)) [whole, after].forEach((book) => void book.feed(row));
        for (const book of [whole, after]) book.advance(START + 10 * 3_600_000);
        expect([...after.alerts.values()]).toEqual([...whole.alerts.values()]);
      }),
      { numRuns: 150 },
    );
  });

  it('that is damaged changes nothing', () => {
    const engine = engineWith(RULES);
    const bytes = engine.takeSnapshot();
    bytes[bytes.length - 1]! ^= 1;
    expect(engineWith(RULES).restoreSnapshot(bytes)).toBe(false);
    expect(engineWith(RULES).restoreSnapshot(bytes.subarray(0, 9))).toBe(false);
  });

  it('that lacks what is read does not throw, however sound it looks, and the vehicle begins anew', () => {
    let restored = 0;
    fc.assert(
      fc.property(arbitraryLedger, fc.nat(), fc.integer({ min: 1, max: 255 }), (ledger, place, mask) => {
        const engine = engineWith(RULES);
        const book = new AlertBook(engine, catalogue);
        for (const row of ledger) book.feed(row);
        const bytes = engine.takeSnapshot();
        const at = 16 + (place % (bytes.length - 16));
        bytes[at] = (bytes[at] as number) ^ mask;
        new DataView(bytes.buffer).setUint32(8, crc32(bytes, 16), true);
        const second = engineWith(RULES);
        if (!second.restoreSnapshot(bytes)) return;
        restored++;
        second.wake(Number.POSITIVE_INFINITY);
        expect(Array.isArray(second.open())).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(restored).toBeGreaterThan(0);
  });

  it('is the same again when it is taken of what was read from it', () => {
    fc.assert(
      fc.property(arbitraryLedger, (ledger) => {
        const engine = engineWith(RULES);
        const book = new AlertBook(engine, catalogue);
        for (const row of ledger) book.feed(row);
        const bytes = engine.takeSnapshot();
        const second = engineWith(RULES);
        expect(second.restoreSnapshot(bytes)).toBe(true);
        expect(second.takeSnapshot()).toEqual(bytes);
      }),
      { numRuns: 100 },
    );
  });

  it('that is written a few vehicles at a time is of the moment at which it began, whatever comes meanwhile', () => {
    fc.assert(
      fc.property(arbitraryLedger, fc.nat(), fc.array(fc.nat({ max: 3 }), { minLength: 5, maxLength: 5 }), (ledger, at, steps) => {
        const vehicles = ['v', 'w', 'x', 'y'];
        const engine = engineWith(RULES);
        const book = new AlertBook(engine, catalogue);
        const cut = at % ledger.length;
        const feed = (rows: readonly LedgerRow[]): void => {
          for (const row of rows) for (const vehicle of vehicles) book.feed({ ...row, vehicle });
        };
        feed(ledger.slice(0, cut));
        const whole = engine.takeSnapshot();
        const snapshot = engine.beginSnapshot();
        ledger.slice(cut).forEach((row, i) => {
          feed([row]);
          engine.advance(row.receivedAt);
          snapshot.step(steps[i % steps.length] as number);
        });
        engine.setVehicle({ vehicleId: 'z', modelId: 'model', cityId: 'city' }, START);
        engine.removeVehicle('w', START + 1);
        // The order of vehicles is that of writing: what was restored from each is the same.
        const [one, other] = [whole, snapshot.bytes()].map((bytes) => {
          const restored = engineWith(RULES);
          expect(restored.restoreSnapshot(bytes)).toBe(true);
          const after = new AlertBook(restored, catalogue);
          for (const row of ledger.slice(cut)) for (const vehicle of vehicles) after.feed({ ...row, vehicle });
          after.advance(START + 10 * 3_600_000);
          return [restored.vehicleIds().toSorted(), after.list];
        });
        expect(other).toEqual(one);
      }),
      { numRuns: 60 },
    );
  });

  it('leaves vehicles without alerts unread until they are asked for, and knows of their silence when they are', () => {
    const engine = engineWith(RULES);
    const book = new AlertBook(engine, catalogue);
    for (const vehicle of ['v', 'w', 'x']) book.feed({ vehicle, time: START, seq: 1, receivedAt: START, values: { batteryTempMax: 30, soc: 50 } });
    const second = engineWith(RULES);
    expect(second.restoreSnapshot(engine.takeSnapshot())).toBe(true);
    expect(second.wake(0)).toBe(false);
    second.contact(second.slotOf('w') as number, START + 150_000);
    second.setMode(second.slotOf('x') as number, 'workshop', true, START);
    expect(second.wake(3)).toBe(true);
    second.advance(START + 250_000);
    expect(second.open().map(({ vehicleId, mutedBy }) => [vehicleId, mutedBy])).toEqual([['v', undefined], ['x', 'workshop']]);
  });

  it('asks again for the history that was asked for and not given', () => {
    const engine = engineWith(RULES);
    const slot = engine.setVehicle({ vehicleId: 'v', modelId: 'model', cityId: 'city' }, START);
    const row = (minute: number, soc: number, receivedAt = START + minute * 60_000): LedgerRow => ({ vehicle: 'v', time: START + minute * 60_000, seq: minute, receivedAt, values: { soc } });
    for (let minute = 100; minute < 400; minute++) engine.apply(slot, ledgerMessage(row(minute, minute % 2 === 0 ? 10 : 50), catalogue));
    const asked = engine.apply(slot, ledgerMessage(row(1, 10, START + 400 * 60_000), catalogue)).filter(({ kind }) => kind === 'history');
    expect(asked).toHaveLength(1);
    const second = engineWith(RULES);
    expect(second.restoreSnapshot(engine.takeSnapshot())).toBe(true);
    second.wake(Number.POSITIVE_INFINITY);
    expect(second.advance(START + 400 * 60_000).filter(({ kind }) => kind === 'history')).toEqual(asked);
  });

  it('is read with rules that have changed since: what stays goes on, what is gone is left out', () => {
    const engine = engineWith(RULES);
    const book = new AlertBook(engine, catalogue);
    book.feed({ vehicle: 'v', time: START, seq: 1, receivedAt: START, values: { batteryTempMax: 60, soc: 10 } });
    book.feed({ vehicle: 'v', time: START + 70_000, seq: 2, receivedAt: START + 70_000, values: { batteryTempMax: 60, soc: 10 } });
    const [hot, ...others] = RULES as [AlertRule, ...AlertRule[]];
    const next = engineWith([{ ...hot, version: 2, condition: { kind: 'compare', parameter: 'batteryTempMax', op: '>', value: 50 } }, ...others.filter(({ id }) => id !== 'low')]);
    expect(next.restoreSnapshot(engine.takeSnapshot())).toBe(true);
    expect(next.open().map(({ ruleId }) => ruleId)).toEqual(['hot']);
  });
});

describe('a rule tried on history', () => {
  it('has the very intervals that the engine finds, for a rule about values and one about silence', () => {
    fc.assert(
      fc.property(arbitraryLedger, (ledger) => {
        const inOrder = ledger.map((row) => ({ ...row, receivedAt: row.time })).toSorted((a, b) => a.time - b.time || a.seq - b.seq);
        const until = START + 10 * 3_600_000;
        for (const rule of RULES) {
          // Every interval is an alert of its own where alerts clear themselves.
          const engine = new AlertEngine({ catalogue, settle: 0 });
          engine.setRules([{ ...rule, severity: 'low' }], START);
          const book = new AlertBook(engine, catalogue);
          for (const row of inOrder) book.feed(row);
          book.advance(until);
          const found = deriveIntervals(rule, catalogue, inOrder.map((row) => historyRow(row, catalogue)), until).map(({ start, end }) => [start, Number.isNaN(end) ? undefined : end]);
          expect([rule.id, found]).toEqual([rule.id, book.list.map(({ raisedAt, returnedAt }) => [raisedAt, returnedAt])]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
