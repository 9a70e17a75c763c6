import type { DemoVehicle } from '../fleet/types.ts';
import { Random } from '../random.ts';
import { doorAt, type Network } from '../roads/network.ts';
import { ambientTemperature } from './daytime.ts';
import { depart, parkingTime, planLeg } from './driver.ts';
import { SPECS, openCircuitVoltage, type VehicleSpec } from './specs.ts';
import { CHARGING_STATE, IMMOBILIZER, type Vehicle, type VehicleMemory } from './vehicle.ts';

const DAY = 86_400_000;

/** How the cells differ, in V; the quirk pulls one cell far down. The sum is 0, so that the pack voltage stays the pack voltage. */
function cellOffsetsOf(info: DemoVehicle, spec: VehicleSpec, random: Random): Float64Array {
  const offsets = Float64Array.from({ length: spec.cells }, () => random.normal(0, 0.0035));
  if (info.quirk === 'cell-imbalance') offsets[random.int(spec.cells)] = -0.135;
  const mean = offsets.reduce((sum, offset) => sum + offset, 0) / spec.cells;
  return offsets.map((offset) => offset - mean);
}

function startSoc(info: DemoVehicle, random: Random): number {
  // Its alerts rise while one watches, not in the first minute.
  if (info.quirk === 'weak-pack') return 0.5;
  if (info.quirk === 'hot-battery') return 0.92;
  return info.initialStatus === 'charging' ? random.range(0.24, 0.78) : random.range(0.42, 0.96);
}

/**
 * A vehicle of the demo fleet at `now` (epoch ms), in the activity its description asks for. `memory` is what an earlier run
 * left: odometer, charge and place go on from there.
 */
export function createVehicle(info: DemoVehicle, network: Network, seed: string, now: number, memory?: VehicleMemory): Vehicle {
  const spec = SPECS[info.modelKey];
  if (spec === undefined) throw new Error(`no specification for model ${info.modelKey}`);
  const random = new Random(seed, 'life', info.index, Math.floor(now / 1000));
  const build = new Random(seed, 'build', info.index);
  const years = Math.max(0.02, (now - Date.parse(info.purchaseDate)) / (365.25 * DAY));
  const yearly = build.range(6500, 15_000) * (info.duty === 'commuter' ? 0.6 : 1);
  const cycles = (yearly * years * 27) / 2900;
  const soh = info.quirk === 'weak-pack' ? 0.71 : Math.max(0.8, 1 - cycles * 0.00022 - build.range(0, 0.02));
  const ambient = ambientTemperature(now, network.city.lat);
  const base = doorAt(network, [info.lat, info.lon]);
  const here = memory === undefined ? base : doorAt(network, [memory.lat, memory.lon]);
  const soc = memory?.soc ?? startSoc(info, random);
  const hot = info.quirk === 'hot-battery';
  const vehicle: Vehicle = {
    info, spec, network, random, base, here, destination: here,
    battery: {
      soc, soh, cycles: memory?.cycles ?? cycles, current: 0, voltage: spec.cells * openCircuitVoltage(spec.chemistry, soc), temperature: hot ? 44 : ambient + build.range(1, 6),
      resistanceFactor: (hot ? 2 : 1) * (info.quirk === 'weak-pack' ? 1.9 : 1) * (1 + (1 - soh)), coolingFactor: hot ? 0.4 : 1, out: 0, in: 0, lost: 0,
    },
    train: { controllerTemp: ambient + 3, motorTemp: ambient + 3, torque: 0, rpm: 0, phaseCurrent: 0, throttle: 0, braking: false, regenerating: false },
    cellOffsets: cellOffsetsOf(info, spec, build),
    sensorOffsets: Float64Array.from({ length: spec.temperatures }, () => build.range(-1.6, 1.6)),
    time: now, activity: 'park', until: now, next: 'depart', legs: undefined, leg: 0, along: 0, endSpeed: 0, endWait: 0, purpose: 'trip', speed: 0,
    odometer: (memory?.odometer ?? yearly * years) * 1000, ignition: false, plugged: false, chargingState: CHARGING_STATE.no, chargeTarget: 1,
    chargeBelow: info.quirk === 'weak-pack' ? 0.11 : build.range(0.24, 0.42), chargingSince: now, suspended: false, mood: random.range(0.8, 1),
    pace: info.quirk === 'over-speed' ? 1.35 : build.range(0.86, 1), load: 0, consumption: spec.usualConsumption * build.range(0.92, 1.1), measuredEnergy: 0, measuredDistance: 0,
    auxVoltage: 12.6, auxWeakness: info.quirk === 'low-aux' ? 2.1 : build.range(0, 0.3), chargerTemp: ambient, immobilizer: IMMOBILIZER.released, regenEnabled: true, limp: false,
    alarms: 0, mcuFaults: 0, chargerFaults: 0, vcuFaults: 0, injected: undefined, events: [], fix: { lat: here.place[0], lon: here.place[1], heading: 0 },
  };
  begin(vehicle);
  return vehicle;
}

/** Puts the vehicle into the middle of what its initial status says. */
function begin(vehicle: Vehicle): void {
  const { info, random } = vehicle;
  switch (info.initialStatus) {
    case 'moving':
    case 'stopped':
      beginTrip(vehicle);
      break;
    case 'charging':
      vehicle.here = vehicle.base;
      vehicle.activity = 'charge';
      vehicle.plugged = true;
      vehicle.chargingState = CHARGING_STATE.constantCurrent;
      vehicle.chargingSince = vehicle.time - 600_000;
      vehicle.chargeTarget = random.range(0.85, 1);
      vehicle.chargerTemp += 22;
      // Charging ends when it is full; a battery left full by an earlier run would leave at once.
      vehicle.battery.soc = Math.min(vehicle.battery.soc, 0.86);
      break;
    default:
      vehicle.until = vehicle.time + Math.max(120_000, parkingTime(vehicle) * random.range(0.3, 1));
  }
  vehicle.events.length = 0;
}

function beginTrip(vehicle: Vehicle): void {
  const { random } = vehicle;
  const wanted = vehicle.chargeBelow;
  vehicle.chargeBelow = 0;
  depart(vehicle);
  vehicle.chargeBelow = wanted;
  const { legs } = vehicle;
  if (legs === undefined) return;
  vehicle.leg = Math.max(1, Math.floor(random.range(0, 0.6) * (legs.length - 1)));
  vehicle.along = random.range(0.05, 0.7) * (legs[vehicle.leg]?.edge.path.length ?? 0);
  planLeg(vehicle);
  if (vehicle.info.initialStatus === 'stopped') vehicle.until = vehicle.time + random.range(35, 190) * 1000;
  else {
    vehicle.activity = 'drive';
    vehicle.speed = (random.range(0.4, 0.75) * (legs[vehicle.leg]?.edge.limit ?? 40)) / 3.6;
  }
}
