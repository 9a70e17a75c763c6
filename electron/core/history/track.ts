import type { OutputOf } from '#shared/contract/index.ts';
import { buildTrack, lastAt, TRACK_FLAG, TRACK_PARAMETERS, type Steps, type TrackRows } from '#shared/domain/history/index.ts';
import { DEFAULT_SPEED_LIMIT } from '#shared/domain/telemetry/state/index.ts';
import type { DirectoryEntry, FleetDirectory } from '../live/directory-port.ts';
import type { PlaceNames } from '../live/places.ts';
import { readVehicleHistory } from '../live/vehicle-history.ts';
import { missingSpans, type MissingSpan, type NumberGap } from './missing.ts';
import type { RecordHistory } from './ports.ts';

/** Stored values of one parameter that are looked at; a week of a report each second has more, and its oldest part is left out. */
const MAX_POINTS = 300_000;
/** Stays that get the name of their place. */
const NAMED_STAYS = 200;

export interface TrackServices {
  readonly history: RecordHistory;
  readonly directory: Pick<FleetDirectory, 'boundUnits'>;
  readonly places: Pick<PlaceNames, 'nearest'>;
  /** Epoch ms. */
  now(): number;
  /** Messages of a unit that did not arrive, ascending. */
  gaps(unitId: string): readonly NumberGap[];
}

/** The track of a vehicle between two instants, through all the units it has had. */
export async function readTrack({ history, directory, places, gaps, now }: TrackServices, entry: Pick<DirectoryEntry, 'vehicleId' | 'vin' | 'speedLimit'>, range: { readonly from: number; readonly to: number }): Promise<OutputOf<'vehicle.track'>> {
  const { series, truncated } = await readVehicleHistory(history, directory, entry.vehicleId, { ...range, parameters: TRACK_PARAMETERS, maxPoints: MAX_POINTS });
  const values = new Map<number, Steps>(series.filter(({ time }) => time.length > 0).map(({ parameter, time, value }) => [parameter, { time, value }]));
  const { rows, stays, charges, silences, readings, distance, distanceSource } = buildTrack(values, { speedLimit: entry.speedLimit ?? DEFAULT_SPEED_LIMIT, to: Math.min(range.to, now()) });
  const missing: MissingSpan[] = [];
  for (const bound of directory.boundUnits(entry.vehicleId)) {
    const part = { from: Math.max(range.from, bound.from), to: Math.min(range.to, bound.to - 1) };
    if (part.from < part.to) missing.push(...(await missingSpans(history, bound.unitId, part, gaps(bound.unitId))));
  }
  markGuessed(rows, missing);
  const placed = (from: 'first' | 'last'): string | undefined => {
    const row = from === 'first' ? rows.lat.findIndex((lat) => !Number.isNaN(lat)) : rows.lat.findLastIndex((lat) => !Number.isNaN(lat));
    return row < 0 ? undefined : places.nearest(rows.lat[row] as number, rows.lon[row] as number);
  };
  return {
    vehicleId: entry.vehicleId, vin: entry.vin, ...rows, readings, truncated, distance, distanceSource,
    stays: stays.map((stay, i) => ({ ...stay, ...named('place', i < NAMED_STAYS ? places.nearest(stay.lat, stay.lon) : undefined) })),
    charges: charges.map(({ from, to }) => ({ from, to })),
    silences: silences.map(({ from, to }) => ({ from, to })),
    missing: missing.map(({ from, to, messages }) => ({ from, to, messages })),
    ...named('startPlace', placed('first')),
    ...named('endPlace', placed('last')),
  };
}

/** A leg over lost messages is a guess: nobody knows where the vehicle was meanwhile. */
function markGuessed({ time, flags }: TrackRows, missing: readonly MissingSpan[]): void {
  for (const { from, to } of missing) {
    const before = lastAt(time, from);
    const after = before + 1;
    if (before >= 0 && after < time.length && (time[after] as number) >= to) flags[after] = (flags[after] as number) | TRACK_FLAG.guessed;
  }
}

function named<K extends string>(key: K, name: string | undefined): { [P in K]?: string } {
  return (name === undefined ? {} : { [key]: name }) as { [P in K]?: string };
}
