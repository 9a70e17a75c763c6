import { describe, expect, it } from 'vitest';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import { batchOf, type PlainMessage } from '../store/telemetry/batch-builder.ts';
import { MemoryHistoryStore } from '../store/telemetry/memory-store.ts';
import type { TelemetryHistory } from './ports.ts';
import { readTrend } from './trend.ts';

const T0 = Date.UTC(2026, 0, 5, 6);
const SECOND = 1000;
const UNITS = new Map([['u1', 1], ['u2', 2]]);
const catalogue = createCatalogue();

async function historyOf(messages: readonly PlainMessage[]): Promise<TelemetryHistory> {
  const store = new MemoryHistoryStore();
  await store.appendBatch(batchOf(messages));
  const units = (unitId: string): number[] => [UNITS.get(unitId) ?? 99];
  return {
    read: async ({ unitId, ...query }) => store.readRange({ ...query, units: units(unitId) }),
    series: ({ unitId, ...query }) => store.trends({ ...query, units: units(unitId) }),
  };
}
const directory = { boundUnits: () => [{ unitId: 'u1', from: -Infinity, to: Infinity }] };
const speeds = (count: number, speed: (i: number) => number, unit = 1, from = T0): PlainMessage[] =>
  Array.from({ length: count }, (_, i) => ({ unit, time: from + i * SECOND, received: from + i * SECOND, values: [[PARAMETER.speed, speed(i)], [PARAMETER.ignition, 1]] }));

describe('trend', () => {
  it('answers with every reading where they are few', async () => {
    const history = await historyOf(speeds(100, (i) => i));
    const { series } = await readTrend(history, directory, catalogue, 'v', { parameters: [PARAMETER.speed], from: T0 + 10 * SECOND, to: T0 + 19 * SECOND, points: 100 });
    expect(series[0]).toMatchObject({ decimated: false, readings: 10 });
    expect([...series[0]!.value]).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
    expect(series[0]!.low).toHaveLength(0);
  });

  it('keeps the exact peaks of what it decimates, the mean between them', async () => {
    const history = await historyOf(speeds(20_000, (i) => (i === 7777 ? 99.5 : i === 13_001 ? -3 : 40 + (i % 7))));
    const { series } = await readTrend(history, directory, catalogue, 'v', { parameters: [PARAMETER.speed], from: T0, to: T0 + 20_000 * SECOND, points: 400 });
    const [one] = series;
    expect(one).toMatchObject({ decimated: true, readings: 20_000 });
    expect(one!.time.length).toBeLessThanOrEqual(401);
    expect(Math.max(...one!.high)).toBe(99.5);
    expect(Math.min(...one!.low)).toBe(-3);
    expect(one!.time.every((time, i) => i === 0 || time > one!.time[i - 1]!)).toBe(true);
    expect(one!.value.every((value, i) => value >= one!.low[i]! && value <= one!.high[i]!)).toBe(true);
  });

  it('breaks the line where a driving vehicle was silent for longer than three reports, and not while it is parked', async () => {
    const parked: PlainMessage[] = [0, 9, 18].map((minute) => ({ unit: 1, time: T0 + (5 + minute) * 60_000, received: T0, values: [[PARAMETER.speed, 0], [PARAMETER.ignition, 0]] }));
    const history = await historyOf([...speeds(20, () => 30), ...speeds(20, () => 30, 1, T0 + 120 * SECOND), ...parked]);
    const { series } = await readTrend(history, directory, catalogue, 'v', { parameters: [PARAMETER.speed], from: T0, to: T0 + 3_600_000, points: 100 });
    const broken = [...series[0]!.value].flatMap((value, i) => (Number.isNaN(value) ? [i] : []));
    // Behind the first ride, and behind the second: its ignition was last seen on.
    expect(broken).toEqual([20, 41]);
  });

  it('joins what the units of a vehicle said, each for its time in it', async () => {
    const history = await historyOf([...speeds(100, () => 10), ...speeds(100, () => 20, 2)]);
    const change = T0 + 50 * SECOND;
    const swapped = { boundUnits: () => [{ unitId: 'u1', from: -Infinity, to: change }, { unitId: 'u2', from: change, to: Infinity }] };
    const { series } = await readTrend(history, swapped, catalogue, 'v', { parameters: [PARAMETER.speed], from: T0, to: T0 + 100 * SECOND, points: 110 });
    expect(series[0]!.readings).toBe(100);
    const values = [...series[0]!.value];
    expect([values[0], values.at(-1), values.filter((value) => value === 10).length]).toEqual([10, 20, 50]);
  });

  it('tells that something is missing, or damaged', async () => {
    const history = await historyOf(speeds(100, (i) => i));
    const cut: TelemetryHistory = { ...history, series: async (query) => ({ ...(await history.series(query)), truncated: true, damaged: 2 }) };
    const query = { parameters: [PARAMETER.speed], from: T0, to: T0 + 100 * SECOND, points: 50 };
    expect(await readTrend(history, directory, catalogue, 'v', query)).toMatchObject({ truncated: false, damaged: 0 });
    expect(await readTrend(cut, directory, catalogue, 'v', query)).toMatchObject({ truncated: true, damaged: 2 });
  });

  it('says nothing of a parameter that was never stored', async () => {
    const { series } = await readTrend(await historyOf([]), directory, catalogue, 'v', { parameters: [PARAMETER.soc], from: T0, to: T0 + 1000, points: 50 });
    expect(series).toMatchObject([{ parameter: PARAMETER.soc, readings: 0, decimated: false }]);
  });
});
