import type { FrameListener } from '#core/can/frame-taps.ts';
import type { IngestUnit } from '#core/ingest/unit-registry.ts';
import { seenKey, type BenchFacts, type BenchValue, type ExpectedMessage, type SeenMessage } from '#shared/domain/commissioning/index.ts';
import { FRAME, type FrameBatch } from '#shared/domain/telemetry/adapters/index.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import type { BusBinding } from '#shared/domain/telemetry/processor/index.ts';
import type { VehicleModelRow } from '#shared/resources/vehicle-model.ts';
import type { WorkServices } from './services.ts';

export type AlertNamesOf = (vehicleId: string) => readonly string[];

/** What is on the bench: the unit, and the model and battery that the vehicle is going to be. */
export interface BenchSubject {
  readonly deviceId: string;
  readonly modelId: string;
  readonly bmsId: string;
}

type Services = Pick<WorkServices, 'directory' | 'registry' | 'library' | 'state' | 'catalogue' | 'openAlerts' | 'clock'>;

interface Heard {
  frames: number;
  last: number;
  shortest: number;
  unitTime: number;
}

const SKIPPED = FRAME.rtr | FRAME.error;

/**
 * Listens to one unit and gives what its bench check is made of. Frames are decoded by the model that the vehicle is going to be, whatever
 * the unit is bound to until then; what units send decoded comes from the live fleet.
 */
export class BenchFactsOf implements FrameListener {
  readonly #services: Services;
  readonly #subject: BenchSubject;
  readonly #since: number;
  readonly #heard = new Map<string, Heard>();
  readonly #values = new Map<number, { value: number; time: number }>();
  readonly #bindings = new Map<number, BusBinding | undefined>();
  #scratch = new Float64Array(256);
  #present = new Uint16Array(256);

  constructor(services: Services, subject: BenchSubject) {
    this.#services = services;
    this.#subject = subject;
    this.#since = services.clock.now();
  }

  statistics(): void {
    // The load of the bus is no part of the check.
  }

  frames(frames: FrameBatch, begin: number, receivedAt: number): void {
    const view = new DataView(frames.bytes.buffer, frames.bytes.byteOffset, frames.bytes.byteLength);
    for (let f = 0; f < frames.count; f++) {
      const flags = frames.flags[f]!;
      if ((flags & SKIPPED) !== 0) continue;
      const bus = frames.bus[f]!;
      const binding = this.#binding(bus);
      const decoder = binding?.decoder.lookup(frames.id[f]!, (flags & FRAME.extended) !== 0);
      if (binding === undefined || decoder === undefined) continue;
      const { id, extended } = decoder.message as unknown as { readonly id: number; readonly extended: boolean };
      this.#note(seenKey(bus, id, extended), begin + frames.dt[f]! / 1000, receivedAt);
      const at = frames.at[f]!;
      const length = frames.length[f]!;
      if (frames.bytes.subarray(at, at + length).every((byte) => byte === 0)) continue;
      const count = decoder.decode(view, at, length, this.#scratch, this.#present);
      for (let k = 0; k < count; k++) {
        const signal = count === decoder.signalCount ? k : this.#present[k]!;
        const parameter = binding.parameterOf[decoder.firstSignal + signal]!;
        if (parameter !== 0) this.#values.set(parameter, { value: this.#scratch[signal]!, time: receivedAt });
      }
    }
  }

  /** What is known now. */
  facts(settings: { readonly firmware: readonly string[]; readonly optionalSenders: readonly string[] }): BenchFacts {
    const { registry, state, directory, openAlerts, clock } = this.#services;
    const unit = registry.byDevice(this.#subject.deviceId);
    const slot = unit?.slot;
    const live = slot === undefined ? Number.NaN : state.columns.lastCommunication[slot]!;
    const last = Math.max(Number.isNaN(live) ? 0 : live, unit === undefined || Number.isNaN(unit.lastReceived) ? 0 : unit.lastReceived);
    const values = this.#newest(slot);
    const number = (parameter: number): number | undefined => values.get(parameter)?.value;
    const fixTime = values.get(PARAMETER.lat)?.time;
    const vehicle = unit && directory.vehicleOfUnit(unit.unitId);
    const bmsText = slot === undefined ? undefined : state.text(slot, this.#services.catalogue.numberOf('bmsId'));
    const firmware = (slot === undefined ? undefined : state.text(slot, PARAMETER.firmwareVersion)) ?? unit?.context.meta?.firmware;
    return {
      now: clock.now(),
      since: this.#since,
      lastCommunication: last === 0 ? undefined : last,
      expected: this.#expected(unit),
      seen: this.#heard as ReadonlyMap<string, SeenMessage>,
      values: this.#described(values),
      battery: { scanned: this.#subject.bmsId, text: bmsText, serial: number(PARAMETER.packSerial) },
      openAlerts: vehicle === undefined ? [] : openAlerts(vehicle.vehicleId),
      fix: fixTime === undefined ? undefined : { time: fixTime, satellites: number(PARAMETER.satellites), hdop: number(PARAMETER.hdop) },
      firmware: { reported: firmware, expected: settings.firmware },
      optionalSenders: settings.optionalSenders,
    };
  }

  #note(key: string, unitTime: number, receivedAt: number): void {
    const known = this.#heard.get(key);
    if (known === undefined) {
      this.#heard.set(key, { frames: 1, last: receivedAt, shortest: Number.POSITIVE_INFINITY, unitTime });
      return;
    }
    const apart = unitTime - known.unitTime;
    known.frames++;
    known.last = receivedAt;
    // What comes late is older than what was heard: its distance to that says nothing.
    if (apart > 0) {
      known.shortest = Math.min(known.shortest, apart);
      known.unitTime = unitTime;
    }
  }

  /** The newer of what the live fleet knows and what was decoded here, by parameter. */
  #newest(slot: number | undefined): Map<number, { value: number; time: number }> {
    const values = new Map(this.#values);
    if (slot === undefined) return values;
    this.#services.state.forEachValue(slot, (parameter, value, time) => {
      const known = values.get(parameter);
      if (known === undefined || known.time < time) values.set(parameter, { value, time });
    });
    return values;
  }

  #described(values: ReadonlyMap<number, { readonly value: number; readonly time: number }>): BenchValue[] {
    const described: BenchValue[] = [];
    for (const [parameter, { value, time }] of values) {
      const entry = this.#services.catalogue.byNumber(parameter);
      if (entry === undefined) continue;
      const [low, high] = entry.limits ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
      if (value < low || value > high) continue;
      described.push({ label: entry.label, group: entry.group, value, unit: entry.unit ?? '', decimals: entry.decimals, time, min: entry.min, max: entry.max, alarm: isAlarm(entry) });
    }
    return described;
  }

