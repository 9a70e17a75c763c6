import type { DemoFault } from '#shared/contract/demo.ts';
import type { FleetDescription } from './fleet/types.ts';
import { createVehicle } from './model/create.ts';
import { FLOOD_BITS, expired, faultOf, withFault, withoutFaults, type Fault } from './model/injection.ts';
import type { VehicleMemory } from './model/vehicle.ts';
import { Random } from './random.ts';
import { CITIES } from './roads/cities.ts';
import { buildNetwork, type Network } from './roads/network.ts';
import type { BusName, DemoResources } from './resources.ts';
import { compileBus, type Bus } from './unit/bus.ts';
import { runPending, takeCommand, type VerifyCommand } from './unit/commands.ts';
import { stateMessage, whereIs } from './unit/messages.ts';
import { markBuffered, withMishaps } from './unit/mishaps.ts';
import { greeting, nextDue, report, updateCoverage, type ReportOptions } from './unit/report.ts';
import { connected, coverageSpell, createUnit, type FleetFormat, type Outgoing, type Unit } from './unit/unit.ts';

export interface FleetModelOptions extends ReportOptions {
  readonly description: FleetDescription;
  readonly resources: DemoResources;
  /** First instant of the simulation, epoch ms. */
  readonly startAt: number;
  readonly format: FleetFormat;
  /** Milliseconds between two reports on the road; charging takes five, parking thirty times as long. */
  readonly interval: number;
  /** What an earlier run left, by device id. */
  readonly memory?: Readonly<Record<string, VehicleMemory>>;
  readonly verify?: VerifyCommand;
  /** Messages a unit keeps while it cannot send; the oldest go first. Default: a share of what all may keep together. */
  readonly bufferLimit?: number;
  /** Messages a unit remembers for `backfill`; default: at most 150, and a share of what all may remember together. */
  readonly memoryLimit?: number;
  /** Stretches that a unit without connection does not keep, as if its memory had failed: `at` in epoch ms. */
  readonly forgets?: (vehicle: number, at: number) => boolean;
}

/** Where the fleet's messages go. `unit` is the position in `FleetModel.units`. */
export interface FleetSink {
  publish(unit: number, message: Outgoing): void;
  /** False where the way to the broker is full; messages are then kept and sent late. */
  ready(unit: number): boolean;
  /** The mobile network was lost or found. */
  coverage(unit: number, covered: boolean): void;
}

export interface FleetModel {
  /** The units that talk, in the order of the description. */
  readonly units: readonly Unit[];
  readonly counters: { readonly messages: number; readonly bytes: number; readonly late: number; readonly dropped: number };
  /** Moves the fleet to `to`, epoch ms, and publishes what is due; the result does not depend on how often it is called. */
  advance(to: number): void;
  /** Reports on the road come in this period from now on, ms. */
  setInterval(interval: number): void;
  /** The transport's session of a unit came up or went down. */
  session(unit: number, up: boolean): void;
  /** A message that was published did not arrive for certain: it is kept and sent again, late. */
  returned(unit: number, message: Outgoing): void;
  /** A payload arrived under the unit's `cmd/`. */
  command(unit: number, payload: Uint8Array): void;
  /** False for a device that does not talk or has no bus that could show this fault. */
  reaches(deviceId: string, fault: DemoFault): boolean;
  /** Puts a fault into a vehicle for so long, ms, and brings its network back where the fault is another; false for a device that does not talk or has no bus that could say so. */
  inject(deviceId: string, fault: DemoFault, duration: number): boolean;
  /** Puts faults into vehicles until `alerts` alarm bits stand, for so long, ms; returns the number of vehicles. */
  flood(alerts: number, duration: number): number;
  /** Takes every fault back that was put in. */
  clearInjected(): void;
  /** The Last Will of a unit. */
  will(unit: number): Outgoing;
  /** What to hand to the next run. */
  memory(): Record<string, VehicleMemory>;
}

/** Simulated time goes in these steps, ms, so that the order of messages hangs on the seed alone. */
const QUANTUM = 100;
/** Further behind than this, units act as if the network had been gone: old data must not pass for live. */
const LAG = 5000;
/** Messages that all buffers, and all memories for `backfill`, hold together (about 1 kB each). */
const BUFFERED = 50_000;
const REMEMBERED = 20_000;
/** Late messages a unit sends in one step after it is back. */
const BURST = 10;

/** Whether the message is newer than what is remembered; one that is sent again is not. */
function isNews(unit: Unit, message: Outgoing): boolean {
  const last = unit.sent.at(-1);
  return message.seq !== undefined && (last === undefined || message.boot > last.boot || (message.boot === last.boot && message.seq > (last.seq ?? -1)));
}

