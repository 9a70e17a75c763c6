import { describe, expect, it } from 'vitest';
import { alertRule } from '../../testing/alerts.ts';
import { FloodMeter, alertKpi, isStale, limitsOf, quantile, type KpiAlert } from './index.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = 1_769_155_200_000;

const alert = (minutes: number, over: Partial<KpiAlert> = {}): KpiAlert => ({ ruleId: 'r', vehicleId: 'v', receivedAt: START + minutes * MINUTE, raisedAt: START + minutes * MINUTE, lastOccurrenceAt: START + minutes * MINUTE, occurrences: 1, muted: false, byPerson: false, ...over });

describe('a flood', () => {
  it('begins with the eleventh alert in ten minutes and ends when fewer than five are left', () => {
    const meter = new FloodMeter();
    for (let i = 0; i < 10; i++) meter.add(START + i * 1000);
    expect(meter.state(START + 10_000)).toEqual({ active: false, inTenMinutes: 10 });
    meter.add(START + 11_000);
    expect(meter.state(START + 12_000)).toEqual({ active: true, since: START + 11_000, inTenMinutes: 11 });
    // Seven of the eleven are older than ten minutes, then six are left, then four.
    expect(meter.state(START + 10 * MINUTE + 4500)).toMatchObject({ active: true, inTenMinutes: 6 });
    expect(meter.state(START + 10 * MINUTE + 5500)).toMatchObject({ active: true, inTenMinutes: 5 });
    expect(meter.state(START + 10 * MINUTE + 6500)).toEqual({ active: false, inTenMinutes: 4 });
  });

  it('is shared among operator positions', () => {
    const meter = new FloodMeter(2);
    for (let i = 0; i < 20; i++) meter.add(START);
    expect(meter.state(START).active).toBe(false);
    meter.add(START);
    expect(meter.state(START).active).toBe(true);
  });
});

describe('the figures', () => {
  it('count what called, per hour and ten minutes, against the goals, per position', () => {
    const burst = Array.from({ length: 12 }, (_, i) => alert(65 + i / 10, { ruleId: `r${i % 3}`, vehicleId: `v${i}` }));
    const kpi = alertKpi([alert(5), ...burst, alert(70, { muted: true }), alert(-1), alert(120)], START, START + 2 * HOUR, START + 2 * HOUR);
    expect(kpi).toMatchObject({ total: 13, perHour: { mean: 6.5, max: 12, goal: 6 }, perTenMinutes: { max: 12, goal: 12 }, hours: [{ at: START, count: 1 }, { at: START + HOUR, count: 12 }], floodShare: 1 / 12, topTenShare: 1 });
    expect(kpi.perTenMinutes.mean).toBeCloseTo(13 / 12);
    expect(alertKpi([alert(5), ...burst], START, START + 2 * HOUR, START + 2 * HOUR, 2)).toMatchObject({ perHour: { mean: 3.25, max: 6 }, floodShare: 0 });
  });

  it('name the ten most frequent rules and their share', () => {
    const alerts = Array.from({ length: 12 }, (_, rule) => Array.from({ length: rule + 1 }, (_, i) => alert(i * 4, { ruleId: `r${rule}`, vehicleId: `v${i}` }))).flat();
    const { top, topTenShare } = alertKpi(alerts, START, START + HOUR, START + HOUR);
    expect(top.map(({ count }) => count)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
    expect(topTenShare).toBeCloseTo(75 / 78);
  });

  it('find chattering: three within a minute, as alerts or as occurrences of one', () => {
    const chatter = (alerts: readonly KpiAlert[]) => alertKpi(alerts, START, START + HOUR, START + HOUR).chattering.map(({ occurrences }) => occurrences);
    expect(chatter([alert(1), alert(1.4), alert(1.9)])).toEqual([3]);
    expect(chatter([alert(1), alert(1.4), alert(2.1)])).toEqual([]);
    expect(chatter([alert(1), alert(1.4, { vehicleId: 'w' }), alert(1.9)])).toEqual([]);
    expect(chatter([alert(1, { occurrences: 20, lastOccurrenceAt: START + 4 * MINUTE })])).toEqual([20]);
    expect(chatter([alert(1, { occurrences: 20, lastOccurrenceAt: START + 59 * MINUTE })])).toEqual([]);
  });

  it('give turn-around of what people cleared, and stale ones', () => {
    const cleared = [10, 20, 30, 40, 100].map((minutes) => alert(0, { clearedAt: START + minutes * MINUTE, byPerson: true }));
    const itself = alert(0, { clearedAt: START + MINUTE });
    expect(alertKpi([...cleared, itself], START, START + 2 * HOUR, START + 2 * HOUR).turnAround).toEqual({ count: 5, median: 30 * MINUTE, p90: 76 * MINUTE });
    expect(alertKpi([], START, START + HOUR, START).turnAround).toEqual({ count: 0 });
    expect(quantile([], 0.5)).toBe(undefined);
    expect(isStale(alert(0), START + 24 * HOUR)).toBe(false);
    expect(isStale(alert(0), START + 24 * HOUR + 1)).toBe(true);
    expect(isStale(alert(0, { acknowledgedAt: START }), START + 48 * HOUR)).toBe(false);
    expect(isStale(alert(0, { returnedAt: START }), START + 48 * HOUR)).toBe(false);
  });
});

describe('the limit lines of a graph', () => {
  it('are those of its parameter, each once', () => {
    const condition = { kind: 'any', of: [{ kind: 'compare', parameter: 'soc', op: '<', value: 15, deadBand: 3 }, { kind: 'repeat', count: 2, within: 60, condition: { kind: 'compare', parameter: 'soc', op: '<', value: 15 } }, { kind: 'compare', parameter: 'speed', op: '>', value: 60 }] } as const;
    expect(limitsOf(alertRule({ condition: { kind: 'any', of: [...condition.of] }, graphParameter: 'soc' }))).toEqual([{ op: '<', value: 15, deadBand: 3 }]);
    expect(limitsOf(alertRule({ condition: { kind: 'any', of: [...condition.of] } }))).toEqual([]);
  });
});
