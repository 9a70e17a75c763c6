import { activeFaults, updateFaults } from '../model/faults.ts';
import { nextEnd } from '../model/injection.ts';
import { advanceVehicle } from '../model/step.ts';
import { busMessage, eventMessage, metaMessage, positionMessage, stateMessage, statisticsMessage, troubleMessage, type Deflate } from './messages.ts';
import { coverageSpell, reboot, type Outgoing, type Unit } from './unit.ts';

export interface ReportOptions {
  /** QoS of `can` and `sig`. */
  readonly qos: 0 | 1;
  readonly deflate: Deflate;
}

const STATISTICS_EVERY = 60_000;
const TROUBLE_EVERY = 600_000;

/** When the unit has something to do next, epoch ms; `interval` is the period of reports on the road, charging takes five, parking thirty times as long. */
export function nextDue(unit: Unit, now: number, interval: number): number {
  const { vehicle } = unit;
  if (vehicle.injected) return Math.max(now + 1, Math.min(now + interval, nextEnd(vehicle.injected, now), unit.coverageEnds, unit.rebootAt));
  const pause = vehicle.activity === 'charge' ? 5 * interval : vehicle.activity === 'park' ? 30 * interval : interval;
  let due = now + pause;
  if ((vehicle.activity === 'wait' || vehicle.activity === 'park') && vehicle.until > now) due = Math.min(due, vehicle.until);
  for (const { at } of unit.pending) due = Math.min(due, at);
  return Math.max(now + 1, Math.min(due, unit.coverageEnds, unit.rebootAt));
}

/** What a unit says when it has come up or reached its broker again: retained state and description. */
export function greeting(unit: Unit, now: number): Outgoing[] {
  return [stateMessage(unit, now, true), metaMessage(unit, now)];
}

/** Trouble codes where they changed, and now and then while there are some. */
function troubles(unit: Unit, now: number): Outgoing[] {
  const faults = activeFaults(unit.vehicle);
  for (const fault of faults) if (!unit.reported.includes(fault)) unit.occurrences.set(fault, (unit.occurrences.get(fault) ?? 0) + 1);
  const changed = faults.length !== unit.reported.length || faults.some((fault, i) => fault !== unit.reported[i]);
  if (!changed && (faults.length === 0 || now < unit.nextTroubleCodes)) return [];
  unit.reported = faults;
  unit.nextTroubleCodes = now + TROUBLE_EVERY;
  return [troubleMessage(unit, now, faults)];
}

/** Moves the vehicle to `now` and makes the messages its unit sends then. */
export function report(unit: Unit, now: number, options: ReportOptions): Outgoing[] {
  const { vehicle, format } = unit;
  const out: Outgoing[] = [];
  const before = vehicle.time;
  advanceVehicle(vehicle, now);
  updateFaults(vehicle);
  if (vehicle.ignition || vehicle.plugged) unit.frames += Math.round((unit.bus.framesPerSecond * (now - before)) / 1000);
  if (now >= unit.rebootAt) {
    const reason = unit.rebootReason;
    reboot(unit, now);
    out.push(...greeting(unit, now), eventMessage(unit, now, 'boot', now, { reason }));
  }
  for (const event of vehicle.events) out.push(eventMessage(unit, now, event.name, event.t));
  vehicle.events.length = 0;
  const bus = busMessage(unit, now, options.qos, options.deflate);
  if (bus !== undefined) out.push(bus);
  out.push(positionMessage(unit, now, options.qos));
  if (format === 'tracker') return out;
  out.push(...troubles(unit, now));
  if (now >= unit.nextStatistics && vehicle.activity !== 'park') {
    unit.nextStatistics = now + STATISTICS_EVERY;
    out.push(statisticsMessage(unit, now));
  }
  return out;
}

/** Coverage comes or goes; true where it changed. */
export function updateCoverage(unit: Unit, now: number): boolean {
  if (now < unit.coverageEnds) return false;
  unit.covered = !unit.covered;
  unit.coverageEnds = now + coverageSpell(unit, unit.covered);
  return true;
}
