import { FRAME, type FrameBatch } from '../adapters/frame-batch.ts';
import { QUALITY } from '../envelope/quality.ts';
import type { BusBinding, FrameMessageDecoder, ResolveBus } from './binding.ts';
import type { DecodedMessage } from './decoded-message.ts';
import type { ParameterTable } from './limits-table.ts';
import type { RowBuilder } from './row-builder.ts';
import { frameKey, type UnitContext } from './unit.ts';

/** Frames that carry no signals: remote requests and error frames. */
const NO_DATA = FRAME.rtr | FRAME.error;

/** Turns the frames of a batch into the rows of a message. */
export class FrameDecoding {
  readonly #resolveBus: ResolveBus;
  readonly #table: ParameterTable;
  readonly #rows: RowBuilder;
  #values = new Float64Array(256);
  #present = new Uint16Array(256);
  /** By binding and message index: 2 where a frame of nothing but zeros is a controller that is not up yet, 1 where it may be real. */
  readonly #zeroRules = new WeakMap<BusBinding, Uint8Array>();

  constructor(resolveBus: ResolveBus, table: ParameterTable, rows: RowBuilder) {
    this.#resolveBus = resolveBus;
    this.#table = table;
    this.#rows = rows;
  }

  /** Decodes all frames; row times are milliseconds after the batch's t0. */
  decode(unit: UnitContext, frames: FrameBatch, message: DecodedMessage): void {
    const rows = this.#rows;
    const { bytes } = frames;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { low, high } = this.#table;
    const { position } = rows;
    let values = this.#values;
    let currentBus = -1;
    let binding: BusBinding | undefined;
    let zeroRules: Uint8Array | undefined;
    message.frames = frames.count;
    for (let f = 0; f < frames.count; f++) {
      const flags = frames.flags[f] as number;
      if ((flags & NO_DATA) !== 0) continue;
      const bus = frames.bus[f] as number;
      if (bus !== currentBus) {
        currentBus = bus;
        binding = this.#bindingOf(unit, bus, message);
        values = this.#values;
        zeroRules = binding === undefined ? undefined : this.#zeroRulesOf(binding);
      }
      const id = frames.id[f] as number;
      const extended = (flags & FRAME.extended) !== 0;
      const decoder = binding?.decoder.lookup(id, extended);
      if (binding === undefined || decoder === undefined) {
        message.unknownFrames++;
        unit.countOdd(unit.unknownIds, frameKey(bus, extended, id));
        continue;
      }
      const at = frames.at[f] as number;
      const length = frames.length[f] as number;
      if (length !== decoder.message.length) {
        message.lengthMismatches++;
        unit.countOdd(unit.mismatchedIds, frameKey(bus, extended, id));
      }
      if (zeroRules !== undefined && this.#zeroRule(zeroRules, binding, decoder) === 2 && isZero(bytes, at, length)) {
        message.quality |= QUALITY.zeroRow;
        continue;
      }
      const { signalCount, firstSignal } = decoder;
      rows.at((frames.dt[f] as number) / 1000, signalCount);
      const present = decoder.decode(view, at, length, values, this.#present);
      const { parameterOf } = binding;
      const start = message.rowStart[message.rowCount] as number;
      const { parameters, values: target } = message;
      let { count } = message;
      // The body of RowBuilder.set, written out: this loop runs for every signal of every vehicle.
      for (let k = 0; k < present; k++) {
        const signal = present === signalCount ? k : (this.#present[k] as number);
        const parameter = parameterOf[firstSignal + signal] as number;
        if (parameter === 0) continue;
        const value = values[signal] as number;
        if (!(value >= (low[parameter] as number) && value <= (high[parameter] as number))) {
          message.invalidValues++;
          continue;
        }
        const index = position[parameter] as number;
        if (index >= start && index < count && parameters[index] === parameter) target[index] = value + 0;
        else {
          position[parameter] = count;
          parameters[count] = parameter;
          target[count++] = value + 0;
        }
      }
      message.count = count;
    }
    rows.close();
  }

  #bindingOf(unit: UnitContext, bus: number, message: DecodedMessage): BusBinding | undefined {
    let binding = unit.binding(bus);
    if (binding === undefined) {
      const found = this.#resolveBus(unit, bus, unit.meta?.buses.find((item) => item.bus === bus)?.dbc);
      unit.bind(bus, found);
      binding = found ?? false;
    }
    if (binding === false) return undefined;
    const needed = binding.decoder.maximumSignals;
    if (needed > this.#values.length) {
      this.#values = new Float64Array(needed);
      this.#present = new Uint16Array(needed);
    }
    if (!message.dbcHashes.includes(binding.dbcHash)) message.dbcHashes.push(binding.dbcHash);
    return binding;
  }

  #zeroRulesOf(binding: BusBinding): Uint8Array {
    let rules = this.#zeroRules.get(binding);
    if (rules === undefined) {
      rules = new Uint8Array(binding.decoder.messages.length);
      this.#zeroRules.set(binding, rules);
    }
    return rules;
  }

  #zeroRule(rules: Uint8Array, binding: BusBinding, decoder: FrameMessageDecoder): number {
    const known = rules[decoder.index] as number;
    if (known !== 0) return known;
    let rule = 1;
    for (let i = 0; i < decoder.signalCount; i++) {
      if (this.#table.neverZero[binding.parameterOf[decoder.firstSignal + i] ?? 0] === 1) rule = 2;
    }
    rules[decoder.index] = rule;
    return rule;
  }
}

function isZero(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (bytes[i] !== 0) return false;
  return true;
}
