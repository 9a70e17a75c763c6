import { charge, drawPower, rest } from './battery.ts';
import { ambientTemperature, trafficFlow } from './daytime.ts';
import { arrive, goOn, planLeg, strand, unplug } from './driver.ts';
import { drive, idle, possibleAcceleration } from './powertrain.ts';
import { CHARGING_STATE, type Vehicle } from './vehicle.ts';

/** Longest step in ms: driving needs seconds, heat and charge do not. */
const STEP = { drive: 1000, wait: 1000, charge: 10_000, park: 60_000 } as const;
const COMFORT_BRAKING = 1.1;
/** State of charge at which the BMS opens its contactor. */
const EMPTY = 0.01;
const LIMP_SPEED = 25 / 3.6;
/** The BMS stops charging at 60 °C and starts again below 52 °C. */
const SUSPEND_ABOVE = 60;
const RESUME_BELOW = 52;
/** Above it the MCU drives at limp-home speed. */
const HOT = 61;

/** Moves the vehicle's state forward to `to`, epoch ms; what happened on the way is added to `vehicle.events`. */
export function advanceVehicle(vehicle: Vehicle, to: number): void {
  while (vehicle.time < to) {
    const timed = vehicle.activity === 'wait' || vehicle.activity === 'park';
    const end = timed && vehicle.until > vehicle.time ? Math.min(to, vehicle.until) : to;
    const step = Math.min(end - vehicle.time, STEP[vehicle.activity]);
    const ambient = ambientTemperature(vehicle.time + step / 2, vehicle.network.city.lat);
    stepOnce(vehicle, step / 1000, ambient);
    vehicle.time += step;
    if (vehicle.activity === 'drive' && vehicle.battery.soc < EMPTY) strand(vehicle);
    else if (vehicle.activity === 'drive') leaveLeg(vehicle);
    else if (vehicle.activity !== 'charge' && vehicle.time >= vehicle.until) goOn(vehicle);
  }
}

function stepOnce(vehicle: Vehicle, seconds: number, ambient: number): void {
  const { battery, spec, train, activity } = vehicle;
  if (activity === 'drive') {
    roll(vehicle, seconds, ambient);
    return;
  }
  vehicle.speed = 0;
  idle(train, spec, seconds, ambient);
  if (activity === 'charge') chargeOnce(vehicle, seconds, ambient);
  else if (vehicle.ignition) drawPower(battery, spec, spec.auxiliaryPower, seconds, ambient);
  else rest(battery, spec, seconds, ambient);
  settleAux(vehicle, seconds);
  if (activity !== 'charge') vehicle.chargerTemp += (ambient - vehicle.chargerTemp) * (1 - Math.exp(-seconds / 900));
}

/** The 12 V battery: held by the DC/DC converter while awake or charging, else sinking slowly. */
function settleAux(vehicle: Vehicle, seconds: number): void {
  const fed = vehicle.ignition || vehicle.activity === 'charge';
  const target = (fed ? 13.8 : 12.5) - vehicle.auxWeakness * (fed ? 0.6 : 1);
  vehicle.auxVoltage += (target - vehicle.auxVoltage) * (1 - Math.exp(-seconds / (fed ? 20 : 1800)));
}

function chargeOnce(vehicle: Vehicle, seconds: number, ambient: number): void {
  const { battery, spec } = vehicle;
  const since = vehicle.time - vehicle.chargingSince;
  if (vehicle.chargingState === CHARGING_STATE.full) {
    rest(battery, spec, seconds, ambient);
    if (vehicle.time >= vehicle.until) unplug(vehicle);
    return;
  }
  if (battery.temperature > SUSPEND_ABOVE) vehicle.suspended = true;
  else if (battery.temperature < RESUME_BELOW) vehicle.suspended = false;
  if (vehicle.suspended) {
    vehicle.chargingState = CHARGING_STATE.suspended;
    rest(battery, spec, seconds, ambient);
    return;
  }
  const warmUp = since < 20_000 ? 0.1 : 1;
  const phase = charge(battery, spec, spec.chargeCurrent * warmUp, seconds, ambient);
  const heat = 0.09 * battery.current * battery.voltage;
  vehicle.chargerTemp += (ambient + heat * 0.17 - vehicle.chargerTemp) * (1 - Math.exp(-seconds / 700));
  if (phase === 'full') finishCharge(vehicle);
  else if (battery.soc >= vehicle.chargeTarget) unplug(vehicle);
  else if (warmUp < 1) vehicle.chargingState = CHARGING_STATE.preCharge;
  else vehicle.chargingState = phase === 'constant-voltage' ? CHARGING_STATE.constantVoltage : CHARGING_STATE.constantCurrent;
}

