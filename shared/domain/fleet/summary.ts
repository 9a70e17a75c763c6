import { VEHICLE_STATUSES } from './status.ts';

/** Vehicles per status, in the order of VEHICLE_STATUSES, and all of them; the six always add up to `all`. */
export interface StatusCounts {
  all: number;
  readonly byStatus: Uint32Array;
}

/** Counts in total and per group (city, zone, customer …). */
export interface FleetSummary<G> {
  readonly total: StatusCounts;
  readonly groups: ReadonlyMap<G, StatusCounts>;
}

function empty(): StatusCounts {
  return { all: 0, byStatus: new Uint32Array(VEHICLE_STATUSES.length) };
}

function count(counts: StatusCounts, status: number): void {
  counts.all++;
  counts.byStatus[status]!++;
}

/**
 * Counts the vehicles of `slots` by status code; `groupOf` names the group of a slot, undefined for none. Linear in the number of
 * vehicles; used by the core and by the renderer so that figures agree everywhere.
 */
export function summarise<G>(slots: Iterable<number>, status: Uint8Array, groupOf: (slot: number) => G | undefined): FleetSummary<G> {
  const total = empty();
  const groups = new Map<G, StatusCounts>();
  for (const slot of slots) {
    const code = status[slot]!;
    count(total, code);
    const group = groupOf(slot);
    if (group === undefined) continue;
    let counts = groups.get(group);
    if (!counts) groups.set(group, (counts = empty()));
    count(counts, code);
  }
  return { total, groups };
}
