import type { DbcMessage } from '#shared/domain/telemetry/dbc/model.ts';
import { dbcHash } from '#shared/domain/telemetry/dbc/hash.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { compileEncoder, type MessageEncoder } from '#shared/domain/telemetry/decode/encode.ts';
import type { WireFrame } from '#shared/domain/telemetry/wire/index.ts';
import { readerOf, type Reader } from '../model/parameters.ts';
import type { Vehicle } from '../model/vehicle.ts';
import type { MappedSignal } from '../resources.ts';

/** One unit of the vehicle; each sends its messages only while it is awake. */
export type Sender = 'BMS' | 'MCU' | 'Charger' | 'VCU';

interface FramePlan {
  readonly encoder: MessageEncoder;
  readonly message: DbcMessage;
  readonly sender: Sender;
  readonly values: Float64Array;
  /** By signal; undefined for counters and multiplexors. */
  readonly readers: readonly (Reader | undefined)[];
  /** Physical value that encodes "no value", by signal. */
  readonly missing: Float64Array;
  readonly counters: readonly number[];
  readonly selector: number;
  /** Multiplexor values, one frame each; a plain message has one. */
  readonly pages: readonly number[];
}

/** A CAN bus of a vehicle, ready to be sent. */
export interface Bus {
  /** `sha256:` and the digest of the DBC file. */
  readonly dbc: string;
  /** Frames per second while every unit is awake. */
  readonly framesPerSecond: number;
  /**
   * One frame of every message (and of every page) of the senders that are awake, `spacing` µs apart, the last at `spacing`
   * times the number of frames before the first.
   */
  frames(vehicle: Vehicle, awake: (sender: Sender) => boolean, spacing: number): WireFrame[];
  /** Values of all parameters whose sender is awake, by key; without those that have no value. */
  values(vehicle: Vehicle, awake: (sender: Sender) => boolean): [string, number][];
}

function pagesOf(message: DbcMessage): { selector: number; pages: number[] } {
  const selector = message.signals.findIndex((signal) => signal.multiplexor);
  if (selector < 0) return { selector, pages: [Number.NaN] };
  const pages = new Set<number>();
  for (const signal of message.signals) for (const [from, to] of signal.multiplexing?.ranges ?? []) for (let page = from; page <= to; page++) pages.add(page);
  return { selector, pages: [...pages].sort((a, b) => a - b) };
}

/** Undefined for a message of which nothing is mapped: it is not sent. */
function planOf(message: DbcMessage, mapped: ReadonlyMap<string, MappedSignal>): FramePlan | undefined {
  const known = message.signals.map((signal) => mapped.get(`${message.name}.${signal.name}`));
  const owner = known.find((signal) => signal !== undefined);
  if (owner === undefined) return undefined;
  const readers = known.map((signal) => signal && readerOf(signal.parameter));
  const missing = Float64Array.from(message.signals, (signal, i) => (known[i]?.notAvailable[0] ?? 0) * signal.scale + signal.offset);
  const counters = message.signals.flatMap((signal, i) => (known[i] === undefined && !signal.multiplexor ? [i] : []));
  return { encoder: compileEncoder(message), message, sender: owner.unit, values: new Float64Array(message.signals.length), readers, missing, counters, ...pagesOf(message) };
}

/** Prepares a bus from its DBC file and signal map. Throws where the map names a signal or parameter that does not exist. */
export function compileBus(dbc: Uint8Array, signals: readonly MappedSignal[]): Bus {
  const { database } = parseDbc(dbc);
  const mapped = new Map(signals.map((signal) => [`${signal.message}.${signal.signal}`, signal]));
  const names = new Set(database.messages.flatMap((message) => message.signals.map((signal) => `${message.name}.${signal.name}`)));
  for (const key of mapped.keys()) if (!names.has(key)) throw new Error(`the DBC file has no signal ${key}`);
  const readers = signals.map(({ parameter, unit }) => {
    const read = readerOf(parameter);
    if (read === undefined) throw new Error(`there is nothing to send as ${parameter}`);
    return { key: parameter, sender: unit, read };
  });
  const plans = database.messages.map((message) => planOf(message, mapped)).filter((plan) => plan !== undefined);

  return {
    dbc: dbcHash(dbc),
    framesPerSecond: plans.reduce((sum, plan) => sum + 1000 / (plan.message.cycleTime ?? 1000), 0),
    frames(vehicle, awake, spacing) {
      const frames: WireFrame[] = [];
      for (const plan of plans) {
        if (!awake(plan.sender)) continue;
        const { values, readers: read, missing, message } = plan;
        for (let i = 0; i < values.length; i++) {
          const value = read[i]?.(vehicle) ?? Number.NaN;
          values[i] = Number.isNaN(value) ? (missing[i] as number) : value;
        }
        for (const counter of plan.counters) values[counter] = Math.floor(vehicle.time / (message.cycleTime ?? 1000)) % 2 ** Math.min(8, message.signals[counter]?.length ?? 1);
        for (const page of plan.pages) {
          if (plan.selector >= 0) values[plan.selector] = page;
          const data = new Uint8Array(message.length);
          plan.encoder.encode(values, data);
          frames.push(message.extended ? { dt: frames.length * spacing, id: message.id, data, flags: 1 } : { dt: frames.length * spacing, id: message.id, data });
        }
      }
      return frames;
    },
    values(vehicle, awake) {
      const out: [string, number][] = [];
      for (const { key, sender, read } of readers) {
        if (!awake(sender)) continue;
        const value = read(vehicle);
        if (!Number.isNaN(value)) out.push([key, Math.round(value * 1000) / 1000]);
      }
      return out;
    },
  };
}
