import type { DbcChoice, DbcMessage, DbcSignal } from '../dbc/model.ts';

/**
 * Decodes the payload of one frame: `length` bytes of `view` from `at`. Writes the physical value of
 * `message.signals[i]` into `values[i]` and returns how many signals are present. Where that is fewer than the message
 * has, their indices are in `present[0…]`, and the other entries of `values` are not touched; where it is all of them,
 * `present` is not written. A signal is absent when the payload ends before it, when no multiplexor selects it, when it
 * does not fit the message, or when its raw value means "not available". Bytes beyond the message's length are ignored.
 * Integers above 2^53 are rounded to the nearest double; values are never clamped to [min|max].
 */
export type DecodeFunction = (view: DataView, at: number, length: number, values: Float64Array, present: Uint16Array) => number;

export interface MessageDecoder {
  readonly message: DbcMessage;
  /** In `decoder.messages`. */
  readonly index: number;
  /** Index in `decoder.signals` of the message's first signal; the others follow in order. */
  readonly firstSignal: number;
  readonly signalCount: number;
  readonly decode: DecodeFunction;
}

/** A signal with its place in the database; stable for one database. */
export interface DecodedSignal {
  readonly index: number;
  readonly name: string;
  readonly unit: string;
  readonly messageName: string;
  readonly message: DbcMessage;
  readonly signal: DbcSignal;
  readonly choices: readonly DbcChoice[] | undefined;
}