function createUnits(options: FleetModelOptions): Unit[] {
  const { description, resources, startAt, memory, format } = options;
  const networks = new Map<string, Network>();
  const buses = new Map<BusName, Bus>();
  const models = new Map(description.models.map((model) => [model.key, model]));
  const networkOf = (key: string): Network => {
    const known = networks.get(key);
    if (known !== undefined) return known;
    const city = CITIES.find((one) => one.key === key);
    if (city === undefined) throw new Error(`no roads for ${key}`);
    const network = buildNetwork(city);
    networks.set(key, network);
    return network;
  };
  const busOf = (modelKey: string): Bus => {
    const name = models.get(modelKey)?.signalMap ?? 'two-wheeler';
    const known = buses.get(name);
    if (known !== undefined) return known;
    const bus = compileBus(resources[name].dbc, resources[name].signals);
    buses.set(name, bus);
    return bus;
  };
  return description.vehicles
    .filter((info) => info.silence === undefined)
    .map((info) => {
      const left = memory?.[info.deviceId];
      const vehicle = createVehicle(info, networkOf(info.locationKey), description.seed, startAt, left);
      return createUnit(vehicle, busOf(info.modelKey), format, description.seed, startAt, left && left.boot + 1);
    });
}

/**
 * The fleet as a machine without clock or timers: time comes in by `advance`, messages go out through `sink`. The same
 * options, calls and order of calls give the same bytes. Throws where resources and models do not fit together.
 */
