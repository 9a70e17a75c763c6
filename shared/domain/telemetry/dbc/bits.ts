import type { DbcByteOrder } from './model.ts';

/** Where a signal lies: `first` is the bit nearest the start of the payload, counted along the stream of its byte order. */
export interface BitSpan {
  /** Position of the least significant (Intel) or most significant (Motorola) bit: byte · 8 + bit, bits counted from the low end (Intel) or the high end (Motorola) of a byte. */
  readonly first: number;
  /** Behind the last bit, in the same counting. */
  readonly end: number;
  readonly firstByte: number;
  readonly lastByte: number;
}

/** The span of a signal. In either counting its bits are contiguous and payload byte b holds positions 8b to 8b + 7. */
export function bitSpan(signal: { readonly start: number; readonly length: number; readonly byteOrder: DbcByteOrder }): BitSpan {
  const first = signal.byteOrder === 'intel' ? signal.start : (signal.start & ~7) + 7 - (signal.start & 7);
  const end = first + signal.length;
  return { first, end, firstByte: first >> 3, lastByte: (end - 1) >> 3 };
}

/** Number of the bit (byte · 8 + bit from the low end) at `position` of a span. */
export function bitNumber(byteOrder: DbcByteOrder, position: number): number {
  return byteOrder === 'intel' ? position : (position & ~7) + 7 - (position & 7);
}
