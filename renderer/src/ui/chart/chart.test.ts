import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ThemeTokens } from '../colours/theme-tokens.ts';
import { chartCsv } from './chart-csv.ts';
import { chartLayout, timeAt, xOf, yOf } from './chart-layout.ts';
import { hatchLines, limitText } from './chart-marks.ts';
import { chartModel, panelTitle } from './chart-model.ts';
import { chartOption } from './chart-option.ts';
import { fileName } from './chart-picture.ts';
import { decimate } from './decimate.ts';
import { niceScale, panelRange } from './nice-scale.ts';
import { firstAt, gapOf, panelsOf, rowNear, type ChartSeries, type Readings } from './series.ts';
import { sparkPath } from './sparkline.ts';
import { tickLabel, timeTicks } from './time-ticks.ts';

const T0 = Date.UTC(2024, 1, 6, 3, 0, 0);
const readings = fc.array(fc.record({ step: fc.integer({ min: 1, max: 5000 }), value: fc.oneof({ weight: 9, arbitrary: fc.double({ min: -500, max: 500, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) }) }), { minLength: 0, maxLength: 400 }).map((rows): Readings => {
  let time = T0;
  return { times: Float64Array.from(rows, ({ step }) => (time += step)), values: Float64Array.from(rows, ({ value }) => value) };
});
const series = (id: string, unit: string, values: number[], spacing = 1000): ChartSeries => ({ id, name: id.toUpperCase(), unit, times: Float64Array.from(values, (_, i) => T0 + i * spacing), values: Float64Array.from(values) });
const ends = (given: Readings): [number, number] => [given.times[0] ?? T0, (given.times.at(-1) ?? T0) + 1];
const finite = (values: Float64Array): number[] => [...values].filter((value) => !Number.isNaN(value));

describe('decimation', () => {
  it('keeps the smallest and the largest reading whatever is left out', () => {
    fc.assert(fc.property(readings, fc.integer({ min: 2, max: 60 }), (given, buckets) => {
      const rows = decimate(given, ...ends(given), buckets, 1e9);
      const kept = [...finite(rows.low ?? rows.values), ...finite(rows.high ?? rows.values)];
      const all = finite(given.values);
      // Of no readings both are infinite, and equal.
      expect(Math.min(...kept)).toBe(Math.min(...all));
      expect(Math.max(...kept)).toBe(Math.max(...all));
    }));
  });

  it('draws no more rows than asked for, in order of time, the mean between its ends', () => {
    fc.assert(fc.property(readings, fc.integer({ min: 2, max: 60 }), (given, buckets) => {
      const rows = decimate(given, ...ends(given), buckets, 3000);
      const drawn = finite(rows.values).length;
      if (rows.low !== undefined) expect(drawn).toBeLessThanOrEqual(buckets + 2);
      for (let i = 0; i < rows.times.length; i++) {
        if (i > 0) expect(rows.times[i]).toBeGreaterThanOrEqual(rows.times[i - 1]!);
        if (rows.low === undefined || Number.isNaN(rows.values[i])) continue;
        expect(rows.low[i]).toBeLessThanOrEqual(rows.values[i]! + 1e-9);
        expect(rows.high![i]).toBeGreaterThanOrEqual(rows.values[i]! - 1e-9);
      }
    }));
  });

  it('breaks the line at gaps and missing values, never at its ends nor twice', () => {
    fc.assert(fc.property(readings, fc.integer({ min: 2, max: 60 }), (given, buckets) => {
      const broken = [...decimate(given, ...ends(given), buckets, 3000).values].map(Number.isNaN);
      expect(broken.at(0) ?? false).toBe(false);
      expect(broken.at(-1) ?? false).toBe(false);
      broken.forEach((each, i) => expect(each && broken[i + 1] === true).toBe(false));
    }));
    const rows = decimate({ times: Float64Array.of(0, 1, 2, 50, 51), values: Float64Array.of(1, 2, 3, 4, 5) }, 0, 60, 100, 10);
    expect([...rows.values]).toEqual([1, 2, 3, Number.NaN, 4, 5]);
    const holes = decimate({ times: Float64Array.from({ length: 300 }, (_, i) => i), values: Float64Array.from({ length: 300 }, (_, i) => (i >= 100 && i < 200 ? Number.NaN : 1)) }, 0, 300, 30, 1000);
    expect([...holes.values].filter(Number.isNaN)).toHaveLength(1);
  });

  it('keeps a neighbour on either side of the range, so that lines leave the picture', () => {
    const given = series('a', '', Array.from({ length: 10 }, (_, i) => i));
    expect([...decimate(given, T0 + 3500, T0 + 5500, 100, 1e9).values]).toEqual([3, 4, 5, 6]);
  });
});

describe('reading at the cursor', () => {
  it('is the nearest that a search of all readings finds', () => {
    fc.assert(fc.property(readings, fc.integer({ min: -5000, max: 2_000_000 }), fc.integer({ min: 1, max: 10_000 }), (given, offset, within) => {
      const time = T0 + offset;
      const row = rowNear(given, time, within);
      const distances = [...given.times].map((each) => Math.abs(each - time));
      const best = Math.min(Infinity, ...distances);
      if (row >= 0) expect(distances[row]).toBe(best);
      else expect(best > within || distances.some((distance, i) => distance === best && Number.isNaN(given.values[i]))).toBe(true);
    }));
  });

  it('respects how many rows count', () => {
    const given = { ...series('a', '', [1, 2, 3, 4]), count: 2 };
    expect(firstAt(given, T0 + 9000)).toBe(2);
    expect(rowNear(given, T0 + 3000, 500)).toBe(-1);
  });

  it('takes twenty times the usual spacing for a gap', () => {
    expect(gapOf(series('a', '', [1, 2, 3, 4]))).toBe(20_000);
    expect(gapOf({ ...series('a', '', [1, 2]), gap: 90_000 })).toBe(90_000);
    expect(gapOf(series('a', '', [1]))).toBe(Infinity);
  });
});

describe('value scale', () => {
  it('holds both values between round ends, with a sensible number of lines', () => {
    fc.assert(fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), fc.integer({ min: 2, max: 10 }), (low, span, lines) => {
      const scale = niceScale(low, low + span, lines);
      expect(scale.min).toBeLessThanOrEqual(low + span * 1e-6);
      expect(scale.max).toBeGreaterThanOrEqual(low + span - span * 1e-6);
      const count = (scale.max - scale.min) / scale.step;
      expect(Math.abs(count - Math.round(count))).toBeLessThan(1e-3);
      expect(count).toBeLessThanOrEqual(lines + 2);
    }));
  });

  it('survives equal, missing and whole values', () => {
    expect(niceScale(50, 50, 4)).toMatchObject({ min: 46, max: 54 });
    expect(niceScale(Infinity, -Infinity, 4)).toEqual({ min: 0, max: 1, step: 1 });
    expect(niceScale(0, 1, 5, 1)).toEqual({ min: 0, max: 1, step: 1 });
  });

  it('shows a limit that is near and not one that would flatten the line', () => {
    expect(panelRange(20, 40, [45])).toEqual({ low: 20, high: 45 });
    expect(panelRange(20, 40, [200])).toEqual({ low: 20, high: 40 });
    expect(panelRange(20, 40, [], 0, 100)).toEqual({ low: 0, high: 100 });
  });
});

