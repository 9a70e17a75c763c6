import type { OutputOf } from '#shared/contract/index.ts';
import { isChargingState, longestPause } from '#shared/domain/history/silence.ts';
import { StepReader, type Steps } from '#shared/domain/history/steps.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import type { FleetDirectory } from '../live/directory-port.ts';
import type { Trend as Curve } from '../store/telemetry/reads.ts';
import type { TelemetryHistory } from './ports.ts';

export interface TrendQuery {
  readonly parameters: readonly number[];
  readonly from: number;
  readonly to: number;
  readonly points: number;
}

type Trend = OutputOf<'vehicle.trend'>;
type TrendSeries = Trend['series'][number];

/** What tells for how long a vehicle may be silent. */
const CONTEXT = [PARAMETER.ignition, PARAMETER.chargingState];
const NOTHING = new Float64Array(0);

/**
 * A vehicle's readings in a range for a chart: every one of a parameter that has no more than `points`, else mean, smallest and largest
 * per stretch of about (to − from) / points. The line is broken where the vehicle was silent for longer than it may be.
 */
export async function readTrend(history: TelemetryHistory, directory: Pick<FleetDirectory, 'boundUnits'>, catalogue: ParameterCatalogue, vehicleId: string, query: TrendQuery): Promise<Trend> {
  const { from, to } = query;
  const asked = [...new Set([...query.parameters, ...CONTEXT])];
  const { curves, truncated, damaged } = await readCurves(history, directory, vehicleId, { ...query, parameters: asked });
  const steps = (parameter: number): Steps => {
    const parts = curves.get(parameter) ?? [];
    return { time: concat(parts, 'time'), value: concat(parts, 'last') };
  };
  const series = query.parameters.map((parameter): TrendSeries => {
    const parts = curves.get(parameter) ?? [];
    const period = catalogue.byNumber(parameter)?.storagePeriod ?? 0;
    const pause = pauses(steps(PARAMETER.ignition), steps(PARAMETER.chargingState), period);
    const readings = parts.reduce((sum, { total }) => sum + total, 0);
    const bucket = Math.max(0, ...parts.map((part) => part.bucket));
    const decimated = bucket > 0;
    // The first and last stretch may reach beyond the range.
    const time = Float64Array.from(parts.flatMap((part) => Array.from(part.time, (begin) => (part.bucket === 0 ? begin : Math.min(to, Math.max(from, begin + part.bucket / 2))))));
    const rows = { time, value: concat(parts, 'mean'), low: decimated ? concat(parts, 'min') : NOTHING, high: decimated ? concat(parts, 'max') : NOTHING };
    return { parameter, ...broken(rows, (at) => pause(at) + bucket), decimated, readings };
  });
  return { series, truncated, damaged };
}

/** The curves of every unit the vehicle has had, one after the other, by parameter; a unit's ends inside the range are kept to. */
async function readCurves(history: TelemetryHistory, directory: Pick<FleetDirectory, 'boundUnits'>, vehicleId: string, query: TrendQuery): Promise<{ readonly curves: ReadonlyMap<number, readonly Curve[]>; readonly truncated: boolean; readonly damaged: number }> {
  const { parameters, points } = query;
  const curves = new Map<number, Curve[]>(parameters.map((parameter) => [parameter, []]));
  let truncated = false;
  let damaged = 0;
  for (const bound of directory.boundUnits(vehicleId)) {
    const from = Math.max(query.from, bound.from);
    const to = Math.min(query.to, bound.to - 1);
    if (from > to) continue;
    const share = (to - from + 1) / (query.to - query.from + 1);
    const found = await history.series({ unitId: bound.unitId, parameters, from, to, maxPoints: Math.ceil(points * share) + 1 });
    truncated ||= found.truncated;
    damaged += found.damaged;
    for (const curve of found.trends) curves.get(curve.parameter)?.push(curve);
  }
  return { curves, truncated, damaged };
}

function concat(parts: readonly Curve[], column: 'time' | 'min' | 'max' | 'mean' | 'last'): Float64Array {
  const [only] = parts;
  if (parts.length === 1 && only) return only[column];
  return Float64Array.from(parts.flatMap((part) => Array.from(part[column])));
}

/** How long after an instant the next reading may come; to be asked with ascending instants. */
function pauses(ignition: Steps, charging: Steps, period: number): (at: number) => number {
  const on = new StepReader(ignition);
  const plugged = new StepReader(charging);
  return (at) => longestPause(on.at(at), isChargingState(plugged.at(at)), period);
}

interface Rows {
  readonly time: Float64Array;
  readonly value: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

type OwnedRows = { readonly [K in keyof Rows]: Float64Array<ArrayBuffer> };

/** The rows with a row of NaN behind each that is followed by nothing for longer than `pause` of its time. */
function broken({ time, value, low, high }: Rows, pause: (at: number) => number): OwnedRows {
  const breaks: number[] = [];
  for (let i = 0; i + 1 < time.length; i++) if ((time[i + 1] as number) - (time[i] as number) > pause(time[i] as number)) breaks.push(i);
  if (breaks.length === 0) return { time: Float64Array.from(time), value: Float64Array.from(value), low: Float64Array.from(low), high: Float64Array.from(high) };
  const widen = (column: Float64Array, at: (row: number) => number): Float64Array<ArrayBuffer> => {
    if (column.length === 0) return new Float64Array(0);
    const out = new Float64Array(column.length + breaks.length);
    let [from, to] = [0, 0];
    for (const row of breaks) {
      out.set(column.subarray(from, row + 1), to);
      to += row + 1 - from;
      out[to++] = at(row);
      from = row + 1;
    }
    out.set(column.subarray(from), to);
    return out;
  };
  const none = (): number => Number.NaN;
  return { time: widen(time, (row) => (time[row] as number) + 1), value: widen(value, none), low: widen(low, none), high: widen(high, none) };
}
