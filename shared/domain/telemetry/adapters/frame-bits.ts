/** Bits of a frame that are stuffed, and those that are not (ISO 11898-1: CRC delimiter, acknowledgement, end of frame, interframe space). */
const CLASSIC = { standard: 34, extended: 54, fixed: 13 } as const;
const FLEXIBLE = { standard: 25, extended: 44, fixed: 13, shortCrc: 21, longCrc: 25 } as const;
/** Stuff bits are between none and a quarter of what is stuffed; real traffic has about a tenth. */
const STUFFING = 1.1;

/**
 * About how many bit times a frame takes on the bus, for the bus load. Of a CAN FD frame all bits are counted at the nominal rate, so
 * with bit-rate switching the load shown is an upper bound.
 */
export function frameBits(length: number, extended: boolean, flexible: boolean): number {
  if (flexible) return Math.round(((extended ? FLEXIBLE.extended : FLEXIBLE.standard) + length * 8) * STUFFING) + (length > 16 ? FLEXIBLE.longCrc : FLEXIBLE.shortCrc) + FLEXIBLE.fixed;
  return Math.round(((extended ? CLASSIC.extended : CLASSIC.standard) + length * 8) * STUFFING) + CLASSIC.fixed;
}