describe('time ticks', () => {
  it('are few, in range and round in the zone, half-hour offsets included', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 400 * 86_400 }), fc.integer({ min: 2, max: 30 * 86_400 }), fc.integer({ min: 1, max: 20 }), (offset, span, most) => {
      const from = T0 + offset * 1000;
      const { times, step } = timeTicks(from, from + span * 1000, most, 'Asia/Kolkata');
      expect(times.length).toBeLessThanOrEqual(most + 1);
      for (const time of times) {
        expect(time).toBeGreaterThanOrEqual(from);
        expect(time).toBeLessThanOrEqual(from + span * 1000);
        // India is 5 h 30 min ahead all year.
        expect((time + 5.5 * 3_600_000) % Math.min(step, 86_400_000)).toBe(0);
      }
    }));
  });

  it('stay at midnight across a change of the clocks', () => {
    const from = Date.UTC(2024, 2, 29);
    const { times } = timeTicks(from, from + 5 * 86_400_000, 6, 'Europe/Berlin');
    expect(times.map((time) => tickLabel(time, 86_400_000, 'Europe/Berlin'))).toEqual(['30-Mar', '31-Mar', '01-Apr', '02-Apr', '03-Apr']);
    expect(times.map((time) => tickLabel(time, 3_600_000, 'Europe/Berlin'))).toEqual(['30-Mar', '31-Mar', '01-Apr', '02-Apr', '03-Apr']);
  });

  it('say the date at midnight and seconds only where they matter', () => {
    const midnight = Date.UTC(2024, 1, 5, 18, 30);
    expect([tickLabel(midnight, 3_600_000, 'Asia/Kolkata'), tickLabel(midnight + 90_000, 30_000, 'Asia/Kolkata'), tickLabel(midnight + 3_600_000, 600_000, 'Asia/Kolkata')]).toEqual(['06-Feb', '00:01:30', '01:00']);
  });

  it('are none for an empty range', () => {
    expect(timeTicks(5, 5, 4).times).toEqual([]);
  });
});

