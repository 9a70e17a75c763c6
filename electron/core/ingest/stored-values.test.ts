import { describe, expect, test } from 'vitest';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { createStorageTable, secondOf, StoredValues } from './stored-values.ts';

const catalogue = createCatalogue();
const table = createStorageTable(catalogue);
const UNIT = 700;
const T0 = Date.UTC(2026, 0, 5, 10);
const voltage = catalogue.byKey('packVoltage')?.number ?? 0;
const band = catalogue.byKey('packVoltage')?.deadBand ?? 0;
const gear = catalogue.byKey('gear')?.number ?? 0;

function accepted(values: StoredValues, parameter: number, series: readonly (readonly [number, number])[]): boolean[] {
  return series.map(([second, value]) => {
    const time = T0 + second * 1000;
    return !values.begin(UNIT, time) || values.accept(UNIT, parameter, value, secondOf(time));
  });
}

describe('StoredValues', () => {
  test('stores the first value, what leaves the dead-band of the stored one, and one a period', () => {
    const series = [[0, 50], [1, 50 + band * 0.9], [2, 50 + band * 1.1], [3, 50 + band * 1.9], [62, 50 + band * 1.9], [63, 50 + band * 1.9]] as const;
    expect(accepted(new StoredValues(table), voltage, series)).toEqual([true, false, true, false, true, false]);
  });

  test('stores every change of a state', () => {
    expect(accepted(new StoredValues(table), gear, [[0, 1], [1, 1], [2, 0], [3, 1], [4, 1]])).toEqual([true, false, true, true, false]);
  });

  test('tells any two different doubles apart where every change counts', () => {
    expect(accepted(new StoredValues(table), gear, [[0, 0.1], [1, 0.1 + Number.EPSILON], [2, 0.1]])).toEqual([true, true, true]);
  });

  test('stores late rows whole and goes on where it was', () => {
    const values = new StoredValues(table);
    expect(accepted(values, gear, [[100, 1], [50, 1], [51, 1], [101, 1]])).toEqual([true, true, true, false]);
  });

  test('stores again after a reset', () => {
    const values = new StoredValues(table);
    accepted(values, gear, [[0, 1]]);
    values.reset(UNIT);
    expect(accepted(values, gear, [[1, 1]])).toEqual([true]);
  });

  test('keeps units apart, also when columns are added', () => {
    const values = new StoredValues(createStorageTable(catalogue));
    const answers: boolean[] = [];
    for (let round = 0; round < 2; round++) {
      for (const { number } of catalogue.entries.slice(0, 90)) {
        for (const unit of [1, 2, 300]) {
          values.begin(unit, T0);
          answers.push(values.accept(unit, number, unit, secondOf(T0)));
        }
      }
    }
    expect([answers.slice(0, 270).every(Boolean), answers.slice(270).some(Boolean)]).toEqual([true, false]);
  });

  test('knows alarm bits from other flags', () => {
    expect([table.alarm[catalogue.numberOf('alarmThermalRunaway')], table.alarm[catalogue.numberOf('ignition')], table.alarm[voltage]]).toEqual([1, 0, 0]);
  });
});
