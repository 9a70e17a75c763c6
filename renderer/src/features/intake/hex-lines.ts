export interface HexLine {
  /** Offset of the first byte, four hex digits. */
  readonly offset: string;
  /** Eight bytes as hex pairs, padded to full width. */
  readonly bytes: string;
  /** The bytes as ASCII, dots for what cannot be printed. */
  readonly ascii: string;
}

const PER_LINE = 8;

/** A hex string in lines of eight bytes, as hex editors show them; an odd last digit is left out. */
export function hexLines(hex: string): HexLine[] {
  const pairs = hex.match(/[0-9a-f]{2}/gi) ?? [];
  const lines: HexLine[] = [];
  for (let start = 0; start < pairs.length; start += PER_LINE) {
    const line = pairs.slice(start, start + PER_LINE);
    const ascii = line.map((pair) => Number.parseInt(pair, 16)).map((code) => (code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '.'));
    lines.push({ offset: start.toString(16).padStart(4, '0'), bytes: line.join(' ').padEnd(PER_LINE * 3 - 1), ascii: ascii.join('') });
  }
  return lines;
}
