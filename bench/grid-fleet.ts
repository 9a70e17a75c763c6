import { join } from 'node:path';
import { describeFleet } from '#electron/simulator/fleet/describe.ts';
import { FleetCells } from '#core/live/cells.ts';
import type { DirectoryEntry, FleetDirectory } from '#core/live/directory-port.ts';
import { FleetQuery } from '#core/live/fleet-query.ts';
import { LiveFleet } from '#core/live/live-fleet.ts';
import { loadPlaceNames } from '#core/live/places.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { disposable } from '#shared/kernel/disposable.ts';
import { SILENT_LOG } from '#shared/kernel/ports.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { catalogue } from './live-traffic.ts';

const MOST_DESCRIBED = 90_000;

/** A live fleet without store and broker: the described demo vehicles, each with a position and the values of the grid's columns. */
export interface BenchFleet {
  readonly state: FleetState;
  readonly fleet: LiveFleet;
  readonly cells: FleetCells;
  readonly query: FleetQuery;
  readonly directory: FleetDirectory;
  /** Lets `count` vehicles report once more at `now` (epoch ms), each in turn. */
  report(count: number, now: number): void;
}

export function createBenchFleet(vehicles: number, now: number): BenchFleet {
  const described = describeMany(vehicles, now);
  const directory = directoryOf(described);
  const state = new FleetState();
  state.evaluate(now);
  const fleet = new LiveFleet(state, directory, 'bench');
  const random = new SeededRandom(9);
  const places = described.vehicles.map(({ deviceId, lat, lon }) => ({ slot: state.slotOf(deviceId) ?? 0, lat, lon }));
  let next = 0;
  const reportOne = (at: number): void => {
    const place = places[next++ % places.length]!;
    const { slot } = place;
    place.lon += 0.000_02;
    for (const [parameter, value] of [[PARAMETER.speed, random.below(60)], [PARAMETER.ignition, random.below(2)], [PARAMETER.soc, random.below(100)], [PARAMETER.range, random.below(120)], [PARAMETER.heading, random.below(360)], [PARAMETER.gsmSignal, random.below(32)]] as const) state.put(slot, parameter, value, at);
    state.putFix(slot, place.lat, place.lon, at);
    state.contact(slot, at);
    state.refresh(slot);
  };
  for (let i = 0; i < vehicles; i++) reportOne(now);
  const cells = new FleetCells(fleet, catalogue, loadPlaceNames(join(import.meta.dirname, '../resources'), SILENT_LOG));
  return {
    state, fleet, cells, directory,
    query: new FleetQuery(fleet, cells),
    report(count, at) {
      state.evaluate(at);
      for (let i = 0; i < count; i++) reportOne(at);
    },
  };
}

/** The demo's description ends at 90,000 vehicles; what is above it is the beginning again, under other names. */
function describeMany(vehicles: number, now: number): ReturnType<typeof describeFleet> {
  const described = describeFleet({ vehicles: Math.min(vehicles, MOST_DESCRIBED), seed: 1, now });
  const again = described.vehicles.slice(0, vehicles - described.vehicles.length).map((vehicle) => ({ ...vehicle, vin: `${vehicle.vin}B`, deviceId: `${vehicle.deviceId}B` }));
  return { ...described, vehicles: [...described.vehicles, ...again] };
}

function directoryOf({ vehicles, customers, locations, models }: ReturnType<typeof describeFleet>): FleetDirectory {
  const customerNames = new Map(customers.map(({ key, name }) => [key, name]));
  const places = new Map(locations.map((location) => [location.key, location]));
  const modelNames = new Map(models.map(({ key, name }) => [key, name]));
  const entries: DirectoryEntry[] = vehicles.map((vehicle) => {
    const { vin, deviceId, telematicsId, bmsId, motorId, registration, customerKey, locationKey, modelKey, phone, userName, purchaseDate, productStatus } = vehicle;
    const place = places.get(locationKey);
    return {
      vehicleId: vin, unitId: deviceId, vin, deviceId, telematicsId, bmsId, motorId, registration, phone, userName, purchaseDate, productStatus,
      model: modelNames.get(modelKey) ?? '', modelId: modelKey, customerId: customerKey, customer: customerNames.get(customerKey), cityId: locationKey, city: place?.city, state: place?.state, zone: place?.zone,
    };
  });
  return {
    revision: 1,
    vehicles: () => entries,
    cities: () => locations.map(({ key, city, state, zone, lat, lon }) => ({ cityId: key, city, state, zone, lat, lon })),
    customers: () => customers.map(({ key, name }) => ({ customerId: key, name })),
    details: () => [], boundUnits: () => [],
    onChange: () => disposable(() => undefined),
  };
}
