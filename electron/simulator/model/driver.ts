import type { Duty } from '../fleet/types.ts';
import { locate, metresBetween, type Place } from '../roads/geometry.ts';
import { doorAt, doorNear, route, type Door } from '../roads/network.ts';
import { demandAt, trafficFlow } from './daytime.ts';
import { CHARGING_STATE, IMMOBILIZER, rangeOf, type Vehicle } from './vehicle.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** km that must be left for another trip. */
const RESERVE = 8;

interface Habit {
  /** Straight-line length of a trip, km. */
  readonly trip: readonly [number, number];
  /** Share of stops at a destination with the ignition left on. */
  readonly keepsIgnition: number;
  /** Minutes of a stop with the ignition on, and mean minutes of one with it off at full demand. */
  readonly wait: readonly [number, number];
  readonly park: number;
  /** kg on board during a trip, at most. */
  readonly load: number;
}

const HABITS: Readonly<Record<Duty, Habit>> = {
  commuter: { trip: [3, 11], keepsIgnition: 0.15, wait: [1, 4], park: 26, load: 75 },
  rental: { trip: [2, 9], keepsIgnition: 0.3, wait: [1, 5], park: 15, load: 70 },
  delivery: { trip: [1.2, 5], keepsIgnition: 0.65, wait: [2, 8], park: 7, load: 35 },
  auto: { trip: [1.5, 7], keepsIgnition: 0.75, wait: [3, 12], park: 10, load: 260 },
  cargo: { trip: [3, 10], keepsIgnition: 0.4, wait: [3, 9], park: 14, load: 420 },
};

function destinationOf(vehicle: Vehicle): Door {
  const { random, network, info, here } = vehicle;
  const [least, most] = HABITS[info.duty].trip;
  const wish = random.range(least, most) * 1000;
  let best = here.junction;
  let miss = Infinity;
  for (let i = 0; i < 6; i++) {
    const candidate = random.int(network.junctions.length);
    const distance = metresBetween(here.place, network.junctions[candidate] as Place);
    if (candidate !== here.junction && Math.abs(distance - wish) < miss) {
      best = candidate;
      miss = Math.abs(distance - wish);
    }
  }
  return doorNear(network, best, random.range(0, 2 * Math.PI), random.range(50, 220));
}

/** Decides how the present leg ends: rolling through, turning, or standing at a red signal. */
export function planLeg(vehicle: Vehicle): void {
  const { legs, leg, random } = vehicle;
  const now = legs?.[leg];
  const after = legs?.[leg + 1];
  vehicle.endWait = 0;
  if (now === undefined || after === undefined) {
    vehicle.endSpeed = 0;
    return;
  }
  const flow = trafficFlow(vehicle.time);
  if (random.chance(0.5 - 0.25 * flow)) {
    vehicle.endSpeed = 0;
    vehicle.endWait = (random.range(15, 75) / flow) * SECOND;
    return;
  }
  const { fix } = vehicle;
  locate(now.edge.path, now.edge.path.length, now.reverse, fix);
  const before = fix.heading;
  locate(after.edge.path, 0, after.reverse, fix);
  const turn = Math.abs(((fix.heading - before + 540) % 360) - 180);
  vehicle.endSpeed = turn > 35 ? 4.6 : (Math.min(now.edge.limit, after.edge.limit) * 0.85) / 3.6;
}

/** Parks with the ignition off for `milliseconds`. */
export function park(vehicle: Vehicle, milliseconds: number, next: Vehicle['next']): void {
  if (vehicle.ignition) {
    vehicle.ignition = false;
    vehicle.events.push({ t: vehicle.time, name: 'ignition-off' });
  }
  vehicle.activity = 'park';
  vehicle.until = vehicle.time + milliseconds;
  vehicle.next = next;
}

/** Milliseconds a vehicle of this duty parks at this hour. */
export function parkingTime(vehicle: Vehicle): number {
  const { random, info } = vehicle;
  return (HABITS[info.duty].park / demandAt(info.duty, vehicle.time)) * random.range(0.4, 1.8) * MINUTE;
}

