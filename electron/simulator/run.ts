import { deflateRawSync } from 'node:zlib';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Clock, Log, Rng, Scheduler } from '#shared/kernel/ports.ts';
import type { DemoFault } from '#shared/contract/demo.ts';
import { describeFleet } from './fleet/describe.ts';
import type { DemoVehicle, FleetDescription } from './fleet/types.ts';
import { withFault } from './model/injection.ts';
import { createFleetModel } from './fleet-model.ts';
import type { VehicleMemory } from './model/vehicle.ts';
import type { DemoResources } from './resources.ts';
import { sharedTransport, unitTransport } from './transport/transport.ts';
import type { Credentials, TlsOptions } from './transport/session.ts';
import type { FleetFormat, Unit } from './unit/unit.ts';
import type { VerifyCommand } from './unit/commands.ts';

export interface SimulatorOptions {
  readonly brokerUrl: string;
  readonly tls?: TlsOptions;
  readonly vehicles: number;
  readonly seed: string | number;
  readonly resources: DemoResources;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly rng: Rng;
  readonly log: Log;
  /** Who a unit signs in as; default: its device id and no password. */
  readonly credentialsFor?: (deviceId: string) => Credentials | undefined;
  /** Who the shared connection signs in as, and its client id. */
  readonly gateway?: { readonly clientId?: string; readonly credentials?: Credentials };
  /** What `can` looks like; `mixed` (default) has units of every kind. */
  readonly mode?: FleetFormat;
  /** ms between two reports of a vehicle on the road; default 2,000, beyond 200 vehicles 10,000. */
  readonly interval?: number;
  /** `per-unit` (default up to 200 vehicles): a connection each; `shared`: one for all, which the broker must trust. */
  readonly connections?: 'per-unit' | 'shared';
  /** Topics are `{prefix}/{fleet}/{device}/…`; default `evf/1` and `demo`. */
  readonly prefix?: string;
  readonly fleet?: string;
  /** QoS of `can` and `sig`; default 1 up to 200 vehicles, else 0. */
  readonly qos?: 0 | 1;
  /** Simulated seconds per second, default 1. Above 1 the vehicles' clocks run ahead of the world's: for load tests only. */
  readonly speedFactor?: number;
  /** What an earlier run left, so that odometers go on. */
  readonly memory?: Readonly<Record<string, VehicleMemory>>;
  readonly verifyCommand?: VerifyCommand;
  /**
   * Hours before the start that the fleet has already lived through without a network: it sends them late, so that trips and
   * charts have a past. At most 200 vehicles and 336 hours; ignored where there is a memory. One report in 15 s of that time.
   */
  readonly backlogHours?: number;
  /** Only these vehicles of the fleet; the others are left to another simulator. */
  readonly select?: (vehicle: DemoVehicle) => boolean;
  /** These vehicles instead of the seed's fleet: they stand on a bench with everything switched on, in reach of a network. */
  readonly bench?: readonly DemoVehicle[];
  /** Every vehicle has lost two stretches of each day of that past: what nobody can send again is a gap. */
  readonly lossyPast?: boolean;
  /** Messages a unit remembers, to send them again when asked; default: at most 150. */
  readonly memoryLimit?: number;
}

export interface SimulatorStatistics {
  readonly vehicles: number;
  /** Vehicles that talk at all. */
  readonly units: number;
  readonly connected: number;
  /** Since the start; `late` of them came from buffers, `dropped` never left one. */
  readonly messages: number;
  readonly bytes: number;
  readonly late: number;
  readonly dropped: number;
  readonly activities: Readonly<Record<'drive' | 'wait' | 'park' | 'charge', number>>;
  /** Why the last attempt to connect failed; undefined once one worked. */
  readonly problem: string | undefined;
}

export interface Simulator {
  statistics(): SimulatorStatistics;
  memory(): Record<string, VehicleMemory>;
  /** False while the fleet lives through its past; a fault put in then begins after it. */
  live(): boolean;
  /** Puts a fault into a vehicle, for so long, ms; false where the device does not talk or cannot say so. */
  inject(deviceId: string, fault: DemoFault, duration: number): boolean;
  /** Puts faults into vehicles until so many alarm bits stand; returns the number of vehicles. */
  flood(alerts: number, duration: number): number;
  clearInjected(): void;
  /** Stops time, then leaves the broker with retained states that say so. */
  stop(): Promise<void>;
}

const TICK = 100;
const LARGE = 200;
const HOUR = 3_600_000;
/** Positions half as far apart as a vehicle on the road may be silent (docs/domain.md): the past has no gaps of its own. */
const PAST_INTERVAL = 15_000;
const PAST_SLICE = 600_000;
/** Two weeks of one vehicle at PAST_INTERVAL are about 50,000 messages. */
const PAST_BUFFER = 60_000;
/** A bench stays switched on for a week. */
const ON_BENCH = 168 * HOUR;

/**
 * Starts the demo fleet against a broker. It never fails because the broker is away: vehicles drive on, buffer, and connect
 * when it is there; `statistics().problem` and the log say what is wrong. Throws RangeError for options out of range.
 */
