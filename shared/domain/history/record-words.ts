import { QUALITY } from '../telemetry/envelope/quality.ts';

/** ROW_FLAG.rewritten of the store. */
export const DECODED_AGAIN = 1 << 20;

/** What the bits of a stored record say to a person, in the order in which they are shown. */
export const RECORD_WORDS: readonly { readonly bits: number; readonly word: string; readonly text: string }[] = [
  { bits: QUALITY.buffered, word: 'Buffered', text: 'The unit kept it while it had no network, and sent it later.' },
  { bits: QUALITY.queued, word: 'Queued', text: 'It waited at the broker for this console.' },
  { bits: QUALITY.clockWrong, word: 'Clock corrected', text: 'The unit’s clock was too far off; the event time is that of reception.' },
  { bits: QUALITY.rebuilt, word: 'Time rebuilt', text: 'The event time was rebuilt from uptime or the known clock error.' },
  { bits: QUALITY.quarantined, word: 'Time unknown', text: 'No time can be believed: kept under the time of reception, never shown as current.' },
  { bits: QUALITY.rollover, word: 'Week rollover', text: 'The stamp was 1024 GPS weeks too old and was put right.' },
  { bits: QUALITY.unsure, word: 'Possibly repeated', text: 'Too old to tell from memory whether it had come before; the store decided.' },
  { bits: QUALITY.fixRejected, word: 'Fix rejected', text: 'A position without a good fix was left out.' },
  { bits: DECODED_AGAIN, word: 'Decoded again', text: 'Some of its values were decoded again with another DBC file.' },
  { bits: QUALITY.zeroRow, word: 'Zeros left out', text: 'Values that were nothing but zeros were left out.' },
];

/** Received later than this after it was measured, ms, a record is late (docs/domain.md, Alerts). */
export const LATE_AFTER = 900_000;

/** The words for a record's flags, `Late` where it came more than a quarter of an hour after it was measured. */
export function recordWords(flags: number, time: number, received: number): string[] {
  const words = RECORD_WORDS.filter(({ bits }) => (flags & bits) !== 0).map(({ word }) => word);
  return received - time > LATE_AFTER ? [...words, 'Late'] : words;
}
