import type { ByteReader, ByteWriter } from '../telemetry/codec/chunk/bytes.ts';
import { ATOM } from './atoms.ts';
import type { Samples } from './feed.ts';
import { RuleFold, type FoldState } from './fold.ts';
import { adoptRules } from './migrate.ts';
import type { AlertPlan, CompiledRule } from './plan.ts';
import { RATE_POINTS, RateSeries } from './rate.ts';
import { readRows, readSeries, writeRows, writeSeries } from './snapshot-rows.ts';
import { Track, type Shelf, type TrackedAlert } from './track.ts';
import type { AlertAct, AlertInterval } from './types.ts';
import { WatchedVehicle } from './vehicle.ts';
import { RowWindow } from './window.ts';

export interface StoredTrack {
  readonly ruleId: string;
  readonly version: number;
  readonly base: FoldState;
  readonly fold: FoldState;
  readonly settled: AlertInterval[];
  readonly intervals: AlertInterval[];
  readonly alerts: TrackedAlert[];
  readonly acts: AlertAct[];
  readonly shelf?: Shelf;
  readonly waived: number;
  readonly stepped: number;
}

/** What few vehicles have, as JSON. */
interface Story {
  readonly forgotten: readonly (readonly [ruleId: string, span: readonly [from: number, to: number]])[];
  readonly tracks: readonly StoredTrack[];
}

/** JSON has no NaN and no infinities. */
const MARK = '\u0000';
const finite = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? MARK + String(value) : value);
const anyNumber = (_: string, value: unknown): unknown => (typeof value === 'string' && value.startsWith(MARK) ? Number(value.slice(1)) : value);
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder();

/** JSON that keeps NaN and infinities. */
export function jsonOf(value: unknown): string {
  return JSON.stringify(value, finite);
}

export function parseJson(text: string): unknown {
  return JSON.parse(text, anyNumber);
}

export function writeText(out: ByteWriter, text: string): void {
  const bytes = ENCODER.encode(text);
  out.varint(bytes.length);
  out.append(bytes);
}

export function readText(from: ByteReader): string {
  return DECODER.decode(from.take(from.varint()));
}

/** All of a vehicle but its ids and modes; `plan` is the number of its plan in the snapshot. */
export function writeVehicle(out: ByteWriter, vehicle: WatchedVehicle, plan: number): void {
  const { samples, heard, silent, tracks, forgotten } = vehicle;
  out.varint(plan);
  for (const time of [vehicle.heardAt, vehicle.seenTo, vehicle.wanted]) out.f64(time);
  out.varint(heard.length);
  heard.forEach((time, k) => {
    out.f64(time);
    out.u8(silent[k] as number);
  });
  for (const word of samples.ever) out.u32(word);
  writeText(out, tracks.size === 0 && forgotten.size === 0 ? '' : jsonOf({ forgotten: [...forgotten], tracks: [...tracks.values()].map(storedTrack) } satisfies Story));
  out.varint(samples.rates.length);
  samples.rates.forEach((series, rate) => {
    out.varint(samples.plan.rates[rate] as number);
    writeSeries(out, series);
  });
  writeRows(out, samples.rows);
}

/** What a vehicle is read for: the plan that holds now, and the names of the atoms it was written for; `same` where they are those of the plan. */
export interface ReadFor {
  readonly plan: AlertPlan;
  readonly names: readonly string[];
  readonly same: boolean;
  readonly capacity: number;
}

