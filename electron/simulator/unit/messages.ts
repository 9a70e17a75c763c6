import { encodeCanBinary, encodeCanJson, encodeCommandAck, encodeEvent, encodeMeta, encodeSignals, encodeState, encodeStatistics, encodeTroubleCodes, type AckState, type MessageHead, type SignalValue } from '#shared/domain/telemetry/wire/index.ts';
import { TROUBLE_CODES } from '../model/faults.ts';
import { METRES_PER_DEGREE, locate } from '../roads/geometry.ts';
import { speedOf, underground, type Vehicle } from '../model/vehicle.ts';
import type { Sender } from './bus.ts';
import { connected, uptime, type Outgoing, type Unit } from './unit.ts';

/** Raw deflate, RFC 1951. */
export type Deflate = (body: Uint8Array) => Uint8Array;

/** Microseconds between two frames of a batch: a 500 kbit/s bus needs about 250 for eight bytes. */
const FRAME_SPACING = 480;

/** Head of the next message; counts it. A message made without connection says that it is sent late. */
export function nextHead(unit: Unit, now: number): MessageHead {
  return { boot: unit.boot, seq: unit.seq++, up: uptime(unit, now), buffered: !connected(unit) };
}

function outgoing(suffix: string, head: { readonly boot: number; readonly seq?: number }, payload: Uint8Array, qos: 0 | 1, retain = false): Outgoing {
  return { suffix, payload, qos, retain, boot: head.boot, seq: head.seq };
}

/** Which units of the vehicle talk: all but the charger on the road, no motor controller while parked or charging. */
export function awakeSenders(vehicle: Vehicle): (sender: Sender) => boolean {
  // A fault that is shown has to be heard, also of a unit that would sleep.
  if (vehicle.injected) return () => true;
  return (sender) => (sender === 'MCU' ? vehicle.ignition : sender === 'Charger' ? vehicle.plugged : true);
}

/** The bus as this unit sends it, or undefined for a tracker. */
export function busMessage(unit: Unit, now: number, qos: 0 | 1, deflate: Deflate): Outgoing | undefined {
  const { vehicle, bus } = unit;
  const awake = awakeSenders(vehicle);
  const t = now + unit.clockOffset;
  if (unit.format === 'tracker') return undefined;
  if (unit.format === 'sig') {
    const values = bus.values(vehicle, awake).map(([key, value]): [number, string, SignalValue] => [0, key, value]);
    const head = nextHead(unit, now);
    return outgoing('sig', head, encodeSignals({ ...head, t0: t, values }), qos);
  }
  const frames = bus.frames(vehicle, awake, FRAME_SPACING);
  const batch = { ...nextHead(unit, now), t0: t * 1000 - frames.length * FRAME_SPACING, bus: 0, frames };
  const payload = unit.format === 'json' ? encodeCanJson(batch) : encodeCanBinary(batch, unit.format === 'deflated' ? { deflate } : {});
  return outgoing('can', batch, payload, qos);
}

/** Writes the true position of the vehicle into its `fix`. */
export function whereIs(vehicle: Vehicle): void {
  const { fix } = vehicle;
  const leg = vehicle.legs?.[vehicle.leg];
  if (leg !== undefined) locate(leg.edge.path, vehicle.along, leg.reverse, fix);
  else {
    fix.lat = vehicle.here.place[0];
    fix.lon = vehicle.here.place[1];
  }
}

function positionValues(unit: Unit, now: number): [string, SignalValue][] {
  const { vehicle, random } = unit;
  if (underground(vehicle)) unit.fixFrom = now + random.range(3, 9) * 1000;
  if (now < unit.fixFrom) return [['satellites', random.int(3)]];
  whereIs(vehicle);
  const { fix } = vehicle;
  // Receivers of this class are good for 3 m in the open.
  const north = random.normal(0, 2.2) / METRES_PER_DEGREE;
  const east = random.normal(0, 2.2) / (METRES_PER_DEGREE * Math.cos((fix.lat * Math.PI) / 180));
  const speed = vehicle.speed > 0 ? Math.max(0, speedOf(vehicle) + random.normal(0, 0.4)) : Math.max(0, random.normal(0.2, 0.25));
  return [
    ['lat', Math.round((fix.lat + north) * 1e6) / 1e6],
    ['lon', Math.round((fix.lon + east) * 1e6) / 1e6],
    ['gpsSpeed', Math.round(speed * 10) / 10],
    ['heading', Math.round(fix.heading) % 360],
    ['satellites', 8 + random.int(8)],
    ['hdop', Math.round(random.range(0.7, 1.5) * 10) / 10],
  ];
}

