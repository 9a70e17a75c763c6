/**
 * Entries of one vehicle are newest first from index `first`: drops those whose key is greater than `limit`, in all columns,
 * moves the others up and empties what is left.
 */
export function dropNewest(keys: Float64Array, others: readonly Float64Array[], first: number, count: number, limit: number): void {
  let drop = 0;
  while (drop < count && (keys[first + drop] as number) > limit) drop++;
  if (drop === 0) return;
  for (const column of [keys, ...others]) {
    column.copyWithin(first, first + drop, first + count);
    column.fill(Number.NaN, first + count - drop, first + count);
  }
}