/** Full: the BMS sets its charge counter to 100 %, and the plug stays in until somebody comes. */
function finishCharge(vehicle: Vehicle): void {
  vehicle.chargingState = CHARGING_STATE.full;
  vehicle.battery.soc = 1;
  vehicle.battery.current = 0;
  vehicle.until = vehicle.time + vehicle.random.range(2, 25) * 60_000;
  vehicle.events.push({ t: vehicle.time, name: 'charge-complete' });
}

function roll(vehicle: Vehicle, seconds: number, ambient: number): void {
  const { spec, battery, train, random } = vehicle;
  const leg = vehicle.legs?.[vehicle.leg];
  if (leg === undefined) return;
  vehicle.mood = Math.max(0.55, Math.min(1.06, vehicle.mood + (0.94 - vehicle.mood) * 0.04 * seconds + (random.next() - 0.5) * 0.09 * seconds));
  const remaining = leg.edge.path.length - vehicle.along;
  const flowing = (leg.edge.limit / 3.6) * Math.min(1, trafficFlow(vehicle.time) * vehicle.pace) * vehicle.mood * Math.max(1, vehicle.pace);
  const top = battery.soc < 0.08 || battery.temperature > HOT || vehicle.limp ? LIMP_SPEED : (spec.topSpeedKmh / 3.6) * Math.max(1, vehicle.pace);
  const target = Math.min(flowing, top);
  const braking = Math.sqrt(vehicle.endSpeed ** 2 + 2 * COMFORT_BRAKING * Math.max(0, remaining - vehicle.speed * seconds * 0.5));
  const mass = spec.mass + vehicle.load;
  const able = possibleAcceleration(spec, mass, vehicle.speed, battery.temperature > HOT ? 0.45 : 1);
  const wish = braking < target ? (braking - vehicle.speed) / seconds : (target - vehicle.speed) * 0.5;
  const before = vehicle.speed;
  const after = Math.max(remaining > 0.5 ? 0.8 : 0, before + Math.max(-2.4, Math.min(able, wish)) * seconds);
  const metres = Math.min(remaining, ((before + after) / 2) * seconds);
  const regen = vehicle.regenEnabled && battery.soc < 0.97;
  const traction = drive(train, spec, mass, (before + after) / 2, (after - before) / seconds, regen, seconds, ambient);
  const power = drawPower(battery, spec, traction + spec.auxiliaryPower, seconds, ambient);
  vehicle.speed = after;
  vehicle.along += metres;
  vehicle.odometer += metres;
  measure(vehicle, power * (seconds / 3600), metres);
  settleAux(vehicle, seconds);
}

/** Keeps the Wh/km of the last kilometres, one half kilometre at a time. */
function measure(vehicle: Vehicle, wattHours: number, metres: number): void {
  vehicle.measuredEnergy += wattHours;
  vehicle.measuredDistance += metres;
  if (vehicle.measuredDistance < 500) return;
  const here = Math.max(8, Math.min(200, (vehicle.measuredEnergy / vehicle.measuredDistance) * 1000));
  vehicle.consumption += (here - vehicle.consumption) * 0.15;
  vehicle.measuredEnergy = 0;
  vehicle.measuredDistance = 0;
}

/** Passes on to the next leg, stands at its signal, or arrives. */
function leaveLeg(vehicle: Vehicle): void {
  const leg = vehicle.legs?.[vehicle.leg];
  if (leg === undefined || vehicle.along < leg.edge.path.length - 0.01) return;
  if (vehicle.legs !== undefined && vehicle.leg + 1 >= vehicle.legs.length) {
    arrive(vehicle);
    return;
  }
  const wait = vehicle.endWait;
  vehicle.leg += 1;
  vehicle.along = 0;
  planLeg(vehicle);
  if (wait <= 0) return;
  vehicle.speed = 0;
  vehicle.activity = 'wait';
  vehicle.until = vehicle.time + wait;
}
