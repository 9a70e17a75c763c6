import { FRAME, type FrameBatch } from '../adapters/frame-batch.ts';
import { QUALITY } from '../envelope/quality.ts';
import type { BusBinding, FrameMessageDecoder, ResolveBus } from './binding.ts';
import { ensureValueCapacity, type DecodedMessage } from './decoded-message.ts';
import type { ParameterTable } from './limits-table.ts';
import { ROW_SPAN, type RowBuilder } from './row-builder.ts';
import { frameKey, type UnitContext } from './unit.ts';

/** Frames that carry no signals: remote requests and error frames. */
const NO_DATA = FRAME.rtr | FRAME.error;
const NONE = new Uint32Array(0);

/** What is remembered of one binding, by message index. */
interface MessageNotes {
  /** 2 where a frame of nothing but zeros is a controller that is not up yet, 1 where it may be real, 0: not asked. */
  readonly zeroRules: Uint8Array;
  /** Number of the row in which a later frame of this message has already given every value. */
  readonly settled: Uint32Array;
  /** The binding's DBC file, as messages name it. */
  readonly hashes: readonly string[];
}

/**
 * Turns the frames of a batch into the rows of a message. A row has the last value of each parameter, so its frames are read from the
 * newest to the oldest: what is there stays, and a frame whose message has settled every value in this row is not decoded at all. Of
 * the hundred frames a bus sends in a second that leaves one of each message.
 */
export class FrameDecoding {
  readonly #resolveBus: ResolveBus;
  readonly #table: ParameterTable;
  readonly #rows: RowBuilder;
  #values = new Float64Array(256);
  #present = new Uint16Array(256);
  readonly #notes = new WeakMap<BusBinding, MessageNotes>();
  #lastBinding: BusBinding | undefined;
  #lastNotes: MessageNotes | undefined;
  /** Per frame of the batch: how it is decoded; undefined: it has no values. */
  readonly #bindings: (BusBinding | undefined)[] = [];
  readonly #decoders: (FrameMessageDecoder | undefined)[] = [];
  #row = 0;
  #view: DataView = new DataView(new ArrayBuffer(0));

  constructor(resolveBus: ResolveBus, table: ParameterTable, rows: RowBuilder) {
    this.#resolveBus = resolveBus;
    this.#table = table;
    this.#rows = rows;
  }

  /** Decodes all frames; row times are milliseconds after the batch's t0. */
  decode(unit: UnitContext, frames: FrameBatch, message: DecodedMessage): void {
    const { count, dt } = frames;
    message.frames = count;
    const view = this.#viewOf(frames.bytes);
    if (isOneRow(frames)) return this.#decodeAtOnce(unit, frames, view, message);
    this.#findDecoders(unit, frames, message);
    const decoders = this.#decoders;
    let first = 0;
    while (first < count) {
      if (decoders[first] === undefined) {
        first++;
        continue;
      }
      const began = (dt[first] as number) / 1000;
      let newest = began;
      let end = first + 1;
      for (; end < count; end++) {
        if (decoders[end] === undefined) continue;
        const at = (dt[end] as number) / 1000;
        if (at - began > ROW_SPAN) break;
        if (at > newest) newest = at;
      }
      this.#rows.at(began, 0);
      this.#rows.at(newest, 0);
      this.#decodeRow(first, end, frames, view, message);
      this.#rows.close();
      first = end;
    }
  }

  /**
   * What `findDecoders` and `decodeRow` do together, in one pass from the newest frame to the oldest: for frames of one bus that make one
   * row, as nearly all messages have them.
   */
  #decodeAtOnce(unit: UnitContext, frames: FrameBatch, view: DataView, message: DecodedMessage): void {
    const { count, bytes, dt, id: ids, flags: allFlags, at: places, length: lengths } = frames;
    const bus = frames.bus[0] as number;
    const row = ++this.#row;
    const rows = this.#rows;
    const offset = bytes.byteOffset;
    let binding: BusBinding | undefined;
    let notes: MessageNotes | undefined;
    let asked = false;
    for (let f = count - 1; f >= 0; f--) {
      const flags = allFlags[f] as number;
      if ((flags & NO_DATA) !== 0) continue;
      if (!asked) {
        asked = true;
        binding = this.#bindingOf(unit, bus, message);
        notes = binding && this.#notesOf(binding);
      }
      const id = ids[f] as number;
      const extended = (flags & FRAME.extended) !== 0;
      const decoder = binding?.decoder.lookup(id, extended);
      if (binding === undefined || notes === undefined || decoder === undefined) {
        message.unknownFrames++;
        unit.countOdd(unit.unknownIds, frameKey(bus, extended, id));
        continue;
      }
      const length = lengths[f] as number;
      if (length !== decoder.message.length) {
        message.lengthMismatches++;
        unit.countOdd(unit.mismatchedIds, frameKey(bus, extended, id));
      }
      const at = places[f] as number;
      if (isZero(bytes, at, length) && this.#zeroRule(notes.zeroRules, binding, decoder) === 2) {
        message.quality |= QUALITY.zeroRow;
        continue;
      }
      rows.reach((dt[f] as number) / 1000, decoder.signalCount);
      if (notes.settled[decoder.index] === row) continue;
      if (this.#decodeFrame(decoder, binding, view, offset + at, length, message)) notes.settled[decoder.index] = row;
    }
    rows.close();
  }

  /** A view of the whole buffer that the bytes lie in; those of one read of a socket share it. */
  #viewOf({ buffer }: Uint8Array): DataView {
    if (this.#view.buffer !== buffer) this.#view = new DataView(buffer);
    return this.#view;
  }

