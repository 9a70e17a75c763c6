import { decimate } from './decimate.ts';
import { gapOf, type Readings } from './series.ts';

export interface SparkPath {
  /** SVG path data of the line; breaks at gaps. */
  readonly line: string;
  /** Stretches beyond a limit, drawn over the line; empty when there are none. */
  readonly beyond: string;
  /** Where the last reading is; undefined without one. */
  readonly last: { readonly x: number; readonly y: number; readonly beyond: boolean } | undefined;
  /** Heights of the limits that lie in the picture. */
  readonly limits: readonly number[];
}

export interface SparkInput extends Readings {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly gap?: number | undefined;
  /** Values above or below are out of range. */
  readonly upper?: number | undefined;
  readonly lower?: number | undefined;
}

/** A line of a few dozen pixels: no axes, the shape and what was out of range. Width and height in CSS pixels. */
export function sparkPath(input: SparkInput, width: number, height: number): SparkPath {
  const { times, values, count = times.length, upper, lower } = input;
  const from = input.from ?? times[0] ?? 0;
  const to = input.to ?? times[count - 1] ?? 1;
  const room = 2;
  const gap = input.gap ?? gapOf({ ...input, id: '', name: '', unit: '' });
  const rows = decimate({ times, values, count }, from, to, Math.max(8, Math.floor(width / 2)), gap);
  const lows = rows.low ?? rows.values;
  const highs = rows.high ?? rows.values;
  let [min, max] = [Infinity, -Infinity];
  for (let i = 0; i < lows.length; i++) {
    if (lows[i]! < min) min = lows[i]!;
    if (highs[i]! > max) max = highs[i]!;
  }
  if (min > max) return { line: '', beyond: '', last: undefined, limits: [] };
  // A limit that is nearly reached is part of the picture; one far away would flatten the line.
  const reach = (max - min) * 0.25;
  for (const limit of [upper, lower]) {
    if (limit !== undefined && limit >= min - reach && limit <= max + reach) [min, max] = [Math.min(min, limit), Math.max(max, limit)];
  }
  const span = max - min || 1;
  const middle = max === min;
  const x = (time: number): number => ((time - from) / (to - from || 1)) * width;
  const y = (value: number): number => (middle ? height / 2 : room + (1 - (value - min) / span) * (height - 2 * room));
  const n = (value: number): string => String(Math.round(value * 10) / 10);
  const out = (value: number): boolean => (upper !== undefined && value > upper) || (lower !== undefined && value < lower);

  let line = '';
  let beyond = '';
  let pen = false;
  let beyondPen = false;
  for (let i = 0; i < rows.times.length; i++) {
    const value = rows.values[i]!;
    if (Number.isNaN(value)) {
      pen = beyondPen = false;
      continue;
    }
    const at = `${n(x(rows.times[i]!))} ${n(y(value))}`;
    const next = rows.values[i + 1];
    // A dot for a reading without neighbours: a line of no length with round ends.
    line += pen ? `L${at}` : next === undefined || Number.isNaN(next) ? `M${at}l0.01 0` : `M${at}`;
    pen = true;
    const isOut = out(rows.high?.[i] ?? value) || out(rows.low?.[i] ?? value);
    if (isOut) beyond += beyondPen ? `L${at}` : `M${at}l0.01 0`;
    beyondPen = isOut;
  }
  const at = lastValue(input, from, to);
  return {
    line, beyond,
    last: at < 0 ? undefined : { x: x(times[at]!), y: y(values[at]!), beyond: out(values[at]!) },
    limits: [upper, lower].flatMap((limit) => (limit !== undefined && limit >= min && limit <= max ? [y(limit)] : [])),
  };
}

/** Row of the last reading with a value in the range; -1 when there is none. */
function lastValue({ times, values, count = times.length }: Readings, from: number, to: number): number {
  for (let i = count - 1; i >= 0 && times[i]! >= from; i--) if (times[i]! <= to && !Number.isNaN(values[i])) return i;
  return -1;
}
