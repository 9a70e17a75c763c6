import { bitWalk, type BitWalk } from './raw.ts';
import { inRanges, type MessagePlan, type SignalGroup } from './plan.ts';
import type { DecodeFunction } from './types.ts';
import type { DbcRange, DbcSignal } from '../dbc/model.ts';

const TWO_32 = 4_294_967_296;
/** Only between a write and the read that follows it. */
const SCRATCH = new DataView(new ArrayBuffer(8));

interface Field {
  readonly index: number;
  readonly signal: DbcSignal;
  readonly walk: BitWalk;
  /** Payload bytes needed. */
  readonly bytes: number;
  readonly notAvailable: readonly number[] | undefined;
  readonly selects: readonly { readonly ranges: readonly DbcRange[]; readonly group: Group }[] | undefined;
}

/** Fields in the order in which they are reported: a group first, then what its multiplexors select. */
interface Group {
  readonly fields: readonly Field[];
  readonly selectors: readonly Field[];
}

/** A table-driven decoder, for where code generation is not allowed and for payloads shorter than their message. */
export function interpretMessage(plan: MessagePlan): DecodeFunction {
  const root = buildGroup(plan.root);
  return (view, at, length, values, present) => decodeGroup(root, view, at, length, values, present, 0);
}

function buildGroup(group: SignalGroup): Group {
  const fields = group.signals.map((planned): Field => ({
    index: planned.index,
    signal: planned.signal,
    walk: bitWalk(planned.signal),
    bytes: planned.span.lastByte + 1,
    notAvailable: planned.notAvailable.length === 0 ? undefined : planned.notAvailable,
    selects: group.selections.find(({ selector }) => selector === planned)?.branches.map((branch) => ({ ranges: branch.ranges, group: buildGroup(branch.group) })),
  }));
  return { fields, selectors: fields.filter(({ selects }) => selects !== undefined) };
}

function decodeGroup(group: Group, view: DataView, at: number, length: number, values: Float64Array, present: Uint16Array, from: number): number {
  let count = from;
  for (const field of group.fields) {
    if (field.bytes > length) continue;
    const raw = readRaw(field, view, at);
    if (field.notAvailable?.some((value) => value === raw || (raw !== raw && value !== value)) === true) continue;
    values[field.index] = toPhysical(field.signal, raw);
    present[count++] = field.index;
  }
  for (const field of group.selectors) {
    if (field.bytes > length) continue;
    const raw = readRaw(field, view, at);
    for (const branch of field.selects ?? []) {
      if (inRanges(branch.ranges, raw)) count = decodeGroup(branch.group, view, at, length, values, present, count);
    }
  }
  return count;
}

/** physical = raw · scale + offset; the product is left out for scale 1 and the sum for offset 0, and never is the result a negative zero of an integer. */
export function toPhysical(signal: DbcSignal, raw: number): number {
  const scaled = signal.scale === 1 ? raw : raw * signal.scale;
  return signal.offset === 0 && (signal.scale >= 0 || signal.float) ? scaled : scaled + signal.offset;
}

function readRaw({ walk, signal }: Field, view: DataView, at: number): number {
  let low = 0;
  let high = 0;
  let byte = at + walk.byte;
  let { shift } = walk;
  for (let done = 0; done < walk.length;) {
    const count = Math.min(8 - shift, walk.length - done);
    const bits = (view.getUint8(byte) >>> shift) & ((1 << count) - 1);
    if (done < 32) {
      low |= bits << done;
      if (done + count > 32) high |= bits >>> (32 - done);
    } else high |= bits << (done - 32);
    done += count;
    byte += walk.step;
    shift = 0;
  }
  const { length } = walk;
  if (signal.float) {
    if (length === 32) {
      SCRATCH.setInt32(0, low);
      return SCRATCH.getFloat32(0);
    }
    SCRATCH.setInt32(0, high);
    SCRATCH.setInt32(4, low);
    return SCRATCH.getFloat64(0);
  }
  if (length <= 32) {
    if (signal.signed) return (low << (32 - length)) >> (32 - length);
    return low >>> 0;
  }
  const upper = signal.signed ? (high << (64 - length)) >> (64 - length) : high >>> 0;
  return upper * TWO_32 + (low >>> 0);
}
