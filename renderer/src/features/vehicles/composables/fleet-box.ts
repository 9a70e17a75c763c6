/** Positions of slots, NaN where a vehicle has none. */
export function* positionsOf(slots: Iterable<number>, { lat, lon }: { readonly lat: Float64Array; readonly lon: Float64Array }): Generator<{ lat: number; lon: number }> {
  for (const slot of slots) yield { lat: lat[slot] ?? Number.NaN, lon: lon[slot] ?? Number.NaN };
}
