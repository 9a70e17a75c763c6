import type { Vehicle } from '../model/vehicle.ts';
import { Random } from '../random.ts';
import type { Bus } from './bus.ts';

/** How a unit sends the bus: raw as JSON or binary (deflated or not), decoded by itself, or not at all (trackers). */
export type UnitFormat = 'json' | 'binary' | 'deflated' | 'sig' | 'tracker';
export type FleetFormat = 'json' | 'binary' | 'sig' | 'mixed';

/** A message on its way: `suffix` is what follows `{prefix}/{fleet}/{device}/`. */
export interface Outgoing {
  readonly suffix: string;
  readonly payload: Uint8Array;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly boot: number;
  /** Undefined for `state`, which is not numbered. */
  readonly seq: number | undefined;
}

/** The answer to a command, kept at least until the command expires. */
export interface Answer {
  readonly message: Outgoing;
  /** The unit's clock, ms. */
  readonly expires: number;
}

/** A command that was accepted and takes effect later. */
export interface PendingCommand {
  readonly id: string;
  readonly at: number;
  readonly expires: number;
  /** Carries it out; returns why it could not. */
  readonly run: (now: number) => string | undefined;
}

/** The telematics unit of a vehicle: numbers its messages, keeps what it cannot send, answers commands. */
export interface Unit {
  readonly vehicle: Vehicle;
  readonly bus: Bus;
  readonly format: UnitFormat;
  readonly random: Random;
  /** The unit's clock minus true time, ms. */
  readonly clockOffset: number;
  boot: number;
  bootedAt: number;
  seq: number;
  /** Whether the mobile network reaches the unit, and until when. */
  covered: boolean;
  coverageEnds: number;
  /** Whether its session with the broker stands. */
  session: boolean;
  readonly buffer: Outgoing[];
  /** Messages the full buffer had to drop. */
  dropped: number;
  /** The newest messages, for `backfill`. */
  readonly sent: Outgoing[];
  /** Oldest first, by command id. */
  readonly answers: Map<string, Answer>;
  readonly pending: PendingCommand[];
  rebootAt: number;
  rebootReason: 'watchdog' | 'command';
  nextStatistics: number;
  nextFirmware: number;
  nextTroubleCodes: number;
  /** Faults of the last `dtc` message and how often each occurred. */
  reported: readonly string[];
  readonly occurrences: Map<string, number>;
  frames: number;
  lost: number;
  gsmSignal: number;
  /** Satellites come back some seconds after a tunnel. */
  fixFrom: number;
}

const MINUTE = 60_000;
/** Boot counters count seconds from here, so that every start of the simulator has higher ones than the start before. */
const COUNTER_EPOCH = Date.UTC(2025, 0, 1);

function formatOf(vehicle: Vehicle, fleet: FleetFormat): UnitFormat {
  const { index, unitKind } = vehicle.info;
  if (unitKind === 'VTS') return 'tracker';
  if (fleet !== 'mixed') return fleet;
  if (index % 16 === 13) return 'sig';
  return (['json', 'json', 'binary', 'deflated'] as const)[index % 4] as UnitFormat;
}

/** How long coverage lasts or fails, ms: minutes where the network is patchy, an hour and more elsewhere. */
export function coverageSpell(unit: Unit, covered: boolean): number {
  const patchy = unit.vehicle.info.quirk === 'patchy-network';
  if (!covered) return unit.random.range(1, patchy ? 5 : 3.5) * MINUTE;
  const mean = patchy ? 7 : 110;
  return Math.max(MINUTE, -Math.log(1 - unit.random.next()) * mean * MINUTE);
}

/** The unit of `vehicle`, switched on at `now` and not yet connected. */
export function createUnit(vehicle: Vehicle, bus: Bus, fleetFormat: FleetFormat, seed: string, now: number, boot?: number): Unit {
  const random = new Random(seed, 'unit', vehicle.info.index, Math.floor(now / 1000));
  const { quirk } = vehicle.info;
  const unit: Unit = {
    vehicle, bus, random, format: formatOf(vehicle, fleetFormat), clockOffset: quirk === 'wrong-clock' ? 47 * MINUTE + 12_345 : 0,
    boot: Math.max(boot ?? 0, Math.floor((now - COUNTER_EPOCH) / 1000)), bootedAt: now - random.range(5, 3000) * 1000, seq: 0,
    covered: true, coverageEnds: 0, session: false, buffer: [], dropped: 0, sent: [], answers: new Map(), pending: [],
    rebootAt: quirk === 'reboots' ? now + random.range(3, 8) * MINUTE : Infinity, rebootReason: 'watchdog', nextStatistics: now + random.range(5, 60) * 1000, nextFirmware: now, nextTroubleCodes: now + random.range(4, 20) * 1000,
    reported: [], occurrences: new Map(), frames: 0, lost: 0, gsmSignal: quirk === 'patchy-network' ? 9 : random.range(14, 30), fixFrom: now,
  };
  unit.coverageEnds = now + coverageSpell(unit, true);
  return unit;
}

/** Uptime in seconds. */
export function uptime(unit: Unit, now: number): number {
  return Math.max(0, Math.floor((now - unit.bootedAt) / 1000));
}

/** True while what the unit sends goes out at once. */
export function connected(unit: Unit): boolean {
  return unit.covered && unit.session;
}

/** Starts the unit anew: boot counter up, sequence from 0. What it has answered survives; what it has not yet carried out does not. */
export function reboot(unit: Unit, now: number): void {
  unit.boot += 1;
  unit.seq = 0;
  unit.bootedAt = now;
  unit.nextFirmware = now;
  unit.frames = 0;
  unit.pending.length = 0;
  unit.rebootReason = 'watchdog';
  unit.rebootAt = unit.vehicle.info.quirk === 'reboots' ? now + unit.random.range(4, 11) * MINUTE : Infinity;
}