export function createFleetModel(options: FleetModelOptions, sink: FleetSink): FleetModel {
  const units = createUnits(options);
  const { startAt } = options;
  let { interval } = options;
  const due = new Float64Array(units.length);
  const bufferLimit = options.bufferLimit ?? Math.max(5, Math.min(400, Math.floor(BUFFERED / Math.max(1, units.length))));
  const memoryLimit = options.memoryLimit ?? Math.min(150, Math.floor(REMEMBERED / Math.max(1, units.length)));
  const backlog = new Set<number>();
  /** Units whose network somebody has taken away. */
  const cutOff = new Set<number>();
  const counters = { messages: 0, bytes: 0, late: 0, dropped: 0 };
  let time = startAt;
  // The first second and a half is for connecting.
  units.forEach((_, i) => (due[i] = startAt + 1500 + new Random(options.description.seed, 'first', i).range(0, interval)));

  const deliver = (index: number, message: Outgoing): void => {
    counters.messages += 1;
    counters.bytes += message.payload.length;
    sink.publish(index, message);
  };

  const send = (index: number, message: Outgoing): void => {
    const unit = units[index] as Unit;
    if (memoryLimit > 0 && isNews(unit, message)) {
      unit.sent.push(message);
      if (unit.sent.length > memoryLimit) unit.sent.shift();
    }
    if (!connected(unit)) keep(index, message);
    else if (!sink.ready(index)) keep(index, late(message));
    else for (const out of withMishaps(unit, message)) deliver(index, out);
  };

  const keep = (index: number, message: Outgoing): void => {
    const unit = units[index] as Unit;
    // The retained state is published anew when the unit is back; an old one would be a lie by then.
    if (message.suffix === 'state') return;
    const forgotten = options.forgets?.(unit.vehicle.info.index, time) === true;
    if (!forgotten) unit.buffer.push(message);
    if (forgotten || unit.buffer.length > bufferLimit) {
      if (!forgotten) unit.buffer.shift();
      unit.dropped += 1;
      unit.lost += 1;
      counters.dropped += 1;
    }
    backlog.add(index);
  };

  const late = (message: Outgoing): Outgoing => ({ ...message, payload: markBuffered(message.payload) });

  const greet = (index: number, now: number): void => {
    for (const message of greeting(units[index] as Unit, now)) send(index, message);
  };

  const wake = (index: number, now: number): void => {
    const unit = units[index] as Unit;
    unit.vehicle.injected &&= expired(unit.vehicle.injected, now);
    if (updateCoverage(unit, now)) {
      if (unit.covered) cutOff.delete(index);
      sink.coverage(index, unit.covered);
      if (connected(unit)) greet(index, now);
    }
    hold(unit);
    for (const message of runPending(unit, now)) send(index, message);
    for (const message of report(unit, now, options)) send(index, message);
    due[index] = nextDue(unit, now, interval);
  };

  const flush = (): void => {
    for (const index of backlog) {
      const unit = units[index] as Unit;
      if (!connected(unit) || !sink.ready(index)) continue;
      for (const message of unit.buffer.splice(0, BURST)) {
        counters.late += 1;
        deliver(index, message);
      }
      if (unit.buffer.length === 0) backlog.delete(index);
    }
  };

  /** A unit with a fault that was put in keeps its network until the end of it has been heard. */
  const hold = (unit: Unit): void => {
    const { injected } = unit.vehicle;
    if (unit.covered && injected) unit.coverageEnds = Math.max(unit.coverageEnds, injected.heardUntil);
  };

  /** Brings the network back at once. */
  const cover = (index: number): void => {
    const unit = units[index] as Unit;
    cutOff.delete(index);
    if (unit.covered) return;
    unit.covered = true;
    unit.coverageEnds = time + coverageSpell(unit, true);
    sink.coverage(index, true);
    if (connected(unit)) greet(index, time);
  };

  const put = (index: number, fault: Fault, duration: number): void => {
    const unit = units[index] as Unit;
    cover(index);
    unit.vehicle.injected = withFault(unit.vehicle.injected, fault, time, duration);
    hold(unit);
    due[index] = Math.min(due[index] as number, time + 1);
  };

  const run = (to: number): void => {
    while (time + QUANTUM <= to) {
      time += QUANTUM;
      for (let i = 0; i < due.length; i++) while ((due[i] as number) <= time) wake(i, due[i] as number);
      if (backlog.size > 0) flush();
    }
  };

  /** Lives through a stretch nobody was there for; what was measured then is sent late. */
  const catchUp = (to: number): void => {
    const sessions = units.map((unit) => unit.session);
    for (const unit of units) unit.session = false;
    run(to);
    units.forEach((unit, i) => {
      unit.session = sessions[i] as boolean;
      if (connected(unit)) greet(i, time);
    });
  };

  return {
    units,
    counters,
    advance(to) {
      if (to - time > LAG) catchUp(to - QUANTUM);
      run(to);
    },
    setInterval(next) {
      interval = next;
      units.forEach((unit, i) => (due[i] = Math.min(due[i] as number, nextDue(unit, time, interval))));
    },
    session(index, up) {
      const unit = units[index];
      if (unit === undefined || unit.session === up) return;
      unit.session = up;
      if (connected(unit)) greet(index, time);
    },
    returned(index, message) {
      if (units[index] !== undefined) keep(index, late(message));
    },
    command(index, payload) {
      const unit = units[index];
      if (unit === undefined) return;
      takeCommand(unit, payload, time, (message) => send(index, message), options.verify);
      due[index] = Math.min(due[index] as number, nextDue(unit, time, interval));
    },
    reaches(deviceId, fault) {
      const unit = units.find(({ vehicle }) => vehicle.info.deviceId === deviceId);
      return unit !== undefined && (unit.format !== 'tracker' || faultOf(fault) === undefined);
    },
    inject(deviceId, fault, duration) {
      const index = units.findIndex((unit) => unit.vehicle.info.deviceId === deviceId);
      const unit = units[index];
      if (unit === undefined || !this.reaches(deviceId, fault)) return false;
      const known = faultOf(fault);
      if (known === undefined) {
        cutOff.add(index);
        unit.covered = false;
        unit.coverageEnds = time + duration;
        sink.coverage(index, false);
        due[index] = unit.coverageEnds;
        return true;
      }
      put(index, known, duration);
      return true;
    },
    flood(alerts, duration) {
      const buses = units.flatMap((unit, index) => (unit.format === 'tracker' ? [] : [index]));
      const each = Math.max(1, Math.min(FLOOD_BITS.length, Math.ceil(alerts / Math.max(1, buses.length))));
      let left = alerts;
      let vehicles = 0;
      for (const index of buses) {
        if (left <= 0) break;
        const bits = Array.from({ length: Math.min(each, left) }, (_, i) => FLOOD_BITS[(vehicles + i) % FLOOD_BITS.length] as string);
        put(index, { values: Object.fromEntries(bits.map((key) => [key, 1])) }, duration);
        left -= bits.length;
        vehicles += 1;
      }
      return vehicles;
    },
    clearInjected() {
      units.forEach(({ vehicle }, index) => {
        const lost = cutOff.has(index);
        if (lost) cover(index);
        if (vehicle.injected) withoutFaults(vehicle.injected, time);
        if (lost || vehicle.injected) due[index] = Math.min(due[index] as number, time + 1);
      });
    },
    will(index) {
      return stateMessage(units[index] as Unit, time, false);
    },
    memory() {
      return Object.fromEntries(
        units.map(({ vehicle, boot }) => {
          whereIs(vehicle);
          const { fix, battery, odometer } = vehicle;
          return [vehicle.info.deviceId, { odometer: odometer / 1000, soc: battery.soc, cycles: battery.cycles, boot, lat: fix.lat, lon: fix.lon }];
        }),
      );
    },
  };
}
