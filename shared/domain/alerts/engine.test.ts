import { describe, expect, it } from 'vitest';
import { AlertBook, alertRule, type LedgerRow } from '../../testing/alerts.ts';
import { createCatalogue } from '../telemetry/catalogue/index.ts';
import { AlertEngine, NETWORK_RULE_ID, networkVehicleId, type AlertRule } from './index.ts';

const START = 1_769_155_200_000;
const SECOND = 1000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const catalogue = createCatalogue();
const hot = alertRule({ id: 'hot', condition: { kind: 'compare', parameter: 'batteryTempMax', op: '>', value: 55, deadBand: 2 }, onDelay: 10, offDelay: 60 });
const lowSoc = alertRule({ id: 'soc', severity: 'low', condition: { kind: 'compare', parameter: 'soc', op: '<', value: 15, deadBand: 3 } });
const runaway = alertRule({ id: 'runaway', severity: 'critical', shelvable: false, inhibition: 'none', tab: 'bms', condition: { kind: 'compare', parameter: 'alarmThermalRunaway', op: '=', value: 1 } });
const imbalance = alertRule({ id: 'imbalance', tab: 'bms', condition: { kind: 'compare', parameter: 'alarmCellImbalance', op: '=', value: 1 } });
const silent = alertRule({ id: 'silent', severity: 'low', inhibition: 'communication', condition: { kind: 'no-data', after: 3600 } });

function watch(rules: readonly AlertRule[], rows?: number) {
  const engine = new AlertEngine({ catalogue, settle: 0, ...(rows === undefined ? {} : { rows }) });
  engine.setRules(rules, START);
  const book = new AlertBook(engine, catalogue);
  let seq = 0;
  const row = (seconds: number, values: Record<string, number>, over: Partial<LedgerRow> = {}): void => {
    const time = START + seconds * SECOND;
    book.feed({ vehicle: 'v', time, seq: ++seq, receivedAt: time, values, ...over });
  };
  const only = () => {
    expect(book.list.length).toBe(1);
    return book.list[0]!;
  };
  return { engine, book, row, only, slot: (vehicle = 'v') => engine.slotOf(vehicle)! };
}