  #binding(bus: number): BusBinding | undefined {
    if (!this.#bindings.has(bus)) {
      const found = this.#assigned(bus);
      const binding = found && this.#services.library.binding(found.hash, found.signalMap);
      const needed = binding?.decoder.maximumSignals ?? 0;
      if (needed > this.#scratch.length) {
        this.#scratch = new Float64Array(needed);
        this.#present = new Uint16Array(needed);
      }
      this.#bindings.set(bus, binding);
    }
    return this.#bindings.get(bus);
  }

  #assigned(bus: number) {
    const unit = this.#services.registry.byDevice(this.#subject.deviceId);
    return this.#services.library.assigned({ model: this.#model(), bus, named: unit?.context.meta?.buses.find((one) => one.bus === bus)?.dbc, software: unit?.context.software, at: this.#services.clock.now() });
  }

  #model(): VehicleModelRow | undefined {
    return this.#services.directory.model(this.#subject.modelId);
  }

  /** Messages of the buses that the model has, or the unit names; undefined where no DBC file is known for any. */
  #expected(unit: IngestUnit | undefined): ExpectedMessage[] | undefined {
    const buses = new Set([...(this.#model()?.dbc ?? []).map((entry) => entry.bus), ...(unit?.context.meta?.buses ?? []).filter((one) => one.dbc !== undefined).map((one) => one.bus)]);
    const expected: ExpectedMessage[] = [];
    let known = false;
    for (const bus of buses) {
      const found = this.#assigned(bus);
      const database = found && this.#services.library.parsed(found.hash)?.database;
      if (database === undefined) continue;
      known = true;
      for (const { id, extended, name, cycleTime, senders, signals } of database.messages) expected.push({ bus, id, extended, name, cycleTime, senders, multiplexed: signals.some((signal) => signal.multiplexor) });
    }
    return known ? expected : undefined;
  }
}

/** A bit whose normal range is 0. */
function isAlarm({ kind, min, max }: { readonly kind: string; readonly min?: number; readonly max?: number }): boolean {
  return kind === 'flag' && min === 0 && max === 0;
}