function plugIn(vehicle: Vehicle): void {
  vehicle.activity = 'charge';
  vehicle.plugged = true;
  vehicle.chargingState = CHARGING_STATE.preCharge;
  vehicle.chargingSince = vehicle.time;
  vehicle.chargeTarget = vehicle.random.chance(0.45) ? 1 : vehicle.random.range(0.8, 0.98);
  vehicle.events.push({ t: vehicle.time, name: 'plugged-in' });
}

/** Takes the plug out and parks for a while. */
export function unplug(vehicle: Vehicle): void {
  vehicle.plugged = false;
  vehicle.chargingState = CHARGING_STATE.no;
  vehicle.events.push({ t: vehicle.time, name: 'unplugged' });
  park(vehicle, 0.5 * parkingTime(vehicle), 'depart');
}

/** Sets out for `destination`; the wheels turn after a few seconds. False where no road leads there. */
export function setOut(vehicle: Vehicle, destination: Door, purpose: Vehicle['purpose']): boolean {
  const legs = route(vehicle.network, vehicle.here, destination);
  if (legs === undefined) return false;
  const { random } = vehicle;
  vehicle.legs = legs;
  vehicle.leg = 0;
  vehicle.along = 0;
  vehicle.destination = destination;
  vehicle.purpose = purpose;
  vehicle.load = random.range(0, HABITS[vehicle.info.duty].load);
  planLeg(vehicle);
  if (!vehicle.ignition) {
    vehicle.ignition = true;
    vehicle.events.push({ t: vehicle.time, name: 'ignition-on' });
  }
  vehicle.activity = 'wait';
  vehicle.until = vehicle.time + random.range(4, 14) * SECOND;
  return true;
}

/** The next trip: to the charger when the battery asks for it, else wherever the duty leads. */
export function depart(vehicle: Vehicle): void {
  if (vehicle.immobilizer === IMMOBILIZER.immobilized) {
    park(vehicle, 5 * MINUTE, 'depart');
    return;
  }
  const low = vehicle.battery.soc < vehicle.chargeBelow || rangeOf(vehicle) < RESERVE;
  if (low && vehicle.here === vehicle.base) {
    park(vehicle, 20 * SECOND, 'plug-in');
    return;
  }
  if (!setOut(vehicle, low ? vehicle.base : destinationOf(vehicle), low ? 'charge' : 'trip')) park(vehicle, MINUTE, 'depart');
}

/** The battery is empty on the road: the vehicle stands where it is until a mobile charger comes. */
export function strand(vehicle: Vehicle): void {
  const { legs, fix } = vehicle;
  const leg = legs?.[vehicle.leg];
  if (leg !== undefined) locate(leg.edge.path, vehicle.along, leg.reverse, fix);
  vehicle.legs = undefined;
  vehicle.here = doorAt(vehicle.network, [fix.lat, fix.lon]);
  vehicle.speed = 0;
  park(vehicle, vehicle.random.range(20, 50) * MINUTE, 'plug-in');
}

/** The door is reached. */
export function arrive(vehicle: Vehicle): void {
  const { random, info } = vehicle;
  const habit = HABITS[info.duty];
  vehicle.legs = undefined;
  vehicle.here = vehicle.destination;
  vehicle.speed = 0;
  if (vehicle.purpose === 'charge') {
    park(vehicle, random.range(25, 90) * SECOND, 'plug-in');
    return;
  }
  if (!random.chance(habit.keepsIgnition)) {
    park(vehicle, parkingTime(vehicle), 'depart');
    return;
  }
  vehicle.activity = 'wait';
  vehicle.until = vehicle.time + random.range(habit.wait[0], habit.wait[1]) * MINUTE;
}

/** Waiting or parking is over. */
export function goOn(vehicle: Vehicle): void {
  if (vehicle.activity === 'park' && vehicle.next === 'plug-in') plugIn(vehicle);
  else if (vehicle.activity === 'wait' && vehicle.legs !== undefined) vehicle.activity = 'drive';
  else depart(vehicle);
}