describe('an alert', () => {
  it('rises when the on-delay has passed, at that time, shown by the next message or by time', () => {
    const { book, row, only } = watch([hot]);
    row(0, { batteryTempMax: 56 });
    row(9, { batteryTempMax: 57 });
    expect(book.list).toEqual([]);
    book.advance(START + 10 * SECOND);
    expect(only()).toMatchObject({ raisedAt: START + 10 * SECOND, state: 'active', occurrences: 1 });
    const other = watch([hot]);
    other.row(0, { batteryTempMax: 56 });
    other.row(31, { soc: 50 });
    expect(other.only().raisedAt).toBe(START + 10 * SECOND);
  });

  it('does not rise from what is over before the on-delay, nor return inside the dead-band or before the off-delay', () => {
    const { book, row, only } = watch([hot]);
    row(0, { batteryTempMax: 56 });
    row(9, { batteryTempMax: 50 });
    row(20, { batteryTempMax: 56 });
    row(40, { batteryTempMax: 54 });
    row(200, { batteryTempMax: 54 });
    expect(only()).toMatchObject({ raisedAt: START + 30 * SECOND, state: 'active' });
    row(210, { batteryTempMax: 53 });
    row(260, { batteryTempMax: 56 });
    row(300, { batteryTempMax: 53 });
    book.advance(START + 359 * SECOND);
    expect(only().state).toBe('active');
    book.advance(START + 360 * SECOND);
    expect(only()).toMatchObject({ state: 'returned', returnedAt: START + 360 * SECOND, occurrences: 1 });
  });

  it('counts occurrences while it is open, and asks for another acknowledgement', () => {
    const { book, row, only } = watch([imbalance]);
    row(0, { alarmCellImbalance: 1 });
    book.act('v', 'imbalance', { kind: 'acknowledge', at: START + 5 * SECOND, by: 'u' });
    expect(only()).toMatchObject({ state: 'active-acknowledged', acknowledgedBy: 'u' });
    row(10, { alarmCellImbalance: 0 });
    expect(only().state).toBe('returned-acknowledged');
    row(20, { alarmCellImbalance: 1 });
    expect(only()).toMatchObject({ state: 'active', occurrences: 2, lastOccurrenceAt: START + 20 * SECOND, raisedAt: START });
  });

  it('clears itself where it is Low and waits for a person where it is not', () => {
    const { book, row } = watch([lowSoc, imbalance]);
    row(0, { soc: 10, alarmCellImbalance: 1 });
    row(10, { soc: 30, alarmCellImbalance: 0 });
    expect(book.list.map(({ ruleId, state, clearReason }) => [ruleId, state, clearReason])).toEqual([['imbalance', 'returned', undefined], ['soc', 'cleared', 'condition-ended']]);
    row(20, { soc: 10, alarmCellImbalance: 1 });
    expect(book.list.map(({ ruleId, occurrences }) => [ruleId, occurrences])).toEqual([['imbalance', 2], ['soc', 1], ['soc', 1]]);
  });

  it('cannot be cleared while its condition holds, but by force, which shelves it; and rises anew after a clear', () => {
    const { engine, book, row } = watch([imbalance]);
    row(0, { alarmCellImbalance: 1 });
    expect(engine.clearRefusal('v', 'imbalance')).toContain('still holds');
    expect(book.act('v', 'imbalance', { kind: 'clear', at: START + MINUTE, by: 'u', comment: 'ok' })).toContain('still holds');
    expect(book.act('v', 'imbalance', { kind: 'clear', at: START + MINUTE, by: 'admin', comment: 'sensor is being replaced', force: true })).toBe(undefined);
    expect(book.list.map(({ state, forced, shelvedUntil, raisedAt }) => [state, forced, shelvedUntil, raisedAt])).toEqual([['cleared', true, undefined, START], ['active', undefined, START + MINUTE + 8 * HOUR, START + MINUTE]]);
    row(120, { alarmCellImbalance: 0 });
    expect(book.act('v', 'imbalance', { kind: 'clear', at: START + 3 * MINUTE, by: 'u', comment: 'replaced' })).toBe(undefined);
    expect(engine.open()).toEqual([]);
    row(240, { alarmCellImbalance: 1 });
    expect(engine.open()).toMatchObject([{ state: 'active', occurrences: 1, raisedAt: START + 240 * SECOND }]);
    expect(engine.open()[0]?.shelvedUntil).toBe(undefined);
  });

  it('comes back from the shelf by itself, and thermal criticals never go there', () => {
    const { engine, book, row, only } = watch([imbalance]);
    row(0, { alarmCellImbalance: 1 });
    book.act('v', 'imbalance', { kind: 'shelve', at: START, by: 'u', reason: 'known', until: START + 30 * MINUTE });
    expect(only()).toMatchObject({ shelvedUntil: START + 30 * MINUTE, shelvedBy: 'u', shelfReason: 'known' });
    book.advance(START + 29 * MINUTE);
    expect(only().shelvedUntil).toBeDefined();
    book.advance(START + 30 * MINUTE);
    expect(only().shelvedUntil).toBe(undefined);
    expect(book.told).toEqual(['raised', 'shelved', 'unshelved']);
    const thermal = watch([runaway]);
    thermal.row(0, { alarmThermalRunaway: 1 });
    expect(thermal.book.act('v', 'runaway', { kind: 'shelve', at: START, by: 'u', reason: 'x', until: START + HOUR })).toContain('cannot be shelved');
    expect(thermal.book.act('v', 'runaway', { kind: 'clear', at: START, by: 'u', comment: 'x', force: true })).toContain('cannot be shelved');
    expect(engine.edge).toBe(true);
  });

  it('is not lost where its rule changes, and is cleared where the rule goes', () => {
    const { engine, book, row, only } = watch([hot]);
    row(0, { batteryTempMax: 60 });
    row(20, { batteryTempMax: 60 });
    book.take(engine.setRules([{ ...hot, version: 2, condition: { kind: 'compare', parameter: 'batteryTempMax', op: '>', value: 58 } }], START + 30 * SECOND, () => 60));
    row(40, { batteryTempMax: 59 });
    expect(only()).toMatchObject({ state: 'active', ruleVersion: 1, occurrences: 1 });
    book.take(engine.setRules([{ ...hot, version: 3, enabled: false }], START + 50 * SECOND));
    expect(only()).toMatchObject({ state: 'cleared', clearReason: 'rule-disabled' });
    const soon = watch([]);
    soon.row(0, { soc: 12 });
    soon.book.take(soon.engine.setRules([lowSoc], START + MINUTE, () => 12));
    soon.row(70, { soc: 12 });
    expect(soon.only().state).toBe('active');
  });
});

