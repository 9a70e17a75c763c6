import { crc32 } from '../telemetry/codec/checksum.ts';
import { ATOM } from './atoms.ts';
import { type Samples } from './feed.ts';
import { RuleFold, type FoldState } from './fold.ts';
import { adoptRules } from './migrate.ts';
import type { CityNetwork } from './network.ts';
import type { AlertPlan, CompiledRule } from './plan.ts';
import { RateSeries } from './rate.ts';
import { Track, type Shelf, type TrackedAlert } from './track.ts';
import type { AlertAct, AlertInterval } from './types.ts';
import { WatchedVehicle } from './vehicle.ts';

/** "CCAL" */
const MAGIC = 0x4343414c;
/** Goes up with every change of what is stored, members of the JSON header included. */
const VERSION = 2;
const HEADER = 16;

interface StoredTrack {
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

interface StoredVehicle {
  readonly vehicleId: string;
  readonly modelId: string;
  readonly cityId?: string;
  readonly heardAt: number;
  readonly seenTo: number;
  readonly heard: readonly number[];
  readonly silent: readonly number[];
  readonly ever: readonly number[];
  readonly modes: number;
  readonly forgotten: readonly (readonly [ruleId: string, span: readonly [from: number, to: number]])[];
  readonly wanted: number;
  /** Which of `atoms` its rows were made for. */
  readonly atoms: number;
  readonly rows: number;
  readonly geo: boolean;
  readonly rates: readonly (readonly [atom: number, count: number])[];
  readonly tracks: readonly StoredTrack[];
}

interface StoredCity {
  readonly cityId: string;
  readonly network: ReturnType<CityNetwork['toJSON']>;
  readonly track?: StoredTrack;
}

interface Head {
  readonly asOf: number;
  readonly atoms: readonly (readonly string[])[];
  readonly vehicles: readonly StoredVehicle[];
  readonly cities: readonly StoredCity[];
}

export interface EngineState {
  readonly asOf: number;
  readonly vehicles: readonly WatchedVehicle[];
  readonly cities: readonly { readonly cityId: string; readonly network: CityNetwork; readonly track: Track | undefined }[];
}

export interface RestoredState {
  readonly asOf: number;
  readonly vehicles: readonly WatchedVehicle[];
  readonly cities: readonly { readonly cityId: string; readonly network: StoredCity['network']; readonly track: Track | undefined }[];
}

/**
 * The engine's state as bytes, little endian: magic, version, CRC-32 of the rest, length of a JSON header (vehicles, tracks,
 * alerts); then per vehicle its rows (0 … count: keys as doubles, set, reset and truth words, late flags, position columns) and the
 * points of its rates.
 */
export function writeSnapshot(state: EngineState): Uint8Array {
  const lists = new Map<AlertPlan, number>();
  const parts: Uint8Array[] = [];
  const put = (array: { readonly buffer: ArrayBufferLike; readonly byteOffset: number; readonly byteLength: number }): void => void parts.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  const vehicles = state.vehicles.map((vehicle): StoredVehicle => {
    const { plan, rows, rates } = vehicle.samples;
    if (!lists.has(plan)) lists.set(plan, lists.size);
    const kept = rows.count + 1;
    put(rows.key.subarray(0, kept));
    for (const words of [rows.set, rows.reset, rows.truth]) put(words.subarray(0, kept * rows.words));
    put(rows.late.subarray(0, kept));
    if (rows.geo) put(rows.geo.subarray(0, kept * 6));
    const stored: [number, number][] = [];
    rates.forEach((series, rate) => {
      stored.push([plan.rates[rate] as number, series.count]);
      put(series.key.subarray(0, series.count));
      put(series.value.subarray(0, series.count));
    });
    const { vehicleId, modelId, cityId, heardAt, seenTo, modes, wanted } = vehicle;
    return {
      vehicleId, modelId, ...(cityId === undefined ? {} : { cityId }), heardAt, seenTo, heard: [...vehicle.heard], silent: [...vehicle.silent], ever: [...vehicle.samples.ever], forgotten: [...vehicle.forgotten], modes, wanted,
      atoms: lists.get(plan) as number, rows: rows.count, geo: rows.geo !== undefined, rates: stored, tracks: [...vehicle.tracks.values()].map(storedTrack),
    };
  });
  const cities = state.cities.map(({ cityId, network, track }): StoredCity => ({ cityId, network: network.toJSON(), ...(track ? { track: storedTrack(track) } : {}) }));
  const head: Head = { asOf: state.asOf, atoms: [...lists.keys()].map((plan) => plan.atoms.map((atom) => atom.key)), vehicles, cities };
  const header = new TextEncoder().encode(JSON.stringify(head, finite));
  const bytes = new Uint8Array(HEADER + header.length + parts.reduce((sum, part) => sum + part.length, 0));
  let at = HEADER;
  for (const part of [header, ...parts]) {
    bytes.set(part, at);
    at += part.length;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, VERSION, true);
  view.setUint32(12, header.length, true);
  view.setUint32(8, crc32(bytes, 12), true);
  return bytes;
}

function storedTrack(track: Track): StoredTrack {
  const { rule, base, fold, settled, intervals, alerts, acts, shelf, waived, stepped } = track;
  return { ruleId: rule.rule.id, version: rule.rule.version, base: base.state, fold: fold.state, settled, intervals, alerts, acts, ...(shelf ? { shelf } : {}), waived, stepped };
}

/** Reads a snapshot for the plans that hold now; undefined where it is damaged, of another version, or of another shape: it is derived state and keeps no program from starting. */
export function readSnapshot(bytes: Uint8Array, planOf: (modelId: string) => AlertPlan, networkRule: CompiledRule | undefined, capacity: number): RestoredState | undefined {
  try {
    return read(bytes, planOf, networkRule, capacity);
  } catch {
    return undefined;
  }
}

function read(bytes: Uint8Array, planOf: (modelId: string) => AlertPlan, networkRule: CompiledRule | undefined, capacity: number): RestoredState | undefined {
  if (bytes.length < HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION || view.getUint32(8, true) !== crc32(bytes, 12)) return undefined;
  const length = view.getUint32(12, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER, HEADER + length)), anyNumber) as Head;
  let at = HEADER + length;
  const fill = (array: { readonly buffer: ArrayBufferLike; readonly byteOffset: number; readonly byteLength: number }): void => {
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength).set(bytes.subarray(at, at + array.byteLength));
    at += array.byteLength;
  };
  const vehicles = head.vehicles.map((stored) => {
    const plan = planOf(stored.modelId);
    const names = head.atoms[stored.atoms] ?? [];
    const rows = { key: new Float64Array(stored.rows + 1), set: wordsFor(stored, names), reset: wordsFor(stored, names), truth: wordsFor(stored, names), late: new Uint8Array(stored.rows + 1), geo: stored.geo ? new Float32Array((stored.rows + 1) * 6) : undefined };
    for (const array of [rows.key, rows.set, rows.reset, rows.truth, rows.late, rows.geo]) if (array) fill(array);
    const rates = stored.rates.map(([atom, count]) => {
      const series = { atom, key: new Float64Array(count), value: new Float64Array(count) };
      fill(series.key);
      fill(series.value);
      return series;
    });
    return restoreVehicle(stored, names, plan, rows, rates, capacity);
  });
  const cities = head.cities.map(({ cityId, network, track }) => ({ cityId, network, track: track && networkRule ? restoreTrack(`city:${cityId}`, track, networkRule, true) : undefined }));
  return { asOf: head.asOf, vehicles, cities };
}

