import type { Tree } from './atoms.ts';
import type { Feeder } from './feed.ts';
import type { AlertInterval, HistoryWanted } from './types.ts';
import type { WatchedVehicle } from './vehicle.ts';

/**
 * Whether a row from before the rows kept could raise an alert, move one, or change what is carried on from it. Conditions have no
 * negation: a rule whose atoms were never true in a way that meets it, this row included, cannot have been met. Otherwise what the
 * row makes true can matter until the next sample; what it makes false only where it was taken to hold.
 */
export function canMatter(vehicle: WatchedVehicle, row: Pick<Feeder, 'set' | 'reset' | 'lost'>, time: number): boolean {
  if (row.lost) return true;
  const { plan, rows, ever } = vehicle.samples;
  for (const rule of plan.rules) {
    if (rule.byReception || !rule.mask.some((bits, w) => (bits & ((row.set[w] as number) | (row.reset[w] as number))) !== 0) || !possible(rule.tree, ever)) continue;
    if (rule.mask.some((bits, w) => (bits & (row.set[w] as number)) !== 0)) return true;
    if (rule.mask.some((bits, w) => (bits & (row.reset[w] as number) & (rows.truth[w] as number)) !== 0)) return true;
    const forgotten = vehicle.forgotten.get(rule.rule.id);
    if (forgotten && forgotten[0] - rule.onDelay <= time && time <= forgotten[1]) return true;
    const track = vehicle.tracks.get(rule.rule.id);
    if (!track) continue;
    const { cond, since, start } = track.base.state;
    if ((cond && since <= time) || start <= time) return true;
    const around = (interval: AlertInterval): boolean => interval.start - rule.onDelay <= time && !(interval.end < time);
    if (track.settled.some(around) || track.intervals.some(around)) return true;
  }
  return false;
}

/** Asks for the history that a row at `time` needs, which came too late: from where it has to be read, epoch ms, and the reach of the rules before it, ms. */
export function wantHistory(vehicle: WatchedVehicle, time: number): HistoryWanted {
  vehicle.wanted = time;
  const margin = Math.max(0, ...vehicle.samples.plan.rules.map((rule) => rule.reach));
  let from = time - margin;
  for (const track of vehicle.tracks.values()) for (const { start, end } of track.intervals) if (start - margin < from && !(end < from)) from = start - margin;
  return { kind: 'history', vehicleId: vehicle.vehicleId, from, margin };
}

function possible(tree: Tree, ever: Uint32Array): boolean {
  switch (tree.kind) {
    case 'atom':
      return (((ever[tree.atom >> 5] as number) >>> (tree.atom & 31)) & 1) === 1;
    case 'all':
      return tree.of.every((part) => possible(part, ever));
    case 'any':
      return tree.of.some((part) => possible(part, ever));
    case 'repeat':
      return possible(tree.of, ever);
  }
}