describe('panels', () => {
  it('put series of one unit together and leave out what cannot be told apart', () => {
    const many = Array.from({ length: 7 }, (_, i) => series(`s${i}`, i % 2 === 0 ? 'V' : 'A', [1]));
    expect(panelsOf(many).map(({ unit, series: members }) => [unit, members.length])).toEqual([['V', 3], ['A', 2]]);
  });

  it('are titled with names and unit', () => {
    expect(panelTitle('km/h', [series('speed', 'km/h', [])])).toBe('SPEED (km/h)');
    expect(panelTitle('', [series('ignition', '', [])])).toBe('IGNITION');
    expect(panelTitle('°C', Array.from({ length: 5 }, (_, i) => series(`temperature ${i}`, '°C', [])))).toBe('°C');
  });

  it('keep their place when a series is hidden', () => {
    const model = chartModel({ series: [series('a', 'V', [1, 2]), series('b', 'A', [3, 4])], limits: [], from: T0, to: T0 + 1000, hidden: new Set(['a']), width: 500, height: 100 });
    expect(model.map(({ lines }) => lines.length)).toEqual([0, 1]);
    expect(model[1]!.lines[0]!.index).toBe(1);
  });
});

describe('layout', () => {
  it('turns pixels into time and back', () => {
    fc.assert(fc.property(fc.integer({ min: 200, max: 3000 }), fc.integer({ min: 120, max: 2000 }), fc.integer({ min: 1, max: 5 }), fc.double({ min: 0, max: 1, noNaN: true }), (width, height, panels, share) => {
      const layout = chartLayout(width, height, panels);
      const time = 1000 + share * 9000;
      expect(timeAt(layout, xOf(layout, time, 1000, 10_000), 1000, 10_000)).toBeCloseTo(time, 3);
      layout.plots.forEach((plot, i) => expect(i === 0 || plot.top > layout.plots[i - 1]!.top + layout.plots[i - 1]!.height).toBe(true));
    }));
    expect(yOf({ top: 10, height: 100 }, 75, { min: 50, max: 100, step: 10 })).toBe(60);
  });
});

describe('chart option', () => {
  const tokens: ThemeTokens = { dark: false, surface0: '#f5f6f8', surface1: '#ffffff', surface2: '#eef0f3', textStrong: '#10161f', textNormal: '#2b3542', textMuted: '#66717f', line: '#dde1e7', accent: '#0f62c9', critical: '#c21f2c', high: '#b85c00' };
  const layout = chartLayout(640, 300, 1);
  const input = (limits: { unit: string; value: number; label: string; level: 'critical' }[]) => ({
    layout, tokens, from: T0, to: T0 + 3000,
    panels: chartModel({ series: [series('temp', '°C', [30, Number.NaN, 32, 33])], limits, from: T0, to: T0 + 3000, hidden: new Set<string>(), width: layout.width, height: 200 }),
  });

  it('leaves a gap a gap and marks a reading that stands alone', () => {
    const option = chartOption(input([]));
    const line = (option.series as { type: string; connectNulls?: boolean; data: { value: unknown[]; symbol: string }[] }[]).find(({ type }) => type === 'line')!;
    expect(line.connectNulls).toBe(false);
    expect(line.data.map(({ value }) => value[1])).toEqual([30, '-', 32, 33]);
    expect(line.data[0]!.symbol).toBe('circle');
  });

  it('draws a limit that lies in the picture, in words', () => {
    const text = JSON.stringify(chartOption(input([{ unit: '°C', value: 33, label: 'Charge limit', level: 'critical' }])).series);
    expect(text).toContain('Charge limit 33 °C');
    expect(JSON.stringify(chartOption(input([{ unit: '°C', value: 300, label: 'Charge limit', level: 'critical' }])).series)).not.toContain('Charge limit');
  });
});

