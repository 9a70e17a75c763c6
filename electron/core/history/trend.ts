import type { OutputOf } from '#shared/contract/index.ts';
import { isChargingState, longestPause } from '#shared/domain/history/silence.ts';
import { StepReader, type Steps } from '#shared/domain/history/steps.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import type { FleetDirectory } from '../live/directory-port.ts';
import { readVehicleHistory } from '../live/vehicle-history.ts';
import type { RolledUp, TelemetryHistory } from './ports.ts';

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
 * A vehicle's readings in a range for a chart: every one of a parameter that has no more than twice `points`, else mean, smallest and
 * largest per stretch of (to − from) / points. The line is broken where the vehicle was silent for longer than it may be.
 */
export async function readTrend(history: TelemetryHistory, directory: Pick<FleetDirectory, 'boundUnits'>, catalogue: ParameterCatalogue, vehicleId: string, query: TrendQuery): Promise<Trend> {
  const { from, to, points } = query;
  const bucket = Math.max(1, Math.ceil((to - from) / points));
  const asked = [...new Set([...query.parameters, ...CONTEXT])];
  const rolled = await rollUp(history, directory, vehicleId, { parameters: asked, from, to, bucket });
  const few = query.parameters.filter((parameter) => total(rolled, parameter) <= 2 * points);
  const exact = few.length === 0 ? undefined : await readVehicleHistory(history, directory, vehicleId, { parameters: [...new Set([...few, ...CONTEXT])], from, to, maxPoints: 20_000 });
  const context = (parameter: number): Steps => {
    const found = rolled.find((one) => one.parameter === parameter);
    return { time: found?.start ?? NOTHING, value: found?.last ?? NOTHING };
  };
  const series = query.parameters.map((parameter): TrendSeries => {
    const period = catalogue.byNumber(parameter)?.storagePeriod ?? 0;
    const pause = pauses(context(PARAMETER.ignition), context(PARAMETER.chargingState), period);
    const readings = total(rolled, parameter);
    const single = few.includes(parameter) ? exact?.series.find((one) => one.parameter === parameter) : undefined;
    if (single) return { parameter, ...broken({ time: single.time, value: single.value, low: NOTHING, high: NOTHING }, pause), decimated: false, readings };
    const { start, mean, min, max } = rolled.find((one) => one.parameter === parameter) as RolledUp;
    // The first and last stretch may reach beyond the range.
    const time = Float64Array.from(start, (begin) => Math.min(to, Math.max(from, begin + bucket / 2)));
    return { parameter, ...broken({ time, value: mean, low: min, high: max }, (at) => pause(at) + bucket), decimated: true, readings };
  });
  return { series, truncated: exact?.truncated ?? false };
}

/** The roll-ups of every unit the vehicle has had, one after the other; a unit's ends inside the range are kept to. */
async function rollUp(history: TelemetryHistory, directory: Pick<FleetDirectory, 'boundUnits'>, vehicleId: string, query: { parameters: readonly number[]; from: number; to: number; bucket: number }): Promise<readonly RolledUp[]> {
  const parts: (readonly RolledUp[])[] = [];
  for (const bound of directory.boundUnits(vehicleId)) {
    const from = Math.max(query.from, bound.from);
    const to = Math.min(query.to + 1, bound.to);
    if (from < to) parts.push(await history.rollup({ ...query, unitId: bound.unitId, from, to }));
  }
  const [only] = parts;
  if (parts.length === 1 && only) return only;
  const joined = (parameter: number, key: 'start' | 'min' | 'max' | 'mean' | 'last' | 'count'): number[] => parts.flatMap((part) => part.filter((one) => one.parameter === parameter).flatMap((one) => [...one[key]]));
  return query.parameters.map((parameter) => ({
    parameter,
    start: Float64Array.from(joined(parameter, 'start')), count: Uint32Array.from(joined(parameter, 'count')), min: Float64Array.from(joined(parameter, 'min')),
    max: Float64Array.from(joined(parameter, 'max')), mean: Float64Array.from(joined(parameter, 'mean')), last: Float64Array.from(joined(parameter, 'last')),
  }));
}

function total(rolled: readonly RolledUp[], parameter: number): number {
  let sum = 0;
  for (const count of rolled.find((one) => one.parameter === parameter)?.count ?? []) sum += count;
  return sum;
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
