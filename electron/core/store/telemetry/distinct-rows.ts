import type { RowSet } from '#shared/domain/telemetry/codec/chunk/index.ts';
import { ROW_FLAG } from './batch.ts';

/**
 * The rows of a unit, each message once, in the order of event time. A message is known by (boot, number) and its device time, or by
 * (device time, hash) where the unit numbers nothing; of two with the same key the first that was received stays, with all its rows. A
 * row of the log counts once, too, however often it was put in.
 */
export function distinctRows(set: RowSet): Uint32Array {
  const order = set.order();
  if (ascendingNumbers(set, order)) return order;
  const bySequence = order.slice().sort((a, b) => (set.sequence[a] as number) - (set.sequence[b] as number));
  const kept = new Uint8Array(set.count);
  const seen = new Set<string>();
  let before = -1;
  let keep = true;
  for (const row of bySequence) {
    const flags = set.flags[row] as number;
    const sequence = set.sequence[row] as number;
    if (before >= 0 && sequence === set.sequence[before]) continue;
    const follows = before >= 0 && (flags & ROW_FLAG.continued) !== 0 && sequence === (set.sequence[before] as number) + 1 && set.number[row] === set.number[before] && set.boot[row] === set.boot[before];
    if (!follows) {
      const hashed = (flags & ROW_FLAG.hashed) !== 0;
      const number = set.number[row] as number;
      const key = `${hashed ? 'h' : set.boot[row]}:${number}:${set.deviceTime[row]}`;
      // Without a hash nothing is known of the message.
      keep = (hashed && number === 0) || !seen.has(key);
      seen.add(key);
    }
    if (keep) kept[row] = 1;
    before = row;
  }
  return order.filter((row) => kept[row] === 1);
}

/** The common case: one boot, every number greater than the one before. */
function ascendingNumbers(set: RowSet, order: Uint32Array): boolean {
  for (let i = 0; i < order.length; i++) {
    const row = order[i] as number;
    if (((set.flags[row] as number) & (ROW_FLAG.hashed | ROW_FLAG.continued)) !== 0) return false;
    if (i === 0) continue;
    const before = order[i - 1] as number;
    if (set.boot[row] !== set.boot[before] || !((set.number[row] as number) > (set.number[before] as number)) || !((set.sequence[row] as number) > (set.sequence[before] as number))) return false;
  }
  return true;
}
