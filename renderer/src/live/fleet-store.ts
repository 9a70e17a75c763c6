import { ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import type { DirectoryVehicle, LiveFrame } from '#shared/contract/fleet.ts';
import type { OutputOf } from '#shared/contract/index.ts';
import { VEHICLE_STATUSES } from '#shared/domain/fleet/status.ts';
import { DisposableStore, type Disposable } from '#shared/kernel/disposable.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';

type Directory = OutputOf<'fleet.directory'>;

/** Live columns by slot; longer than the fleet and changed in place: redraw when `version` changes. */
export interface FleetColumns {
  status: Uint8Array;
  flags: Uint8Array;
  lat: Float64Array;
  lon: Float64Array;
  heading: Float32Array;
  speed: Float32Array;
  soc: Float32Array;
  range: Float32Array;
  odometer: Float64Array;
  signal: Uint8Array;
  lastCommunication: Float64Array;
}

const KEYS = ['status', 'flags', 'lat', 'lon', 'heading', 'speed', 'soc', 'range', 'odometer', 'signal', 'lastCommunication'] as const satisfies readonly (keyof FleetColumns)[];
const UNKNOWN_SIGNAL = 255;

function createColumns(size: number): FleetColumns {
  return {
    status: new Uint8Array(size).fill(VEHICLE_STATUSES.length),
    flags: new Uint8Array(size),
    lat: new Float64Array(size).fill(Number.NaN),
    lon: new Float64Array(size).fill(Number.NaN),
    heading: new Float32Array(size).fill(Number.NaN),
    speed: new Float32Array(size).fill(Number.NaN),
    soc: new Float32Array(size).fill(Number.NaN),
    range: new Float32Array(size).fill(Number.NaN),
    odometer: new Float64Array(size).fill(Number.NaN),
    signal: new Uint8Array(size).fill(UNKNOWN_SIGNAL),
    lastCommunication: new Float64Array(size).fill(Number.NaN),
  };
}

/** The fleet in the renderer: master data and live columns of every vehicle in scope, kept by two streams. */
export interface FleetStore extends Disposable {
  /** Undefined until it came. */
  readonly directory: Readonly<ShallowRef<Directory | undefined>>;
  /** Vehicles by slot; holes where a slot is not in scope. */
  readonly bySlot: Readonly<ShallowRef<readonly (DirectoryVehicle | undefined)[]>>;
  readonly byId: Readonly<ShallowRef<ReadonlyMap<string, DirectoryVehicle>>>;
  /** The arrays are the same ones between growths. */
  columns(): Readonly<FleetColumns>;
  /** Counts live frames. */
  readonly version: Readonly<Ref<number>>;
  /** The instant the picture holds for, epoch ms; 0 until the first frame. */
  readonly asOf: Readonly<Ref<number>>;
  readonly failed: Readonly<Ref<unknown>>;
  reload(): void;
}

/** Opens the fleet streams; every frame is taken in at once and drawn with the next animation frame. */
export function createFleetStore(rpc: Rpc, nextFrame: () => Promise<void>): FleetStore {
  const directory = shallowRef<Directory>();
  const bySlot = shallowRef<readonly (DirectoryVehicle | undefined)[]>([]);
  const byId = shallowRef<ReadonlyMap<string, DirectoryVehicle>>(new Map());
  const version = ref(0);
  const asOf = ref(0);
  const failed = shallowRef<unknown>();
  const streams = new DisposableStore();
  let columns = createColumns(256);
  let epoch = '';
  let wanted = 0;

  async function load(): Promise<void> {
    const mine = ++wanted;
    try {
      const answer = await rpc.call('fleet.directory', {});
      if (mine !== wanted) return;
      const slots: (DirectoryVehicle | undefined)[] = [];
      for (const vehicle of answer.vehicles) slots[vehicle.slot] = vehicle;
      bySlot.value = slots;
      byId.value = new Map(answer.vehicles.map((vehicle) => [vehicle.vehicleId, vehicle]));
      directory.value = answer;
      failed.value = undefined;
      version.value++;
    } catch (error) {
      if (mine === wanted && directory.value === undefined) failed.value = error;
    }
  }

  function take(frame: LiveFrame): Promise<void> {
    if (frame.epoch !== epoch || frame.full) {
      columns = createColumns(Math.max(columns.status.length, capacityFor(frame)));
      epoch = frame.epoch;
    } else if (capacityFor(frame) > columns.status.length) {
      const larger = createColumns(capacityFor(frame));
      for (const key of KEYS) larger[key].set(columns[key]);
      columns = larger;
    }
    const { slot } = frame;
    for (const key of KEYS) {
      const to = columns[key];
      const from = frame[key];
      for (let i = 0; i < slot.length; i++) to[slot[i]!] = from[i]!;
    }
    asOf.value = frame.asOf;
    version.value++;
    return nextFrame();
  }

  streams.add(rpc.open('fleet.directoryChanges', {}, { onItem: () => void load(), onError: (error) => (failed.value = error) }));
  streams.add(rpc.open('fleet.live', {}, { onItem: take, onError: (error) => (failed.value = error) }));

  return {
    directory, bySlot, byId, version, asOf, failed,
    columns: () => columns,
    reload: () => void load(),
    dispose: () => streams.dispose(),
  };
}

function capacityFor(frame: LiveFrame): number {
  let highest = -1;
  for (const slot of frame.slot) if (slot > highest) highest = slot;
  let capacity = 256;
  while (capacity <= highest) capacity *= 2;
  return capacity;
}
