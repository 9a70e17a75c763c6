import type { Span } from '#shared/domain/history/index.ts';
import type { StoredRow } from '../store/telemetry/reads.ts';
import type { RecordHistory } from './ports.ts';

/** Messages of a unit that did not arrive, by the numbers of one boot, both ends included. */
export interface NumberGap {
  readonly boot: number;
  readonly from: number;
  readonly to: number;
}

export interface MissingSpan extends Span {
  readonly messages: number;
}

/** Gaps looked up for one range; each takes a few small reads. */
const MOST = 20;
/** Numbers ascend with time: a span that is longer has been found by a clock that was wrong, ms. */
const LONGEST = 86_400_000;
/** Rows of one read: those of a few minutes around a place come as quickly as one does. */
const PAGE = 256;
/** Reads for one gap at most: halving a year of milliseconds takes 35. */
const READS = 40;

type Rows = Pick<RecordHistory, 'rows'>;

const later = (row: StoredRow, boot: number, number: number): boolean => row.boot > boot || (row.boot === boot && row.number > number);

/** Where in time gaps of numbers lie: between the stored rows of the messages before and behind each. The newest twenty of a range. */
export async function missingSpans(history: Rows, unitId: string, { from, to }: Span, gaps: readonly NumberGap[]): Promise<MissingSpan[]> {
  if (gaps.length === 0) return [];
  const end = async (newestFirst: boolean): Promise<StoredRow | undefined> => (await history.rows({ unitId, limit: 1, from, to, newestFirst })).rows[0];
  const [first, last] = [await end(false), await end(true)];
  if (!first || !last) return [];
  const within = gaps.filter((gap) => !later(first, gap.boot, gap.from - 1) && later(last, gap.boot, gap.to)).slice(-MOST);
  const spans: MissingSpan[] = [];
  for (const gap of within) {
    const found = await around(history, unitId, gap, first, last);
    if (found && found.after.time - found.before.time <= LONGEST) spans.push({ from: found.before.time, to: found.after.time, messages: gap.to - gap.from + 1 });
  }
  return spans.sort((a, b) => a.from - b.from);
}

/** The rows next to a gap on both sides, which lies between `low` and `high`; undefined where numbers do not ascend with time. */
async function around(history: Rows, unitId: string, gap: NumberGap, low: StoredRow, high: StoredRow): Promise<{ readonly before: StoredRow; readonly after: StoredRow } | undefined> {
  // Rows from here on are behind the gap.
  let top = high.time;
  for (let reads = 0; reads < READS; reads++) {
    const from = guess(gap, low, high, top, reads);
    const { rows } = await history.rows({ unitId, from, to: high.time, limit: PAGE });
    const at = rows.findIndex((row) => later(row, gap.boot, gap.to));
    const [before, after, newest] = [rows[at - 1], rows[at], rows.at(-1)];
    if (before && after) return later(before, gap.boot, gap.from - 1) ? undefined : { before, after };
    if (after) [high, top] = [after, from];
    else if (newest) low = newest;
    else return undefined;
  }
  return undefined;
}

/** Where to look next, epoch ms: a unit reports evenly, so by the numbers; every other time in the middle, in case it does not. */
function guess(gap: NumberGap, low: StoredRow, high: StoredRow, top: number, reads: number): number {
  const middle = low.time + Math.floor((top - low.time) / 2);
  if (reads % 2 === 1 || low.boot !== high.boot || low.boot !== gap.boot || high.number <= low.number) return middle;
  // A little before it, so that the page holds both sides.
  const share = (gap.from - low.number - PAGE / 3) / (high.number - low.number);
  return Math.max(low.time, Math.min(top - 1, Math.floor(low.time + (high.time - low.time) * share)));
}