export function startSimulator(options: SimulatorOptions): Simulator {
  const { clock, scheduler, rng, log, vehicles, seed } = options;
  const interval = options.interval ?? (vehicles > LARGE ? 10_000 : 2000);
  const speed = options.speedFactor ?? 1;
  if (!(interval >= 100 && interval <= 3_600_000)) throw new RangeError('The interval is 100 ms to one hour.');
  if (!(speed > 0 && speed <= 1000)) throw new RangeError('The speed factor is above 0 and at most 1,000.');
  const backlog = options.memory === undefined ? (options.backlogHours ?? 0) : 0;
  if (!(backlog >= 0 && backlog <= 336) || (backlog > 0 && vehicles > LARGE)) throw new RangeError('A past of at most 336 hours can be had for at most 200 vehicles.');
  const started = clock.now();
  const startAt = started - backlog * HOUR;
  let problem: string | undefined;
  const shared = (options.connections ?? (vehicles > LARGE ? 'shared' : 'per-unit')) === 'shared';
  const transport = (shared ? sharedTransport : unitTransport)({
    url: options.brokerUrl, tls: options.tls, root: `${options.prefix ?? 'evf/1'}/${options.fleet ?? 'demo'}`, scheduler, rng,
    credentialsFor: options.credentialsFor ?? ((deviceId) => ({ username: deviceId, password: '' })),
    gateway: { clientId: options.gateway?.clientId ?? `simulator-${Buffer.from(rng.bytes(4)).toString('hex')}`, credentials: options.gateway?.credentials },
    onChange(reason) {
      if (reason !== undefined && reason !== problem) log.write('warn', 'The broker cannot be used; trying again.', { reason, url: options.brokerUrl });
      if (reason === undefined && problem !== undefined) log.write('info', 'Connected to the broker again.');
      problem = reason;
    },
  });
  const model = createFleetModel(
    {
      description: options.bench === undefined ? selected(describeFleet({ vehicles, seed, now: startAt }), options.select) : { ...describeFleet({ vehicles: 0, seed, now: startAt }), vehicles: options.bench }, resources: options.resources, startAt, format: options.mode ?? 'mixed', interval: backlog > 0 ? Math.max(interval, PAST_INTERVAL) : interval,
      qos: options.qos ?? (vehicles > LARGE ? 0 : 1), deflate: (body) => deflateRawSync(body, { level: 1 }),
      ...(backlog > 0 ? { bufferLimit: PAST_BUFFER } : {}),
      ...(backlog > 0 && options.lossyPast === true ? { forgets: (vehicle: number, at: number) => isLost(vehicle, (at - startAt) / HOUR) } : {}),
      ...(options.memoryLimit === undefined ? {} : { memoryLimit: options.memoryLimit }),
      ...(options.memory === undefined ? {} : { memory: options.memory }),
      ...(options.verifyCommand === undefined ? {} : { verify: options.verifyCommand }),
    },
    transport,
  );
  if (options.bench !== undefined) for (const unit of model.units) standOnBench(unit, startAt);
  log.write('info', 'Demo fleet started.', { vehicles, units: model.units.length, connections: shared ? 'shared' : 'per-unit', interval });
  let ticking: Disposable | undefined;
  // Put in while the past is lived through, a fault would be yesterday's.
  let awaitingNow: (() => void)[] | undefined = [];
  const now = (act: () => void): void => void (awaitingNow ? awaitingNow.push(act) : act());
  const goLive = (): void => {
    model.setInterval(interval);
    for (const act of awaitingNow ?? []) act();
    awaitingNow = undefined;
    transport.start(model);
    // A clock that is set back stops the fleet until it has caught up.
    ticking = scheduler.every(TICK, () => model.advance(started + (clock.now() - started) * speed));
  };
  // The past is lived through in slices, so that whoever shares this thread is not kept waiting.
  const live = (until: number): void => {
    if (until >= clock.now()) return goLive();
    model.advance(until);
    ticking = scheduler.after(0, () => live(Math.min(clock.now(), until + PAST_SLICE)));
  };
  if (backlog > 0) live(startAt + PAST_SLICE);
  else goLive();

  return {
    statistics() {
      const activities = { drive: 0, wait: 0, park: 0, charge: 0 };
      for (const { vehicle } of model.units) activities[vehicle.activity] += 1;
      return { vehicles, units: model.units.length, connected: transport.connected, ...model.counters, activities, problem };
    },
    memory: () => model.memory(),
    inject(deviceId, fault, duration) {
      if (!model.reaches(deviceId, fault)) return false;
      now(() => model.inject(deviceId, fault, duration));
      return true;
    },
    live: () => awaitingNow === undefined,
    flood: (alerts, duration) => model.flood(alerts, duration),
    clearInjected: () => now(() => model.clearInjected()),
    async stop() {
      ticking?.dispose();
      await transport.stop();
    },
  };
}

/** Parks a vehicle for good with every controller awake; its unit keeps its network. */
function standOnBench(unit: Unit, now: number): void {
  unit.coverageEnds = Number.POSITIVE_INFINITY;
  unit.vehicle.until = Number.POSITIVE_INFINITY;
  unit.vehicle.injected = withFault(undefined, { values: { ignition: 1 } }, now, ON_BENCH);
}

function selected(fleet: FleetDescription, select: SimulatorOptions['select']): FleetDescription {
  return select ? { ...fleet, vehicles: fleet.vehicles.filter(select) } : fleet;
}

/** Whether what a vehicle recorded so many hours after its past began is lost: half an hour and a quarter of an hour each day. */
function isLost(vehicle: number, hours: number): boolean {
  const hour = (hours + ((vehicle * 37) % 100) / 25) % 24;
  return (hour >= 9 && hour < 9.5) || (hour >= 20 && hour < 20.25);
}
