import { addAct } from './acting.ts';
import { createSamples } from './feed.ts';
import { RuleFold, type FoldState } from './fold.ts';
import { markMoved } from './moved.ts';
import type { CompiledRule } from './plan.ts';
import { Track } from './track.ts';
import { LATE_AFTER, type AlertAct, type AlertInterval, type AlertRecord } from './types.ts';
import type { WatchedVehicle } from './vehicle.ts';
import { GEO, PLACE, type RowWindow } from './window.ts';

/** What is stored of a vehicle from an instant on: alerts that were open at it or later, and every act on them. */
export type KnownAlerts = readonly { readonly ruleId: string; readonly alerts: readonly AlertRecord[]; readonly acts: readonly AlertAct[] }[];

/**
 * Takes a vehicle back to `from` (epoch ms): what ended before stays, what held across it holds, the rest is forgotten, to be
 * derived from the rows that are fed next. Alerts keep their identity by their intervals.
 */
export function restartFrom(vehicle: WatchedVehicle, from: number, known: KnownAlerts): void {
  const { plan, rows } = vehicle.samples;
  const samples = createSamples(plan, rows.capacity);
  samples.ever = vehicle.samples.ever;
  // Points of rates reach further back than rows are asked for.
  samples.rates = vehicle.samples.rates.map((series) => series.before(from));
  for (const { ruleId, alerts, acts } of known) {
    const rule = plan.rules.find((candidate) => candidate.rule.id === ruleId);
    if (!rule || rule.byReception) continue;
    const track = vehicle.tracks.get(ruleId) ?? new Track(vehicle.vehicleId, rule);
    vehicle.tracks.set(ruleId, track);
    for (const act of acts) if (act.kind === 'clear' || act.kind === 'acknowledge') addAct(track, act);
    for (const record of alerts) remember(track, record, from);
    track.alerts.sort((a, b) => a.record.raisedAt - b.record.raisedAt);
  }
  for (const track of vehicle.tracks.values()) {
    if (track.rule.byReception) continue;
    const all = [...track.intervals, ...track.alerts.flatMap((alert) => alert.intervals)];
    const across = all.find((interval) => interval.start < from && !(interval.end <= from));
    track.settled = track.intervals.filter((interval) => interval.end <= from);
    track.base = new RuleFold(track.rule, across && heldSince(track.rule, across));
    // Conditions have no negation: what held is taken to hold until a value says otherwise.
    if (across) for (let w = 0; w < plan.words; w++) samples.rows.truth[w] = (samples.rows.truth[w] as number) | (track.rule.mask[w] as number);
  }
  vehicle.samples = samples;
}

function heldSince(rule: CompiledRule, interval: AlertInterval): FoldState {
  return { cond: true, since: interval.start, start: interval.start, fresh: !interval.late, inner: Array.from({ length: rule.repeats }, () => true), rises: Array.from({ length: rule.repeats }, () => []), last: [...rule.mask] };
}

function remember(track: Track, record: AlertRecord, from: number): void {
  const end = record.returnedAt ?? record.clearedAt ?? Number.NaN;
  if (end <= from || track.alerts.some((alert) => alert.record.id === record.id)) return;
  // Muted by something else, it may have come late all the same, and must not call once that is over.
  const late = record.mutedBy === 'late' || (record.mutedBy !== undefined && record.receivedAt - record.raisedAt > LATE_AFTER);
  track.alerts.push({ record, intervals: [{ start: record.raisedAt, end, late, count: record.occurrences }], born: record.mutedBy });
}

/** Puts rows that were kept, and that history does not have yet, among those derived from it. */
export function keepNewest(vehicle: WatchedVehicle, before: RowWindow, from: number, changed: Uint32Array): void {
  const { rows, plan } = vehicle.samples;
  for (let i = 1; i <= before.count; i++) {
    const key = before.key[i] as number;
    // Rows that history has are as it says, with the slopes of rates as they are now.
    if (key < from || rows.find(key) > 0) continue;
    if (rows.full) vehicle.absorb(1);
    const at = rows.placeKey(key, before.late[i] === 1);
    if (at === PLACE.tooOld) continue;
    for (let w = 0; w < rows.words; w++) {
      rows.set[at * rows.words + w] = (rows.set[at * rows.words + w] as number) | (before.set[i * rows.words + w] as number);
      rows.reset[at * rows.words + w] = (rows.reset[at * rows.words + w] as number) | (before.reset[i * rows.words + w] as number);
    }
    for (const column of [GEO.lat, GEO.lon]) if (!Number.isNaN(before.geoOf(i, column))) rows.setGeo(at, column, before.geoOf(i, column));
    rows.derive(at, at, changed);
    if (plan.moved.length === 0 || !rows.geo) continue;
    markMoved(rows, at, plan);
    rows.derive(at, rows.count, changed);
  }
}
