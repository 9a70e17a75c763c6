import { crc32 } from '../telemetry/codec/checksum.ts';
import { ByteReader, ByteWriter } from '../telemetry/codec/chunk/bytes.ts';
import type { CityNetwork } from './network.ts';
import type { AlertPlan, CompiledRule } from './plan.ts';
import { jsonOf, parseJson, readText, readVehicle, restoreTrack, storedTrack, writeText, writeVehicle, type ReadFor, type StoredTrack } from './snapshot-vehicle.ts';
import type { Track } from './track.ts';
import { WatchedVehicle } from './vehicle.ts';

/** "CCAL" */
const MAGIC = 0x4343414c;
/** Goes up with every change of what is stored, members of the JSON header included. */
const VERSION = 3;
const HEADER = 16;
/** A block of vehicles has about this many bytes. */
const BLOCK = 65_536;
const HAS_TRACKS = 0x80;

interface StoredCity {
  readonly cityId: string;
  readonly network: ReturnType<CityNetwork['toJSON']>;
  readonly track?: StoredTrack;
}

interface Head {
  readonly asOf: number;
  readonly atoms: readonly (readonly string[])[];
  readonly models: readonly string[];
  readonly cityIds: readonly string[];
  readonly cities: readonly StoredCity[];
}

export interface EngineState {
  readonly asOf: number;
  readonly vehicles: readonly WatchedVehicle[];
  readonly cities: readonly { readonly cityId: string; readonly network: CityNetwork; readonly track: Track | undefined }[];
}

/** A vehicle of a snapshot that has not been read yet: nothing of it holds, so that time alone changes nothing but its silence. */
export interface StoredVehicle {
  readonly vehicleId: string;
  readonly modelId: string;
  readonly cityId: string | undefined;
  readonly modes: number;
  /** It has alerts, or a delay that runs. */
  readonly tracks: boolean;
  readonly from: number;
  readonly to: number;
}

export interface RestoredState {
  readonly asOf: number;
  readonly vehicles: readonly StoredVehicle[];
  readonly cities: readonly { readonly cityId: string; readonly network: StoredCity['network']; readonly track: Track | undefined }[];
  /** The vehicle itself, for the plan that holds now; one that knows nothing where it cannot be read. */
  read(stored: StoredVehicle, plan: AlertPlan): WatchedVehicle;
}

/** Names in the order in which they came. */
class Names<T> {
  readonly #numbers = new Map<T, number>();

  of(name: T): number {
    let number = this.#numbers.get(name);
    if (number === undefined) this.#numbers.set(name, (number = this.#numbers.size));
    return number;
  }

  get all(): T[] {
    return [...this.#numbers.keys()];
  }
}

/**
 * The engine's state at the moment this is made, as bytes, little endian: magic, version, CRC-32 of the rest, length of a JSON header
 * (names, cities, their alerts); then the vehicles. They are written a few at a time; whoever changes one meanwhile calls `before`.
 */
export class SnapshotWriter {
  readonly #state: EngineState;
  readonly #cities: readonly string[];
  readonly #left: Set<WatchedVehicle>;
  readonly #plans = new Names<AlertPlan>();
  readonly #models = new Names<string>();
  readonly #cityIds = new Names<string>();
  readonly #blocks: Uint8Array[] = [];
  #block = new ByteWriter();
  readonly #body = new ByteWriter();
  #crc = 0;
  #size = 0;

  constructor(state: EngineState) {
    this.#state = state;
    this.#left = new Set(state.vehicles);
    this.#cities = state.cities.map(({ cityId, network, track }) => jsonOf({ cityId, network: network.toJSON(), ...(track ? { track: storedTrack(track) } : {}) } satisfies StoredCity));
  }

  get done(): boolean {
    return this.#left.size === 0;
  }

