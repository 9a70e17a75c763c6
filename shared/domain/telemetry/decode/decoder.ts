import type { DbcDatabase, DbcMessage } from '../dbc/model.ts';
import { compileMessage } from './generate.ts';
import { IdTable } from './id-table.ts';
import { interpretMessage } from './interpret.ts';
import { planMessage, type NotAvailable } from './plan.ts';
import type { DecodedSignal, DecodeFunction, MessageDecoder } from './types.ts';

export type DecoderMode = 'compiled' | 'interpreted';

export interface DecoderOptions {
  /** `compiled` (default) generates a function per message at its first frame, and falls back to `interpreted` where code generation is not allowed (a content security policy without unsafe-eval). Both give the same results. */
  readonly mode?: DecoderMode;
  /** Raw values that mean "no value", by signal; such signals are then absent. Default: none. */
  readonly notAvailable?: NotAvailable;
}

/** Decodes the frames of one DBC file. */
export interface Decoder {
  readonly database: DbcDatabase;
  readonly mode: DecoderMode;
  readonly messages: readonly MessageDecoder[];
  /** Every signal of every message, in file order. */
  readonly signals: readonly DecodedSignal[];
  /** Length that `values` and `present` of any message need. */
  readonly maximumSignals: number;
  /** The decoder of a frame's message, J1939 frames by parameter group; undefined for unknown ids. `id` is without flag bits. Allocates nothing. */
  lookup(id: number, extended: boolean): MessageDecoder | undefined;
  /** The label of a raw value; undefined where the signal has none for it. */
  labelOf(signalIndex: number, raw: number): string | undefined;
  /** The raw value behind a physical one of this decoder; for integers the nearest integer. */
  rawOf(signalIndex: number, physical: number): number;
}

export function createDecoder(database: DbcDatabase, options: DecoderOptions = {}): Decoder {
  const mode: DecoderMode = options.mode === 'interpreted' || !canGenerate() ? 'interpreted' : 'compiled';
  const messages: LazyMessageDecoder[] = [];
  const signals: DecodedSignal[] = [];
  let maximumSignals = 1;
  for (const message of database.messages) {
    messages.push(new LazyMessageDecoder(message, messages.length, signals.length, mode, options.notAvailable));
    for (const signal of message.signals) {
      signals.push({ index: signals.length, name: signal.name, unit: signal.unit, messageName: message.name, message, signal, choices: signal.choices });
    }
    maximumSignals = Math.max(maximumSignals, message.signals.length);
  }
  const table = new IdTable(database.messages.map(({ id, extended, frameFormat }) => ({ id, extended, j1939: frameFormat === 'j1939' })));
  const labels = new Map<number, ReadonlyMap<number, string>>();
  return {
    database, mode, messages, signals, maximumSignals,
    lookup: (id, extended) => messages[table.find(id, extended)],
    labelOf(signalIndex, raw) {
      const choices = signals[signalIndex]?.choices;
      if (choices === undefined) return undefined;
      let byValue = labels.get(signalIndex);
      if (byValue === undefined) labels.set(signalIndex, byValue = new Map(choices.map(({ value, label }) => [value, label])));
      return byValue.get(raw);
    },
    rawOf(signalIndex, physical) {
      const signal = signals[signalIndex]?.signal;
      if (signal === undefined) return Number.NaN;
      const raw = (physical - signal.offset) / signal.scale;
      return signal.float ? raw : Math.round(raw);
    },
  };
}

/** Plans and compiles at the first frame: of a vehicle's DBC only what it sends costs time and memory. */
class LazyMessageDecoder implements MessageDecoder {
  readonly message: DbcMessage;
  readonly index: number;
  readonly firstSignal: number;
  readonly signalCount: number;
  decode: DecodeFunction;

  constructor(message: DbcMessage, index: number, firstSignal: number, mode: DecoderMode, notAvailable: NotAvailable | undefined) {
    this.message = message;
    this.index = index;
    this.firstSignal = firstSignal;
    this.signalCount = message.signals.length;
    this.decode = (view, at, length, values, present) => {
      const plan = planMessage(message, notAvailable);
      const interpreted = interpretMessage(plan);
      this.decode = mode === 'compiled' ? compileMessage(plan, interpreted) : interpreted;
      return this.decode(view, at, length, values, present);
    };
  }
}

function canGenerate(): boolean {
  try {
    // A probe with a constant.
    return new Function('return true')() === true;
  } catch {
    return false;
  }
}
