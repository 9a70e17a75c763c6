import { bitSpan } from '../dbc/bits.ts';
import type { DbcMessage, DbcRange, DbcSignal } from '../dbc/model.ts';
import { bitWalk, rawLimits, toWords, writeBits, type BitWalk } from './raw.ts';

export interface MessageEncoder {
  readonly message: DbcMessage;
  /**
   * Writes the payload into `target` from `at` and returns its length in bytes. `values[i]` is the physical value of
   * `message.signals[i]`; NaN stands for the signal's start value (GenSigStartValue, else raw 0). Raw values are rounded
   * and saturate at what the bits can hold. Of multiplexed signals those are written whose branch the multiplexor's
   * value selects; bits of no signal are 0.
   */
  encode(values: Float64Array, target: Uint8Array, at?: number): number;
}

interface Field {
  readonly index: number;
  readonly signal: DbcSignal;
  readonly walk: BitWalk;
  readonly minimum: number;
  readonly maximum: number;
  readonly start: number;
  /** Index of the multiplexor; -1: always present. */
  readonly selector: number;
  readonly ranges: readonly DbcRange[];
}

/** Prepares the encoding of one message, for callers that send it often; without code generation and without garbage per frame. */
export function compileEncoder(message: DbcMessage): MessageEncoder {
  const fields = orderFields(message);
  const { length } = message;
  const raws = new Float64Array(message.signals.length);
  const present = new Uint8Array(message.signals.length);
  const words = { low: 0, high: 0 };
  return {
    message,
    encode(values, target, at = 0) {
      target.fill(0, at, at + length);
      for (const field of fields) {
        const { index, signal, selector } = field;
        present[index] = 0;
        if (selector >= 0 && !(present[selector] === 1 && inRanges(field.ranges, raws[selector] ?? 0))) continue;
        present[index] = 1;
        const value = values[index] ?? Number.NaN;
        let raw = Number.isNaN(value) ? field.start : (value - signal.offset) / signal.scale;
        if (!signal.float) {
          if (Number.isNaN(raw)) raw = field.start;
          raw = Math.min(field.maximum, Math.max(field.minimum, Math.round(raw)));
        }
        raws[index] = raw;
        toWords(signal, raw, words);
        writeBits(field.walk, words, target, at);
      }
      return length;
    },
  };
}

/** The payload of `message` with these physical values by signal name; names it does not have are ignored. See `MessageEncoder.encode`. */
export function encodeMessage(message: DbcMessage, values: Readonly<Record<string, number>>): Uint8Array {
  const physical = new Float64Array(message.signals.length);
  message.signals.forEach((signal, index) => {
    const value = Object.hasOwn(values, signal.name) ? values[signal.name] : undefined;
    physical[index] = value ?? Number.NaN;
  });
  const payload = new Uint8Array(message.length);
  compileEncoder(message).encode(physical, payload);
  return payload;
}

function inRanges(ranges: readonly DbcRange[], raw: number): boolean {
  for (const [from, to] of ranges) if (raw >= from && raw <= to) return true;
  return false;
}

/** Fields inside the message, multiplexors before what they select. */
function orderFields(message: DbcMessage): Field[] {
  const byName = new Map<string, number>();
  message.signals.forEach((signal, index) => { if (signal.multiplexor && !byName.has(signal.name)) byName.set(signal.name, index); });
  const depths = new Map<number, number>();
  const depthOf = (index: number): number => {
    const known = depths.get(index);
    if (known !== undefined) return known;
    const selector = message.signals[index]?.multiplexing?.selector;
    const parent = selector === undefined ? undefined : byName.get(selector);
    const depth = parent === undefined ? 0 : depthOf(parent) + 1;
    depths.set(index, depth);
    return depth;
  };
  return message.signals
    .map((signal, index): Field => ({
      index, signal, walk: bitWalk(signal), ...rawLimits(signal), start: signal.startValue ?? 0,
      selector: signal.multiplexing === undefined ? -1 : byName.get(signal.multiplexing.selector) ?? -1,
      ranges: signal.multiplexing?.ranges ?? [],
    }))
    .filter(({ signal }) => bitSpan(signal).end <= 8 * message.length)
    .sort((a, b) => depthOf(a.index) - depthOf(b.index));
}