  /** Decodes frames of one row, newest first, as long as their message has not settled its values. */
  #decodeRow(first: number, end: number, frames: FrameBatch, view: DataView, message: DecodedMessage): void {
    const row = ++this.#row;
    const decoders = this.#decoders;
    const bindings = this.#bindings;
    let binding: BusBinding | undefined;
    let settled: Uint32Array = NONE;
    for (let f = end - 1; f >= first; f--) {
      const decoder = decoders[f];
      if (decoder === undefined) continue;
      if (bindings[f] !== binding) {
        binding = bindings[f] as BusBinding;
        settled = this.#notesOf(binding).settled;
      }
      if (settled[decoder.index] === row || binding === undefined) continue;
      ensureValueCapacity(message, message.count + decoder.signalCount);
      if (this.#decodeFrame(decoder, binding, view, frames.bytes.byteOffset + (frames.at[f] as number), frames.length[f] as number, message)) settled[decoder.index] = row;
    }
  }

  /** Finds each frame's decoder and counts what has none, or another length. */
  #findDecoders(unit: UnitContext, frames: FrameBatch, message: DecodedMessage): void {
    let currentBus = -1;
    let binding: BusBinding | undefined;
    let zeroRules: Uint8Array | undefined;
    for (let f = 0; f < frames.count; f++) {
      this.#decoders[f] = undefined;
      const flags = frames.flags[f] as number;
      if ((flags & NO_DATA) !== 0) continue;
      const bus = frames.bus[f] as number;
      if (bus !== currentBus) {
        currentBus = bus;
        binding = this.#bindingOf(unit, bus, message);
        zeroRules = binding === undefined ? undefined : this.#notesOf(binding).zeroRules;
      }
      const id = frames.id[f] as number;
      const extended = (flags & FRAME.extended) !== 0;
      const decoder = binding?.decoder.lookup(id, extended);
      if (binding === undefined || decoder === undefined) {
        message.unknownFrames++;
        unit.countOdd(unit.unknownIds, frameKey(bus, extended, id));
        continue;
      }
      const length = frames.length[f] as number;
      if (length !== decoder.message.length) {
        message.lengthMismatches++;
        unit.countOdd(unit.mismatchedIds, frameKey(bus, extended, id));
      }
      if (zeroRules !== undefined && this.#zeroRule(zeroRules, binding, decoder) === 2 && isZero(frames.bytes, frames.at[f] as number, length)) {
        message.quality |= QUALITY.zeroRow;
        continue;
      }
      this.#bindings[f] = binding;
      this.#decoders[f] = decoder;
    }
  }

  /** Adds the values of a frame that no later frame of the open row has given; true where it had all values of its message. */
  #decodeFrame(decoder: FrameMessageDecoder, binding: BusBinding, view: DataView, at: number, length: number, message: DecodedMessage): boolean {
    const { signalCount, firstSignal } = decoder;
    const values = this.#values;
    const present = decoder.decode(view, at, length, values, this.#present);
    const { parameterOf } = binding;
    const { low, high } = this.#table;
    const { position } = this.#rows;
    const start = message.rowStart[message.rowCount] as number;
    const { parameters, values: target } = message;
    let { count } = message;
    let whole = present === signalCount;
    // Of two signals that are the same parameter the later one counts, so signals go backwards, too. The body of RowBuilder.set is
    // written out: this loop runs for every signal of every vehicle.
    for (let k = present - 1; k >= 0; k--) {
      const signal = present === signalCount ? k : (this.#present[k] as number);
      const parameter = parameterOf[firstSignal + signal] as number;
      if (parameter === 0) continue;
      const value = values[signal] as number;
      if (!(value >= (low[parameter] as number) && value <= (high[parameter] as number))) {
        message.invalidValues++;
        whole = false;
        continue;
      }
      const index = position[parameter] as number;
      if (index >= start && index < count && parameters[index] === parameter) continue;
      position[parameter] = count;
      parameters[count] = parameter;
      // -0 would equal 0 and yet differ in stored bytes.
      target[count++] = value + 0;
    }
    message.count = count;
    return whole;
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
    if (message.dbcHashes.length === 0) message.dbcHashes = this.#notesOf(binding).hashes;
    else if (!message.dbcHashes.includes(binding.dbcHash)) message.dbcHashes = [...message.dbcHashes, binding.dbcHash];
    return binding;
  }

  #notesOf(binding: BusBinding): MessageNotes {
    if (binding === this.#lastBinding && this.#lastNotes !== undefined) return this.#lastNotes;
    let notes = this.#notes.get(binding);
    if (notes === undefined) {
      const { length } = binding.decoder.messages;
      notes = { zeroRules: new Uint8Array(length), settled: new Uint32Array(length), hashes: [binding.dbcHash] };
      this.#notes.set(binding, notes);
    }
    this.#lastBinding = binding;
    this.#lastNotes = notes;
    return notes;
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

/** Whether the frames of a batch are of one bus and certainly make one row (to the microsecond), wherever it begins. */
function isOneRow({ count, dt, bus }: FrameBatch): boolean {
  let earliest = dt[0] as number;
  let latest = earliest;
  for (let f = 1; f < count; f++) {
    const at = dt[f] as number;
    if (at < earliest) earliest = at;
    else if (at > latest) latest = at;
    if (bus[f] !== bus[0]) return false;
  }
  return latest - earliest < ROW_SPAN * 1000 - 1;
}

function isZero(bytes: Uint8Array, at: number, length: number): boolean {
  for (let i = at; i < at + length; i++) if (bytes[i] !== 0) return false;
  return true;
}
