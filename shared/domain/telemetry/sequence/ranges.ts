/** Numbers of one boot, first and last included. */
export interface SequenceRange {
  readonly boot: number;
  readonly from: number;
  readonly to: number;
}

/** How many numbers the ranges hold; they must not overlap. */
export function countOf(ranges: readonly SequenceRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

export function compareRanges(a: SequenceRange, b: SequenceRange): number {
  return a.boot - b.boot || a.from - b.from;
}

/**
 * What of `ranges` lies in none of `taken`, with everything else that a range carries. Both ascending and without overlaps among
 * themselves; one pass over both.
 */
export function subtractRanges<T extends SequenceRange>(ranges: readonly T[], taken: readonly SequenceRange[]): T[] {
  const left: T[] = [];
  let k = 0;
  for (const range of ranges) {
    while (k < taken.length && endsBefore(taken[k], range)) k++;
    let { from } = range;
    for (let i = k; i < taken.length && from <= range.to; i++) {
      const other = taken[i] as SequenceRange;
      if (other.boot !== range.boot || other.from > range.to) break;
      if (other.from > from) left.push({ ...range, from, to: other.from - 1 });
      from = Math.max(from, other.to + 1);
    }
    if (from <= range.to) left.push({ ...range, from });
  }
  return left;
}

/** What of `ranges` lies in one of `others` too, cut along their borders; `join` makes the result of each pair. */
export function intersectRanges<A extends SequenceRange, B extends SequenceRange, R>(ranges: readonly A[], others: readonly B[], join: (part: SequenceRange, range: A, other: B) => R): R[] {
  const common: R[] = [];
  let k = 0;
  for (const range of ranges) {
    while (k < others.length && endsBefore(others[k], range)) k++;
    for (let i = k; i < others.length; i++) {
      const other = others[i] as B;
      if (other.boot !== range.boot || other.from > range.to) break;
      common.push(join({ boot: range.boot, from: Math.max(range.from, other.from), to: Math.min(range.to, other.to) }, range, other));
    }
  }
  return common;
}

function endsBefore(a: SequenceRange | undefined, b: SequenceRange): boolean {
  return a !== undefined && (a.boot < b.boot || (a.boot === b.boot && a.to < b.from));
}
