/** What the processor needs of a DBC decoder; `createDecoder` of ../decode makes them. */
export interface FrameDecoder {
  readonly messages: readonly FrameMessageDecoder[];
  readonly maximumSignals: number;
  lookup(id: number, extended: boolean): FrameMessageDecoder | undefined;
}

export interface FrameMessageDecoder {
  readonly message: { readonly length: number };
  /** In `decoder.messages`. */
  readonly index: number;
  readonly firstSignal: number;
  readonly signalCount: number;
  /** See DecodeFunction of ../decode: how many signals are present, their indices in `present` unless all are. */
  readonly decode: (view: DataView, at: number, length: number, values: Float64Array, present: Uint16Array) => number;
}

/** How the frames of one bus become parameters. Immutable, shared by all units that use it. */
export interface BusBinding {
  readonly decoder: FrameDecoder;
  /** Parameter number by signal index of the decoder; 0: the signal is no parameter. */
  readonly parameterOf: Uint16Array;
  /** Name of the DBC file by content (see dbcHash of ../dbc); goes into every decoded record. */
  readonly dbcHash: string;
}

/**
 * Finds the binding of a unit's bus: by the hash its `meta` names where that DBC is known, else by the vehicle's model.
 * Undefined: frames of this bus are counted as unknown. Asked once per unit and bus, until `unit.forgetBindings()`.
 */
export type ResolveBus = (unit: { readonly deviceId: string; readonly model: string | undefined; readonly software: string | undefined }, bus: number, dbcHash: string | undefined) => BusBinding | undefined;

/** The part of a decoder that names its signals. */
interface NamedSignals {
  readonly signals: readonly { readonly index: number; readonly messageName: string; readonly name: string }[];
}

/**
 * Binds a decoder's signals to parameters: `numberOf` gives the parameter number of a signal, 0 for none. Of two signals of one
 * message that are the same parameter the later one in the file counts.
 */
export function createBinding(decoder: FrameDecoder & NamedSignals, dbcHash: string, numberOf: (message: string, signal: string) => number): BusBinding {
  const parameterOf = new Uint16Array(decoder.signals.length);
  for (const { index, messageName, name } of decoder.signals) parameterOf[index] = numberOf(messageName, name);
  return { decoder, parameterOf, dbcHash };
}