interface StoredRows {
  readonly key: Float64Array;
  readonly set: Uint32Array;
  readonly reset: Uint32Array;
  readonly truth: Uint32Array;
  readonly late: Uint8Array;
  readonly geo: Float32Array | undefined;
}

function wordsFor(stored: StoredVehicle, atoms: readonly string[]): Uint32Array {
  return new Uint32Array((stored.rows + 1) * ((atoms.length + 31) >> 5));
}

function restoreVehicle(stored: StoredVehicle, names: readonly string[], plan: AlertPlan, rows: StoredRows, rates: readonly { readonly atom: number; readonly key: Float64Array; readonly value: Float64Array }[], capacity: number): WatchedVehicle {
  const vehicle = new WatchedVehicle(stored.vehicleId, stored.modelId, stored.cityId, plan, capacity);
  const versions = new Map(plan.rules.map((rule) => [rule.rule.id, rule.rule.version]));
  const same = names.length === plan.atoms.length && names.every((name, index) => name === plan.atoms[index]?.key) && stored.tracks.every((track) => versions.get(track.ruleId) === track.version) && stored.rows <= capacity;
  vehicle.heardAt = stored.heardAt;
  vehicle.seenTo = stored.seenTo;
  vehicle.modes = stored.modes;
  for (const [ruleId, span] of stored.forgotten) vehicle.forgotten.set(ruleId, span);
  vehicle.wanted = stored.wanted;
  const atomOf = new Map(names.map((name, index) => [name, index]));
  plan.atoms.forEach((atom, index) => {
    if (atom.kind !== ATOM.rate) return;
    const points = rates.find((series) => series.atom === atomOf.get(atom.key));
    if (points) vehicle.samples.rates[plan.rateOf[index] as number] = RateSeries.restored(atom.window, points.key, points.value);
  });
  if (same) {
    restoreRows(vehicle.samples, rows, stored.rows);
    vehicle.heard = Float64Array.from(stored.heard);
    vehicle.silent = Uint8Array.from(stored.silent);
    vehicle.samples.ever = Uint32Array.from(stored.ever);
  } else {
    restoreNewest(vehicle.samples, rows, stored.rows, atomOf, names.length);
    // What was true before the rules changed is not known by their new atoms: anything may have been.
    vehicle.samples.ever.fill(0xffff_ffff);
  }
  for (const track of stored.tracks) {
    const rule = plan.rules.find((candidate) => candidate.rule.id === track.ruleId);
    if (rule) vehicle.tracks.set(track.ruleId, restoreTrack(stored.vehicleId, track, rule, same));
  }
  if (!same) adoptRules(vehicle, plan);
  return vehicle;
}