describe('saved values', () => {
  it('hold every reading of the range once, on its own instant', () => {
    const csv = chartCsv([series('a', 'V', [1, Number.NaN, 3]), series('b', 'A', [7, 8], 1500)], T0, T0 + 2000);
    expect(csv.split('\r\n')).toEqual([
      'time,A (V),B (A)', '2024-02-06T03:00:00.000Z,1,7', '2024-02-06T03:00:01.000Z,,', '2024-02-06T03:00:01.500Z,,8', '2024-02-06T03:00:02.000Z,3,', '',
    ]);
  });

  it('cannot smuggle a formula into a spreadsheet', () => {
    expect(chartCsv([{ ...series('a', '', [-5]), name: '=cmd(),"x"' }], T0, T0 + 1).split('\r\n')[0]).toBe(`time,"'=cmd(),""x"""`);
    expect(chartCsv([series('a', '', [-5])], T0, T0 + 1)).toContain(',-5');
  });

  it('get a file name of plain letters', () => {
    expect([fileName('Ride: 06/Feb', 'csv'), fileName('…', 'png')]).toEqual(['ride-06-feb.csv', 'chart.png']);
  });
});

describe('sparkline', () => {
  it('stays within its picture and never writes what is not a number', () => {
    fc.assert(fc.property(readings, fc.integer({ min: 20, max: 300 }), fc.option(fc.double({ min: -500, max: 500, noNaN: true }), { nil: undefined }), (given, width, upper) => {
      const path = sparkPath({ ...given, upper }, width, 28);
      expect(path.line + path.beyond).not.toMatch(/NaN|Infinity/);
      for (const [, y] of path.line.matchAll(/[ML]-?[\d.]+ (-?[\d.]+)/g)) {
        expect(Number(y)).toBeGreaterThanOrEqual(0);
        expect(Number(y)).toBeLessThanOrEqual(28);
      }
    }));
  });

  it('lifts the pen at a gap and marks what is beyond the limit', () => {
    const path = sparkPath({ times: Float64Array.of(0, 1, 2, 50, 51), values: Float64Array.of(1, 2, 3, 9, 9), gap: 10, upper: 8 }, 100, 28);
    expect(path.line.match(/M/g)).toHaveLength(2);
    expect(path.beyond).not.toBe('');
    expect(path.last).toMatchObject({ beyond: true });
    expect(sparkPath({ times: new Float64Array(), values: new Float64Array() }, 100, 28)).toEqual({ line: '', beyond: '', last: undefined, limits: [] });
  });
});

describe('bands, dead-bands and marks', () => {
  it('keeps the band that came with readings decimated at the source', () => {
    const given: Readings = { times: Float64Array.of(0, 10, 20, 30), values: Float64Array.of(5, 6, Number.NaN, 7), low: Float64Array.of(1, 2, Number.NaN, 3), high: Float64Array.of(9, 99, Number.NaN, 8) };
    const whole = decimate(given, 0, 30, 100, Infinity);
    expect([[...whole.values], [...whole.high!]]).toEqual([[5, 6, Number.NaN, 7], [9, 99, Number.NaN, 8]]);
    expect(Math.max(...finite(decimate({ ...given, times: given.times, values: given.values }, 0, 30, 1, Infinity).high!))).toBe(99);
  });

  it('says where a limit with a dead-band no longer holds', () => {
    expect(limitText({ label: 'High', value: 55, unit: '°C', deadBand: 2 }, 0)).toBe('High 55 °C, back below 53 °C');
    expect(limitText({ label: 'Low', value: 2.8, unit: 'V', deadBand: 0.02, wrong: 'below' }, 1)).toBe('Low 2.8 V, back above 2.82 V');
    expect(limitText({ label: 'High', value: 55, unit: '°C' }, 0)).toBe('High 55 °C');
  });

  it('hatches inside a rectangle and nowhere else', () => {
    for (const box of [{ x: 10, y: 20, width: 50, height: 8 }, { x: 0, y: 0, width: 5, height: 90 }]) {
      const lines = hatchLines(box);
      expect(lines.length).toBeGreaterThan(3);
      for (const [x1, y1, x2, y2] of lines) {
        for (const [x, y] of [[x1, y1], [x2, y2]] as const) expect(x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height).toBe(true);
        expect(x1 - x2).toBeCloseTo(y2 - y1);
      }
    }
  });
});