  /** A vehicle is about to change: it is written as it was. */
  before(vehicle: WatchedVehicle): void {
    if (this.#left.delete(vehicle)) this.#write(vehicle);
  }

  /** Writes up to `count` vehicles more; returns whether all are written. */
  step(count: number): boolean {
    let left = count;
    for (const vehicle of this.#left) {
      if (left-- === 0) break;
      this.#left.delete(vehicle);
      this.#write(vehicle);
    }
    return this.done;
  }

  /** All of it; writes what is left. */
  bytes(): Uint8Array {
    this.step(Number.POSITIVE_INFINITY);
    this.#closeBlock();
    const names = { asOf: this.#state.asOf, atoms: this.#plans.all.map((plan) => plan.atoms.map((atom) => atom.key)), models: this.#models.all, cityIds: this.#cityIds.all };
    const header = new TextEncoder().encode(`${jsonOf(names).slice(0, -1)},"cities":[${this.#cities.join(',')}]}`);
    const bytes = new Uint8Array(HEADER + this.#size + header.length);
    const view = new DataView(bytes.buffer);
    let at = HEADER;
    for (const part of [...this.#blocks, header]) {
      bytes.set(part, at);
      at += part.length;
    }
    view.setUint32(0, MAGIC, true);
    view.setUint32(4, VERSION, true);
    view.setUint32(8, crc32(header, 0, header.length, this.#crc), true);
    view.setUint32(12, header.length, true);
    return bytes;
  }

  #write(vehicle: WatchedVehicle): void {
    const out = this.#block;
    const body = this.#body;
    body.length = 0;
    writeVehicle(body, vehicle, this.#plans.of(vehicle.samples.plan));
    writeText(out, vehicle.vehicleId);
    out.varint(this.#models.of(vehicle.modelId));
    out.varint(vehicle.cityId === undefined ? 0 : 1 + this.#cityIds.of(vehicle.cityId));
    out.u8(vehicle.modes | (vehicle.tracks.size > 0 ? HAS_TRACKS : 0));
    out.varint(body.length);
    out.append(body.take());
    if (out.length > BLOCK) this.#closeBlock();
  }

  #closeBlock(): void {
    const block = this.#block.take();
    this.#blocks.push(block);
    this.#size += block.length;
    this.#crc = crc32(block, 0, block.length, this.#crc);
    this.#block.length = 0;
  }
}

/** Reads what vehicles a snapshot has; undefined where it is damaged, of another version, or of another shape: it is derived state and keeps no program from starting. */
export function readSnapshot(bytes: Uint8Array, networkRule: CompiledRule | undefined, capacity: number): RestoredState | undefined {
  try {
    return read(bytes, networkRule, capacity);
  } catch {
    return undefined;
  }
}

function read(bytes: Uint8Array, networkRule: CompiledRule | undefined, capacity: number): RestoredState | undefined {
  if (bytes.length < HEADER) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC || view.getUint32(4, true) !== VERSION || view.getUint32(8, true) !== crc32(bytes, HEADER)) return undefined;
  const end = bytes.length - view.getUint32(12, true);
  const head = parseJson(new TextDecoder().decode(bytes.subarray(end))) as Head;
  const vehicles: StoredVehicle[] = [];
  const from = new ByteReader(bytes, HEADER, end);
  while (from.at < end) vehicles.push(identityOf(from, head));
  if (!head.cities.every(({ network }) => Array.isArray(network.silent) && Array.isArray(network.members))) return undefined;
  const cities = head.cities.map(({ cityId, network, track }) => ({ cityId, network, track: track && networkRule ? restoreTrack(`city:${cityId}`, track, networkRule, true) : undefined }));
  // Whether the atoms of a list are those of a plan, asked once.
  const known = new Map<AlertPlan, ReadFor>();
  const readFor = (plan: AlertPlan, list: number): ReadFor => {
    const names = head.atoms[list];
    if (!names) throw new RangeError('no such list of atoms');
    const before = known.get(plan);
    if (before?.names === names) return before;
    const found = { plan, names, capacity, same: names.length === plan.atoms.length && names.every((name, index) => name === plan.atoms[index]?.key) };
    known.set(plan, found);
    return found;
  };
  return {
    asOf: head.asOf,
    vehicles,
    cities,
    read(stored, plan) {
      try {
        return readVehicle(new ByteReader(bytes, stored.from, stored.to), stored, (list) => readFor(plan, list));
      } catch {
        return new WatchedVehicle(stored.vehicleId, stored.modelId, stored.cityId, plan, capacity);
      }
    },
  };
}

function identityOf(from: ByteReader, head: Head): StoredVehicle {
  const vehicleId = readText(from);
  const modelId = head.models[from.varint()];
  const city = from.varint();
  const cityId = city === 0 ? undefined : head.cityIds[city - 1];
  const modes = from.u8();
  const length = from.varint();
  from.take(length);
  if (modelId === undefined || (city > 0 && cityId === undefined)) throw new RangeError('no such name');
  return { vehicleId, modelId, cityId, modes: modes & ~HAS_TRACKS, tracks: (modes & HAS_TRACKS) !== 0, from: from.at - length, to: from.at };
}
