const METRES_PER_DEGREE = 111_195;
/** A first tolerance that no map shows, m; doubled until the rows fit. */
const FIRST_TOLERANCE = 1;

export interface ThinnedPath {
  readonly time: ArrayLike<number>;
  readonly lat: ArrayLike<number>;
  readonly lon: ArrayLike<number>;
}

/**
 * Indexes of at most `bound` rows that keep the shape and the timing of a path: where a dropped row was at its time is, within a few
 * metres, where the kept ones say (Ramer–Douglas–Peucker with the distance taken at equal times). First and last stay, and rows for
 * which `fixed` says so.
 */
export function thinPath(path: ThinnedPath, bound: number, fixed: (row: number) => boolean): Uint32Array {
  const count = path.time.length;
  if (count <= bound) return Uint32Array.from({ length: count }, (_, i) => i);
  const anchors: number[] = [];
  for (let i = 0; i < count; i++) if (i === 0 || i === count - 1 || fixed(i)) anchors.push(i);
  let rows: Uint32Array;
  let tolerance = FIRST_TOLERANCE;
  do {
    rows = kept(path, anchors, tolerance);
    tolerance *= 2;
  } while (rows.length > bound && tolerance < 1e6);
  return rows;
}

function kept({ time, lat, lon }: ThinnedPath, anchors: readonly number[], tolerance: number): Uint32Array {
  const count = time.length;
  const keep = new Uint8Array(count);
  for (const row of anchors) keep[row] = 1;
  const limit = (tolerance / METRES_PER_DEGREE) ** 2;
  const spans: [number, number][] = anchors.slice(1).map((to, i) => [anchors[i] as number, to]);
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    const scale = Math.cos(((lat[from] as number) * Math.PI) / 180);
    const duration = Math.max(1, (time[to] as number) - (time[from] as number));
    let worst = limit;
    let at = -1;
    for (let i = from + 1; i < to; i++) {
      const share = ((time[i] as number) - (time[from] as number)) / duration;
      const dy = (lat[i] as number) - ((lat[from] as number) + ((lat[to] as number) - (lat[from] as number)) * share);
      const dx = ((lon[i] as number) - ((lon[from] as number) + ((lon[to] as number) - (lon[from] as number)) * share)) * scale;
      const square = dx * dx + dy * dy;
      if (square > worst) [worst, at] = [square, i];
    }
    if (at < 0) continue;
    keep[at] = 1;
    spans.push([from, at], [at, to]);
  }
  const rows: number[] = [];
  for (let i = 0; i < count; i++) if (keep[i] === 1) rows.push(i);
  return Uint32Array.from(rows);
}