describe('what calls nobody', () => {
  it('is recorded with what muted it, and calls when that ends while it lasts', () => {
    const { engine, book, row, only, slot } = watch([imbalance, runaway]);
    row(-1, { alarmCellImbalance: 0 });
    book.take(engine.setMode(slot(), 'workshop', true, START));
    row(0, { alarmCellImbalance: 1 });
    expect(only()).toMatchObject({ state: 'active', mutedBy: 'workshop' });
    row(1, { alarmThermalRunaway: 1 });
    expect(book.list.find(({ ruleId }) => ruleId === 'runaway')?.mutedBy).toBe(undefined);
    book.take(engine.setMode(slot(), 'workshop', false, START + MINUTE));
    expect(book.list.find(({ ruleId }) => ruleId === 'imbalance')?.mutedBy).toBe(undefined);
    expect(book.told.slice(-1)).toEqual(['unmuted']);
  });

  it('stays muted where it rose and returned meanwhile', () => {
    const { engine, book, row, only, slot } = watch([imbalance]);
    row(-1, { alarmCellImbalance: 0 });
    book.take(engine.setMode(slot(), 'ota', true, START));
    row(0, { alarmCellImbalance: 1 });
    row(10, { alarmCellImbalance: 0 });
    book.take(engine.setMode(slot(), 'ota', false, START + MINUTE));
    expect(only()).toMatchObject({ state: 'returned', mutedBy: 'ota' });
    row(90, { alarmCellImbalance: 1 });
    expect(only()).toMatchObject({ state: 'active', occurrences: 2 });
    expect(only().mutedBy).toBe(undefined);
  });

  it('is what a vehicle said before it went Offline, and BMS details while the VCU does not hear the BMS', () => {
    const { engine, book, row, only, slot } = watch([imbalance]);
    row(0, { alarmCellImbalance: 1 });
    book.take(engine.setMode(slot(), 'offline', true, START + 24 * HOUR));
    expect(only()).toMatchObject({ state: 'active', mutedBy: 'offline' });
    book.take(engine.setMode(slot(), 'offline', false, START + 25 * HOUR));
    expect(only().mutedBy).toBe(undefined);
    row(26 * 3600, { vcuFaultBmsLost: 1 });
    expect(only().mutedBy).toBe('bms-bus-lost');
    row(26 * 3600 + 10, { vcuFaultBmsLost: 0 });
    expect(only().mutedBy).toBe(undefined);
  });

  it('is what late data tell of that is over; what lasts calls once the data are no longer late, or nothing follows', () => {
    const late = { receivedAt: START + 40 * MINUTE };
    const over = watch([imbalance, runaway]);
    over.row(0, { alarmCellImbalance: 1, alarmThermalRunaway: 1 }, late);
    over.row(60, { alarmCellImbalance: 0, alarmThermalRunaway: 0 }, late);
    expect(over.book.list.map(({ ruleId, state, mutedBy, clearReason }) => [ruleId, state, mutedBy, clearReason])).toEqual([['imbalance', 'cleared', 'late', 'late'], ['runaway', 'returned', undefined, undefined]]);
    const lasting = watch([imbalance]);
    lasting.row(0, { alarmCellImbalance: 1 }, late);
    expect(lasting.only()).toMatchObject({ state: 'active', mutedBy: 'late' });
    lasting.row(2401, { soc: 50, alarmCellImbalance: 1 });
    expect(lasting.only().mutedBy).toBe(undefined);
    const last = watch([imbalance]);
    last.row(0, { alarmCellImbalance: 1 }, late);
    last.book.advance(START + 41 * MINUTE);
    expect(last.only().mutedBy).toBe('late');
    last.book.advance(START + 41 * MINUTE + SECOND);
    expect(last.only()).toMatchObject({ state: 'active' });
    expect(last.only().mutedBy).toBe(undefined);
  });
});

