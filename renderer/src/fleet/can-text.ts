/** A CAN id as people write it: `1A5`, `18FEF100x` for 29 bits. */
export function idText(id: number, extended: boolean): string {
  return `${id.toString(16).toUpperCase().padStart(extended ? 8 : 3, '0')}${extended ? 'x' : ''}`;
}

/** One byte: `0F`. */
export function byteText(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0');
}

/** Bytes, or their hex digits, apart: `01 0F A2`. */
export function bytesText(data: Uint8Array | string): string {
  return typeof data === 'string' ? (data.toUpperCase().match(/../g) ?? []).join(' ') : Array.from(data, byteText).join(' ');
}
