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

/** Gaps looked up for one range; each takes some twenty small reads. */
const MOST = 20;
/** Numbers ascend with time: a span that is longer has been found by a clock that was wrong, ms. */
const LONGEST = 86_400_000;

const later = (row: StoredRow, boot: number, number: number): boolean => row.boot > boot || (row.boot === boot && row.number > number);

/** Where in time gaps of numbers lie: between the stored rows of the messages before and behind each. The newest twenty of a range. */
export async function missingSpans(history: Pick<RecordHistory, 'rows'>, unitId: string, range: Span, gaps: readonly NumberGap[]): Promise<MissingSpan[]> {
  const { from, to } = range;
  const at = async (query: { readonly from: number; readonly to: number; readonly newestFirst?: boolean }): Promise<StoredRow | undefined> => (await history.rows({ unitId, limit: 1, ...query })).rows[0];
  if (gaps.length === 0) return [];
  const [first, last] = [await at({ from, to }), await at({ from, to, newestFirst: true })];
  if (!first || !last) return [];
  const within = gaps.filter((gap) => !later(first, gap.boot, gap.from - 1) && later(last, gap.boot, gap.to)).slice(-MOST);
  const spans: MissingSpan[] = [];
  for (const gap of within) {
    let [low, high] = [first.time, last.time];
    // Invariant: what begins at `high` is behind the gap; rows up to `low` are before it.
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      const row = await at({ from: middle, to: last.time });
      if (!row || later(row, gap.boot, gap.to)) high = middle;
      else low = Math.max(middle, row.time);
    }
    const [before, after] = [await at({ from, to: low, newestFirst: true }), await at({ from: high, to })];
    if (before && after && later(after, gap.boot, gap.to) && !later(before, gap.boot, gap.from - 1) && after.time - before.time <= LONGEST) spans.push({ from: before.time, to: after.time, messages: gap.to - gap.from + 1 });
  }
  return spans.sort((a, b) => a.from - b.from);
}
