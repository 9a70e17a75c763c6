import type { VehicleSpec } from './specs.ts';

const GRAVITY = 9.81;
/** kg/m³ at 30 °C and sea level. */
const AIR_DENSITY = 1.16;
/** Rotating parts count as a few percent of mass. */
const ROTATING = 1.05;

export interface Powertrain {
  /** °C */
  controllerTemp: number;
  motorTemp: number;
  /** Nm at the motor shaft. */
  torque: number;
  rpm: number;
  phaseCurrent: number;
  /** 0 … 100 % */
  throttle: number;
  braking: boolean;
  regenerating: boolean;
}

/** Force in N that keeps the vehicle at `speed` (m/s) and accelerates it by `acceleration` (m/s²) on a level road. */
export function tractiveForce(spec: VehicleSpec, mass: number, speed: number, acceleration: number): number {
  const rolling = speed > 0 ? mass * GRAVITY * spec.rollingResistance : 0;
  return rolling + 0.5 * AIR_DENSITY * spec.dragArea * speed * speed + mass * ROTATING * acceleration;
}

/** The acceleration that motor torque and power allow at `speed`, m/s². */
export function possibleAcceleration(spec: VehicleSpec, mass: number, speed: number, derating: number): number {
  const byTorque = (spec.maximumTorque * spec.gearRatio * 0.95) / spec.wheelRadius;
  const byPower = (spec.maximumPower * spec.efficiency) / Math.max(speed, 1);
  const spare = Math.min(byTorque, byPower) * derating - tractiveForce(spec, mass, speed, 0);
  return Math.min(spec.acceleration, spare / (mass * ROTATING));
}

/**
 * Electrical power in W at the battery, auxiliaries not included, for one step at the mean `speed` with `acceleration`;
 * negative while regenerating. Sets shaft values and heats controller and motor for `seconds`.
 */
export function drive(train: Powertrain, spec: VehicleSpec, mass: number, speed: number, acceleration: number, regen: boolean, seconds: number, ambient: number): number {
  const force = tractiveForce(spec, mass, speed, acceleration);
  const mechanical = force * speed;
  const most = (spec.maximumTorque * spec.gearRatio) / spec.wheelRadius;
  let electrical = 0;
  train.rpm = ((speed / spec.wheelRadius) * spec.gearRatio * 60) / (2 * Math.PI);
  train.braking = acceleration < -0.35;
  train.regenerating = false;
  if (force >= 0) {
    electrical = mechanical / spec.efficiency;
    train.torque = (force * spec.wheelRadius) / (spec.gearRatio * 0.95);
    train.throttle = Math.min(100, 100 * Math.sqrt(Math.max(0, force / most)));
  } else {
    train.throttle = 0;
    // Below 5 km/h the motor's voltage is too low to charge with.
    const recovered = regen && speed > 1.4 ? Math.min(spec.regenPower, -mechanical * spec.regenEfficiency) : 0;
    electrical = -recovered;
    train.regenerating = recovered > 20;
    train.torque = speed > 0 ? -(recovered / spec.regenEfficiency / speed) * (spec.wheelRadius / spec.gearRatio) : 0;
  }
  train.phaseCurrent = Math.min(spec.phaseCurrent, 4 + (Math.abs(train.torque) / spec.maximumTorque) * spec.phaseCurrent);
  heat(train, spec, Math.abs(electrical), speed, seconds, ambient);
  return electrical;
}

/** Standing still: shaft values are zero, both parts cool down. */
export function idle(train: Powertrain, spec: VehicleSpec, seconds: number, ambient: number): void {
  train.torque = 0;
  train.rpm = 0;
  train.phaseCurrent = 0;
  train.throttle = 0;
  train.braking = false;
  train.regenerating = false;
  heat(train, spec, 0, 0, seconds, ambient);
}

function heat(train: Powertrain, spec: VehicleSpec, power: number, speed: number, seconds: number, ambient: number): void {
  const size = spec.maximumPower / 4600;
  const copper = (train.phaseCurrent / spec.phaseCurrent) ** 2;
  train.controllerTemp = settle(train.controllerTemp, ambient, 0.035 * power + 260 * size * copper, (2.1 + 0.16 * speed) * size, 1100 * size, seconds);
  train.motorTemp = settle(train.motorTemp, ambient, 0.11 * power + 520 * size * copper, (2.6 + 0.2 * speed) * size, 4600 * size, seconds);
}

/** One thermal mass, solved exactly for constant heat: °C after `seconds`. */
function settle(now: number, ambient: number, watts: number, cooling: number, capacity: number, seconds: number): number {
  const target = ambient + watts / cooling;
  return target + (now - target) * Math.exp((-seconds * cooling) / capacity);
}
