import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import type { ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { AppError } from '#shared/kernel/error.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import type { DirectoryEntry } from '../live/directory-port.ts';
import type { LiveFleet } from '../live/live-fleet.ts';
import type { PlaceNames } from '../live/places.ts';
import type { RecordHistory } from './ports.ts';
import { readTrack, type TrackServices } from './track.ts';
import { readTrend } from './trend.ts';

export interface HistoryServices {
  readonly fleet: LiveFleet;
  readonly catalogue: ParameterCatalogue;
  readonly history: RecordHistory;
  readonly places: Pick<PlaceNames, 'nearest'>;
  readonly gaps: TrackServices['gaps'];
  readonly clock: Pick<Clock, 'now'>;
}

/** Longest range one question may cover, ms: three months, whatever is kept. */
export const LONGEST_RANGE = 92 * 86_400_000;

export type HistoryHandlers = Pick<Handlers<AppContract, Principal>, 'vehicle.trend' | 'vehicle.track'>;

/** Handlers of the history pages; a vehicle out of scope is not found. */
export function historyHandlers({ fleet, catalogue, history, places, gaps, clock }: HistoryServices): HistoryHandlers {
  function visible(principal: Principal, vehicleId: string): DirectoryEntry {
    const found = fleet.find(principal, vehicleId);
    if (!found) throw new AppError('not-found', 'There is no such vehicle, or it is not among those you may see.');
    return found.entry;
  }
  return {
    'vehicle.trend': (input, context) => {
      checkRange(input);
      return readTrend(history, fleet.directory, catalogue, visible(principalOf(context), input.vehicleId).vehicleId, input);
    },
    'vehicle.track': (input, context) => {
      checkRange(input);
      return readTrack({ history, directory: fleet.directory, places, gaps, now: () => clock.now() }, visible(principalOf(context), input.vehicleId), input);
    },
  };
}

/** Throws AppError invalid-input for a range that ends before it begins, or is longer than what is kept. */
export function checkRange({ from, to }: { readonly from: number; readonly to: number }): void {
  if (!(to > from)) throw new AppError('invalid-input', 'The end of the range has to be after its beginning.');
  if (to - from > LONGEST_RANGE) throw new AppError('invalid-input', 'Choose a range of at most 92 days.');
}