function restoreRows(samples: Samples, from: StoredRows, count: number): void {
  const { rows } = samples;
  rows.reserve(count);
  rows.key.set(from.key);
  rows.set.set(from.set);
  rows.reset.set(from.reset);
  rows.truth.set(from.truth);
  rows.late.set(from.late);
  rows.count = count;
  if (from.geo) {
    rows.setGeo(0, 0, from.geo[0] as number);
    rows.geo?.set(from.geo);
  }
}

/** Rules have changed since: what holds now of the atoms that stayed. */
function restoreNewest(samples: Samples, from: StoredRows, count: number, atomOf: ReadonlyMap<string, number>, atoms: number): void {
  const { plan, rows } = samples;
  const words = (atoms + 31) >> 5;
  rows.key[0] = from.key[count] as number;
  plan.atoms.forEach((atom, index) => {
    const known = atomOf.get(atom.key);
    if (known === undefined || (((from.truth[count * words + (known >> 5)] as number) >>> (known & 31)) & 1) === 0) return;
    rows.truth[index >> 5] = (rows.truth[index >> 5] as number) | (1 << (index & 31));
  });
}

function restoreTrack(vehicleId: string, stored: StoredTrack, rule: CompiledRule, same: boolean): Track {
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

/** JSON has no NaN and no infinities. */
const MARK = '\u0000';
const finite = (_: string, value: unknown): unknown => (typeof value === 'number' && !Number.isFinite(value) ? MARK + String(value) : value);
const anyNumber = (_: string, value: unknown): unknown => (typeof value === 'string' && value.startsWith(MARK) ? Number(value.slice(1)) : value);