/** Reads what writeVehicle wrote. Throws where it cannot be read. */
export function readVehicle(from: ByteReader, identity: { readonly vehicleId: string; readonly modelId: string; readonly cityId: string | undefined; readonly modes: number }, readFor: (plan: number) => ReadFor): WatchedVehicle {
  const { plan, names, same: sameAtoms, capacity } = readFor(from.varint());
  const vehicle = new WatchedVehicle(identity.vehicleId, identity.modelId, identity.cityId, plan, capacity);
  vehicle.modes = identity.modes;
  vehicle.heardAt = from.f64();
  vehicle.seenTo = from.f64();
  vehicle.wanted = from.f64();
  const silents = from.varint();
  const heard = new Float64Array(Math.min(silents, names.length));
  const silent = new Uint8Array(heard.length);
  for (let k = 0; k < heard.length; k++) {
    heard[k] = from.f64();
    silent[k] = from.u8();
  }
  const words = (names.length + 31) >> 5;
  const ever = Uint32Array.from({ length: words }, () => from.u32());
  const text = readText(from);
  const story = text === '' ? undefined : (parseJson(text) as Story);
  const versions = story && new Map(plan.rules.map((rule) => [rule.rule.id, rule.rule.version]));
  const same = sameAtoms && (story?.tracks ?? []).every((track) => versions?.get(track.ruleId) === track.version);
  for (const [ruleId, span] of story?.forgotten ?? []) vehicle.forgotten.set(ruleId, span);
  const atomOf = same ? undefined : new Map(names.map((name, index) => [name, index]));
  for (let left = from.varint(); left > 0; left--) {
    const atom = from.varint();
    const { key, value } = readSeries(from, RATE_POINTS);
    plan.atoms.forEach((candidate, index) => {
      if (candidate.kind === ATOM.rate && (atomOf ? atomOf.get(candidate.key) : index) === atom) vehicle.samples.rates[plan.rateOf[index] as number] = RateSeries.restored(candidate.window, key, value);
    });
  }
  if (!atomOf) {
    readRows(from, vehicle.samples.rows);
    vehicle.heard = heard;
    vehicle.silent = silent;
    vehicle.samples.ever = ever;
  } else {
    const rows = new RowWindow(words, capacity);
    readRows(from, rows);
    restoreNewest(vehicle.samples, rows, atomOf);
    // What was true before the rules changed is not known by their new atoms: anything may have been.
    vehicle.samples.ever.fill(0xffff_ffff);
  }
  for (const track of story?.tracks ?? []) {
    const rule = plan.rules.find((candidate) => candidate.rule.id === track.ruleId);
    if (rule) vehicle.tracks.set(track.ruleId, restoreTrack(vehicle.vehicleId, track, rule, same));
  }
  if (!same) adoptRules(vehicle, plan);
  return vehicle;
}

/** Rules have changed since: what holds now of the atoms that stayed. */
function restoreNewest(samples: Samples, from: RowWindow, atomOf: ReadonlyMap<string, number>): void {
  const { plan, rows } = samples;
  rows.key[0] = from.newestKey;
  plan.atoms.forEach((atom, index) => {
    const known = atomOf.get(atom.key);
    if (known !== undefined && from.holds(from.count, known)) rows.truth[index >> 5] = (rows.truth[index >> 5] as number) | (1 << (index & 31));
  });
}

export function storedTrack(track: Track): StoredTrack {
  const { rule, base, fold, settled, intervals, alerts, acts, shelf, waived, stepped } = track;
  return { ruleId: rule.rule.id, version: rule.rule.version, base: base.state, fold: fold.state, settled, intervals, alerts, acts, ...(shelf ? { shelf } : {}), waived, stepped };
}

/** Throws where a track is not of the shape that is read. */
export function restoreTrack(vehicleId: string, stored: StoredTrack, rule: CompiledRule, same: boolean): Track {
  const lists = [stored.settled, stored.intervals, stored.acts, stored.alerts, ...stored.alerts.map((alert) => alert.intervals)];
  if (!lists.every(Array.isArray) || !stored.alerts.every(({ record }) => typeof record?.id === 'string')) throw new TypeError('a track of another shape');
  const state = same ? stored.base : stored.version === rule.rule.version ? stored.fold : { ...stored.fold, cond: !Number.isNaN(stored.fold.start), since: stored.fold.start, inner: Array.from({ length: rule.repeats }, () => false), rises: Array.from({ length: rule.repeats }, () => []), last: [] };
  const track = new Track(vehicleId, rule, state);
  track.fold = rule.byReception ? track.base : new RuleFold(rule, same ? stored.fold : state);
  track.settled = same ? stored.settled : stored.intervals.filter((interval) => interval.end === interval.end);
  track.intervals = stored.intervals;
  track.alerts = stored.alerts;
  track.acts = stored.acts;
  track.shelf = stored.shelf;
  track.waived = stored.waived;
  track.stepped = stored.stepped;
  return track;
}
