import type { Tree } from './atoms.ts';
import type { Feeder } from './feed.ts';
import type { AlertInterval } from './types.ts';
import type { WatchedVehicle } from './vehicle.ts';

/**
 * Whether a row from before the rows kept could raise an alert or move one: conditions have no negation, so it cannot raise what it
 * does not make true even where everything it is silent about is; and it moves only what held around its time.
 */
export function canMatter(vehicle: WatchedVehicle, row: Pick<Feeder, 'set' | 'reset' | 'lost'>, time: number): boolean {
  if (row.lost) return true;
  const { plan } = vehicle.samples;
  for (const rule of plan.rules) {
    if (rule.byReception) continue;
    if (rule.mask.some((bits, w) => (bits & (row.set[w] as number)) !== 0) && possible(rule.tree, row.reset)) return true;
    const track = vehicle.tracks.get(rule.rule.id);
    if (!track || !rule.mask.some((bits, w) => (bits & ((row.set[w] as number) | (row.reset[w] as number))) !== 0)) continue;
    const { cond, since, start } = track.base.state;
    if ((cond && since <= time) || start <= time) return true;
    const around = (interval: AlertInterval): boolean => interval.start - rule.onDelay <= time && !(interval.end < time);
    if (track.settled.some(around) || track.intervals.some(around)) return true;
  }
  return false;
}

function possible(tree: Tree, reset: Uint32Array): boolean {
  switch (tree.kind) {
    case 'atom':
      return (((reset[tree.atom >> 5] as number) >>> (tree.atom & 31)) & 1) === 0;
    case 'all':
      return tree.of.every((part) => possible(part, reset));
    case 'any':
      return tree.of.some((part) => possible(part, reset));
    case 'repeat':
      return possible(tree.of, reset);
  }
}
