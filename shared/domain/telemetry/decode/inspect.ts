import type { Decoder } from './decoder.ts';
import type { DecodedSignal, MessageDecoder } from './types.ts';

export interface InspectedSignal {
  readonly signal: DecodedSignal;
  /** Physical value. */
  readonly value: number;
  readonly label: string | undefined;
}

/** What one frame says, as objects: for pages and tools, not for streams. Undefined for unknown ids. */
export function inspectFrame(decoder: Decoder, id: number, extended: boolean, data: Uint8Array): { readonly message: MessageDecoder; readonly signals: readonly InspectedSignal[] } | undefined {
  const message = decoder.lookup(id, extended);
  if (message === undefined) return undefined;
  const values = new Float64Array(message.signalCount);
  const present = new Uint16Array(message.signalCount);
  const count = message.decode(new DataView(data.buffer, data.byteOffset, data.byteLength), 0, data.length, values, present);
  const indices = count === message.signalCount ? values.keys() : present.subarray(0, count);
  const signals = Array.from(indices, (local): InspectedSignal => {
    const index = message.firstSignal + local;
    const signal = decoder.signals[index];
    if (signal === undefined) throw new RangeError(`signal ${index}`);
    const value = values[local] ?? Number.NaN;
    return { signal, value, label: decoder.labelOf(index, decoder.rawOf(index, value)) };
  });
  return { message, signals };
}
