import { describe, expect, test } from 'vitest';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { createStorageTable, StoredValues } from './stored-values.ts';

const catalogue = createCatalogue();
const table = createStorageTable(catalogue);
const T0 = Date.UTC(2026, 0, 5, 10);
const voltage = catalogue.byKey('packVoltage')?.number ?? 0;
const band = catalogue.byKey('packVoltage')?.deadBand ?? 0;
const gear = catalogue.byKey('gear')?.number ?? 0;

function accepted(values: StoredValues, parameter: number, series: readonly (readonly [number, number])[]): boolean[] {
  return series.map(([second, value]) => {
    const time = T0 + second * 1000;
    return !values.begin(time) || values.accept(table, parameter, value, time);
  });
}

describe('StoredValues', () => {
  test('stores the first value, what leaves the dead-band of the stored one, and one a period', () => {
    const series = [[0, 50], [1, 50 + band * 0.9], [2, 50 + band * 1.1], [3, 50 + band * 1.9], [62, 50 + band * 1.9], [63, 50 + band * 1.9]] as const;
    expect(accepted(new StoredValues(), voltage, series)).toEqual([true, false, true, false, true, false]);
  });

  test('stores every change of a state', () => {
    expect(accepted(new StoredValues(), gear, [[0, 1], [1, 1], [2, 0], [3, 1], [4, 1]])).toEqual([true, false, true, true, false]);
  });

  test('tells any two different doubles apart where every change counts', () => {
    expect(accepted(new StoredValues(), gear, [[0, 0.1], [1, 0.1 + Number.EPSILON], [2, 0.1]])).toEqual([true, true, true]);
  });

  test('stores late rows whole and goes on where it was', () => {
    const values = new StoredValues();
    expect(accepted(values, gear, [[100, 1], [50, 1], [51, 1], [101, 1]])).toEqual([true, true, true, false]);
  });

  test('stores again after a reset', () => {
    const values = new StoredValues();
    accepted(values, gear, [[0, 1]]);
    values.reset();
    expect(accepted(values, gear, [[1, 1]])).toEqual([true]);
  });

  test('knows alarm bits from other flags', () => {
    expect([table.alarm[catalogue.numberOf('alarmThermalRunaway')], table.alarm[catalogue.numberOf('ignition')], table.alarm[voltage]]).toEqual([1, 0, 0]);
  });
});