describe('silence', () => {
  it('counts from the last message while the console is connected, and ends with the next', () => {
    const { engine, book, row, only } = watch([silent]);
    row(0, { soc: 50 });
    book.advance(START + HOUR - 1);
    expect(book.list).toEqual([]);
    // The console was away: what it has not heard meanwhile is not the vehicles' silence.
    engine.resume(START + 5 * HOUR);
    book.advance(START + 5.9 * HOUR);
    expect(book.list).toEqual([]);
    book.advance(START + 6 * HOUR);
    expect(only()).toMatchObject({ state: 'active', raisedAt: START + 6 * HOUR });
    row(6.5 * 3600, { soc: 50 });
    expect(only()).toMatchObject({ state: 'cleared', clearedAt: START + 6.5 * HOUR });
  });

  it('of one parameter counts only while others come, and not over a pause of the vehicle', () => {
    const { book, row, only } = watch([alertRule({ id: 'lost', severity: 'low', condition: { kind: 'all', of: [{ kind: 'no-data', parameter: 'packVoltage', after: 60 }, { kind: 'compare', parameter: 'ignition', op: '=', value: 1 }] } })]);
    row(0, { packVoltage: 50, ignition: 1 });
    book.advance(START + HOUR);
    row(600, { ignition: 1 });
    row(630, { ignition: 1 });
    expect(book.list).toEqual([]);
    row(660, { ignition: 1 });
    expect(only().raisedAt).toBe(START + 660 * SECOND);
    row(670, { packVoltage: 50 });
    expect(only().state).toBe('cleared');
  });

  it('of a fifth of a city within ten minutes is one alert, and those of the vehicles are muted by it', () => {
    const network = { ...alertRule({ id: NETWORK_RULE_ID, inhibition: 'none', condition: { kind: 'no-data', after: 600 } }) };
    const { engine, book, row } = watch([silent, network]);
    for (let i = 0; i < 20; i++) row(i, { soc: 50 }, { vehicle: `v${i}` });
    for (let i = 5; i < 20; i++) row(1800 + i, { soc: 50 }, { vehicle: `v${i}` });
    book.advance(START + HOUR + 10 * SECOND);
    const city = book.list.find(({ vehicleId }) => vehicleId === networkVehicleId('city'));
    expect(city).toMatchObject({ ruleId: NETWORK_RULE_ID, state: 'active' });
    expect(book.list.filter(({ ruleId, mutedBy }) => ruleId === 'silent' && mutedBy === 'network').length).toBe(5);
    for (let i = 0; i < 3; i++) row(3700 + i, { soc: 50 }, { vehicle: `v${i}` });
    expect(book.list.find(({ vehicleId }) => vehicleId === networkVehicleId('city'))?.state).toBe('returned');
    expect(book.list.filter(({ ruleId, mutedBy, state }) => ruleId === 'silent' && mutedBy === undefined && state === 'active').length).toBe(2);
    expect(book.act(networkVehicleId('city'), NETWORK_RULE_ID, { kind: 'clear', at: START + 2 * HOUR, by: 'u', comment: 'tower down' })).toBe(undefined);
    expect(engine.open().every(({ ruleId }) => ruleId === 'silent')).toBe(true);
  });
});

describe('history that is read', () => {
  it('takes nothing from what came meanwhile and is not stored yet', () => {
    const { engine, book, row, slot } = watch([imbalance, alertRule({ id: 'rate', condition: { kind: 'rate', parameter: 'batteryTempMax', op: '>=', perMinute: 1, window: 180 } })]);
    for (let i = 0; i <= 8; i++) row(i * 30, { batteryTempMax: 30 + i });
    row(241, { alarmCellImbalance: 1 });
    const before = book.list;
    expect(before.map(({ ruleId, state }) => [ruleId, state])).toEqual([['imbalance', 'active'], ['rate', 'active']]);
    book.take(engine.rederive(slot(), START - HOUR, [], START + 300 * SECOND));
    expect(book.list).toEqual(before);
    row(250, { alarmCellImbalance: 0 });
    row(270, { batteryTempMax: 38 });
    row(360, { batteryTempMax: 30 });
    expect(book.list.map(({ ruleId, state }) => [ruleId, state])).toEqual([['imbalance', 'returned'], ['rate', 'returned']]);
  });
});

describe('a vehicle that leaves', () => {
  it('takes its open alerts with it', () => {
    const { engine, book, row, only } = watch([imbalance]);
    row(0, { alarmCellImbalance: 1 });
    book.take(engine.removeVehicle('v', START + MINUTE));
    expect(only()).toMatchObject({ state: 'cleared', clearReason: 'not-for-vehicle' });
    expect(engine.open()).toEqual([]);
  });
});
