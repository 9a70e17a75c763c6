import { ATOM, SYMBOL, symbolOf } from './atoms.ts';
import { createSamples } from './feed.ts';
import { RuleFold, type FoldState } from './fold.ts';
import type { AlertPlan, CompiledRule } from './plan.ts';
import { Track } from './track.ts';
import type { WatchedVehicle } from './vehicle.ts';

/**
 * Gives a vehicle another plan. Conditions that stay keep what they know; new ones start from `last`, the last value of a parameter.
 * Rows kept are folded in, so that what comes late from before now is derived from history. Returns tracks whose rules are gone,
 * without their place in the vehicle.
 */
export function migrate(vehicle: WatchedVehicle, plan: AlertPlan, capacity: number, last: ((parameter: number) => number) | undefined): Track[] {
  vehicle.absorb(vehicle.samples.rows.count);
  const { samples: old, heard, silent } = vehicle;
  const samples = createSamples(plan, capacity);
  const before = new Map(old.plan.atoms.map((atom, index) => [atom.key, index]));
  const { rows } = samples;
  rows.key[0] = Math.max(old.rows.key[0] as number, vehicle.seenTo);
  plan.atoms.forEach((atom, index) => {
    const known = before.get(atom.key);
    const value = known === undefined && last && atom.kind <= ATOM.different ? last(atom.parameter) : Number.NaN;
    const holds = known === undefined ? symbolOf(atom.kind, value, atom.limit, atom.back) === SYMBOL.set && value === value : old.rows.holds(0, known);
    const bit = 1 << (index & 31);
    if (holds || known === undefined || ((((old.ever[known >> 5] as number) >>> (known & 31)) & 1) === 1)) samples.ever[index >> 5] = (samples.ever[index >> 5] as number) | bit;
    if (holds) rows.truth[index >> 5] = (rows.truth[index >> 5] as number) | bit;
    const series = known === undefined ? undefined : old.rates[old.plan.rateOf[known] as number];
    if (atom.kind === ATOM.rate && series) samples.rates[plan.rateOf[index] as number] = series;
  });
  if (plan.moved.length > 0 && old.rows.geo) for (let column = 0; column < 6; column++) rows.setGeo(0, column, old.rows.geoOf(0, column));
  vehicle.samples = samples;
  const silentBefore = new Map(old.plan.silent.map((atom, k) => [old.plan.atoms[atom]?.key, k]));
  vehicle.heard = Float64Array.from(plan.silent, (atom) => {
    const k = silentBefore.get(plan.atoms[atom]?.key);
    return k === undefined ? Number.NaN : (heard[k] as number);
  });
  vehicle.silent = Uint8Array.from(plan.silent, (atom) => silent[silentBefore.get(plan.atoms[atom]?.key) ?? -1] ?? 0);
  return adoptRules(vehicle, plan);
}

/** Moves tracks to the rules of `plan` and judges them by what holds; returns those whose rules are gone. */
export function adoptRules(vehicle: WatchedVehicle, plan: AlertPlan): Track[] {
  const rules = new Map(plan.rules.map((rule) => [rule.rule.id, rule]));
  const gone: Track[] = [];
  for (const [id, track] of vehicle.tracks) {
    const rule = rules.get(id);
    if (rule) adopt(track, rule);
    else {
      gone.push(track);
      vehicle.tracks.delete(id);
    }
  }
  const { rows } = vehicle.samples;
  if (!(rows.key[0] as number > Number.NEGATIVE_INFINITY)) return gone;
  for (const rule of plan.rules) {
    if (rule.byReception) continue;
    const track = vehicle.tracks.get(rule.rule.id) ?? new Track(vehicle.vehicleId, rule);
    track.base.step(rows.timeOf(0), rows.truth, 0, false, (interval) => void track.settled.push(interval));
    if (!track.empty) vehicle.tracks.set(rule.rule.id, track);
  }
  return gone;
}

function adopt(track: Track, rule: CompiledRule): void {
  const same = track.rule.rule.version === rule.rule.version && track.rule.byReception === rule.byReception;
  track.base = new RuleFold(rule, same ? track.base.state : restarted(rule, track.base));
  track.fold = track.base;
  track.rule = rule;
}

/** What lasts is taken to hold until it is judged by the new condition. */
function restarted(rule: CompiledRule, fold: RuleFold): FoldState {
  const { start, fresh } = fold.state;
  return { cond: fold.active, since: start, start, fresh, inner: Array.from({ length: rule.repeats }, () => false), rises: Array.from({ length: rule.repeats }, () => []), last: [] };
}