function unitValues(unit: Unit, now: number): [string, SignalValue][] {
  const { vehicle, random } = unit;
  const home = vehicle.info.quirk === 'patchy-network' ? 9 : 23;
  unit.gsmSignal = Math.max(2, Math.min(31, unit.gsmSignal + (home - unit.gsmSignal) * 0.02 + (random.next() - 0.5) * 2));
  const values: [string, SignalValue][] = [
    ['ignition', vehicle.ignition ? 1 : 0],
    ['gsmSignal', Math.round(unit.gsmSignal)],
    ['supplyVoltage', Math.round((vehicle.auxVoltage - 0.1) * 100) / 100],
  ];
  if (now >= unit.nextFirmware) {
    unit.nextFirmware = now + 600_000;
    values.push(['firmwareVersion', vehicle.info.firmware]);
  }
  return values;
}

/** Position and what the unit itself measures. */
export function positionMessage(unit: Unit, now: number, qos: 0 | 1): Outgoing {
  const values = [...positionValues(unit, now), ...unitValues(unit, now)].map(([key, value]): [number, string, SignalValue] => [0, key, value]);
  const head = nextHead(unit, now);
  return outgoing('sig', head, encodeSignals({ ...head, t0: now + unit.clockOffset, values }), qos);
}

/** Retained; `on: false` is also the Last Will. */
export function stateMessage(unit: Unit, now: number, on: boolean): Outgoing {
  return outgoing('state', { boot: unit.boot }, encodeState({ on, t: now + unit.clockOffset, boot: unit.boot }), 1, true);
}

export function metaMessage(unit: Unit, now: number): Outgoing {
  const { info } = unit.vehicle;
  const buses = unit.format === 'tracker' ? [] : [{ bus: 0, name: 'EV', kbps: 500, fd: false, dbc: unit.bus.dbc }];
  const head = nextHead(unit, now);
  const payload = encodeMeta({ ...head, model: info.modelKey, vin: info.vin, tcu: { type: info.unitKind, firmware: info.firmware }, buses });
  return outgoing('meta', head, payload, 1, true);
}

export function statisticsMessage(unit: Unit, now: number): Outgoing {
  const { vehicle, bus } = unit;
  const load = vehicle.ignition ? Math.round(bus.framesPerSecond * 0.0255 * 10) / 10 : 0.4;
  const head = nextHead(unit, now);
  const payload = encodeStatistics({ ...head, t: now + unit.clockOffset, buses: [{ bus: 0, frames: unit.frames, errors: vehicle.info.index % 11 === 4 ? Math.floor(unit.frames / 90_000) : 0, load, state: 'active', lost: unit.lost, queue: unit.buffer.length }] });
  return outgoing('stat', head, payload, 0);
}

/** The trouble codes of these faults. */
export function troubleMessage(unit: Unit, now: number, faults: readonly string[]): Outgoing {
  const codes = faults.flatMap((fault) => {
    const code = TROUBLE_CODES[fault];
    return code === undefined ? [] : [{ spn: code[0], fmi: code[1], oc: Math.min(126, unit.occurrences.get(fault) ?? 1) }];
  });
  const head = nextHead(unit, now);
  const payload = encodeTroubleCodes({ ...head, t: now + unit.clockOffset, protocol: 'j1939', lamps: codes.length > 0 ? 2 : 0, codes });
  return outgoing('dtc', head, payload, 1);
}

export function eventMessage(unit: Unit, now: number, name: string, t: number, data?: Readonly<Record<string, SignalValue>>): Outgoing {
  const head = nextHead(unit, now);
  return outgoing('evt', head, encodeEvent({ ...head, t: t + unit.clockOffset, name, ...(data === undefined ? {} : { data }) }), 1);
}

/** The acknowledgement of a command. */
export function ackMessage(unit: Unit, now: number, id: string, state: AckState, why?: string): Outgoing {
  const head = nextHead(unit, now);
  return outgoing(`cmd/${id}/ack`, head, encodeCommandAck({ ...head, id, t: now + unit.clockOffset, state, ...(why === undefined ? {} : { why }) }), 1);
}
