/** A path on the map, as columns in time order. */
export interface PathColumns {
  readonly count: number;
  readonly lat: ArrayLike<number>;
  readonly lon: ArrayLike<number>;
  /** 1 = the leg that ends in this row is a guess (no fix) and drawn dashed. */
  readonly guessed?: ArrayLike<number>;
}

export interface PathLine {
  readonly guessed: boolean;
  /** [lon, lat] pairs. */
  readonly points: readonly (readonly [number, number])[];
}

/** A path cut into lines of known and guessed legs; rows without position are skipped, lines of one point left out. */
export function pathLines(path: PathColumns): PathLine[] {
  const lines: { guessed: boolean; points: [number, number][] }[] = [];
  let last: [number, number] | undefined;
  for (let i = 0; i < path.count; i++) {
    const lat = path.lat[i]!;
    const lon = path.lon[i]!;
    if (Number.isNaN(lat) || Number.isNaN(lon)) continue;
    const point: [number, number] = [lon, lat];
    const guessed = path.guessed?.[i] === 1;
    const line = lines.at(-1);
    if (last !== undefined) {
      if (line === undefined || line.guessed !== guessed) lines.push({ guessed, points: [last, point] });
      else line.points.push(point);
    }
    last = point;
  }
  return lines;
}

/** Row nearest to a point, in degrees scaled for the latitude; -1 when the path is empty or nothing lies within `radius` degrees. */
export function nearestRow(path: PathColumns, lat: number, lon: number, radius: number): number {
  const scale = Math.cos((lat * Math.PI) / 180);
  let best = -1;
  let nearest = radius * radius;
  for (let i = 0; i < path.count; i++) {
    const square = (path.lat[i]! - lat) ** 2 + ((path.lon[i]! - lon) * scale) ** 2;
    if (square <= nearest) {
      nearest = square;
      best = i;
    }
  }
  return best;
}
