/**
 * Turns region polygons that share their vertices into shared lines, so that a simplified map has neither gaps nor
 * overlaps: every edge belongs to one region (coast) or two (a boundary), and each line is simplified once.
 */
export type Point = readonly [lon: number, lat: number];
export type Ring = readonly Point[];

/** A region: `country` groups regions, `rings` are its closed rings, outer and inner alike. */
export interface Region {
  readonly code: string;
  readonly country: string;
  readonly rings: readonly Ring[];
}

/** A run of edges with the same region on the other side. `other` is undefined on a coast. Regions are indexes. */
export interface Arc {
  readonly owner: number;
  readonly other: number | undefined;
  readonly points: readonly Point[];
}

/** Tolerated distance in degrees at a place, so that far countries may be coarser than the home region. */
export type Tolerance = (point: Point) => number;

const POINT_SCALE = 1e5;
const MAX_POINTS = 2 ** 24;

/**
 * Every coast and boundary arc of the regions, each once, split where the neighbour changes.
 * Points are compared at 5 decimals (about 1 m), the precision of the source.
 */
export function buildArcs(regions: readonly Region[]): Arc[] {
  const ids = new Map<string, number>();
  const idOf = ([lon, lat]: Point): number => {
    const key = `${Math.round(lon * POINT_SCALE)},${Math.round(lat * POINT_SCALE)}`;
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, ids.size);
    return ids.size - 1;
  };
  const edgeOf = (a: number, b: number): number => (a < b ? a * MAX_POINTS + b : b * MAX_POINTS + a);

  const rings: { owner: number; ids: number[]; points: Point[] }[] = [];
  const owners = new Map<number, number[]>();
  regions.forEach((region, owner) => {
    for (const ring of region.rings) {
      const points: Point[] = [];
      const pointIds: number[] = [];
      for (const point of ring) {
        const id = idOf(point);
        if (pointIds.at(-1) === id) continue;
        points.push(point);
        pointIds.push(id);
      }
      for (let i = 1; i < pointIds.length; i++) {
        const edge = edgeOf(pointIds[i - 1]!, pointIds[i]!);
        const known = owners.get(edge);
        if (known === undefined) owners.set(edge, [owner]);
        else known.push(owner);
      }
      if (points.length > 3) rings.push({ owner, ids: pointIds, points });
    }
  });

  const arcs: Arc[] = [];
  for (const { owner, ids: pointIds, points } of rings) {
    const others: (number | undefined)[] = [];
    for (let i = 1; i < pointIds.length; i++) others.push(owners.get(edgeOf(pointIds[i - 1]!, pointIds[i]!))?.find((each) => each !== owner));
    const edges = others.length;
    let start = others.findIndex((other, i) => other !== others[(i + edges - 1) % edges]);
    if (start < 0) start = 0;
    for (let done = 0; done < edges; ) {
      const first = (start + done) % edges;
      const other = others[first];
      const line: Point[] = [points[first]!];
      let length = 0;
      while (done + length < edges && others[(first + length) % edges] === other) {
        length++;
        line.push(points[(first + length) % edges]!);
      }
      done += length;
      if (other === undefined || owner < other) arcs.push({ owner, other, points: line });
    }
  }
  return arcs;
}

/** Douglas-Peucker that keeps both ends; a closed line keeps at least a triangle. */
export function simplifyLine(points: readonly Point[], tolerance: Tolerance): Point[] {
  const last = points.length - 1;
  if (last < 2) return [...points];
  const keep = new Uint8Array(points.length);
  keep[0] = keep[last] = 1;
  const closed = points[0]![0] === points[last]![0] && points[0]![1] === points[last]![1];
  const spans: [number, number][] = [];
  if (closed) {
    let far = 1;
    for (let i = 1; i < last; i++) if (distance(points[i]!, points[0]!, points[0]!) > distance(points[far]!, points[0]!, points[0]!)) far = i;
    keep[far] = 1;
    spans.push([0, far], [far, last]);
    const side = Math.max(1, Math.floor(far / 2));
    keep[side] = 1;
  } else spans.push([0, last]);
  for (let span = spans.pop(); span !== undefined; span = spans.pop()) {
    const [from, to] = span;
    let worst = 0;
    let at = -1;
    for (let i = from + 1; i < to; i++) {
      const excess = distance(points[i]!, points[from]!, points[to]!) / tolerance(points[i]!);
      if (excess > worst) {
        worst = excess;
        at = i;
      }
    }
    if (worst <= 1 || at < 0) continue;
    keep[at] = 1;
    spans.push([from, at], [at, to]);
  }
  return points.filter((_, i) => keep[i] === 1);
}

/** Distance of `p` from the segment a–b in degrees of latitude (longitude scaled by the cosine). */
function distance(p: Point, a: Point, b: Point): number {
  const scale = Math.cos((p[1] * Math.PI) / 180);
  const dx = (b[0] - a[0]) * scale;
  const dy = b[1] - a[1];
  const px = (p[0] - a[0]) * scale;
  const py = p[1] - a[1];
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
  return Math.hypot(px - t * dx, py - t * dy);
}

/** Joins directed lines end to start into closed rings; a line that finds no continuation is dropped. */
export function joinRings(lines: readonly (readonly Point[])[]): Point[][] {
  const keyOf = ([lon, lat]: Point): string => `${Math.round(lon * POINT_SCALE)},${Math.round(lat * POINT_SCALE)}`;
  const starts = new Map<string, number[]>();
  lines.forEach((line, i) => {
    const key = keyOf(line[0]!);
    const known = starts.get(key);
    if (known === undefined) starts.set(key, [i]);
    else known.push(i);
  });
  const used = new Uint8Array(lines.length);
  const rings: Point[][] = [];
  lines.forEach((line, i) => {
    if (used[i] === 1) return;
    used[i] = 1;
    const ring: Point[] = [...line];
    const home = keyOf(line[0]!);
    for (;;) {
      const end = keyOf(ring.at(-1)!);
      if (end === home) break;
      const next = starts.get(end)?.find((each) => used[each] === 0);
      if (next === undefined) return;
      used[next] = 1;
      ring.push(...lines[next]!.slice(1));
    }
    if (ring.length > 3) rings.push(ring);
  });
  return rings;
}

/** Twice the signed area of a closed ring in square degrees; positive is counter-clockwise. */
export function signedArea(ring: Ring): number {
  let sum = 0;
  for (let i = 1; i < ring.length; i++) sum += ring[i - 1]![0] * ring[i]![1] - ring[i]![0] * ring[i - 1]![1];
  return sum;
}

/** Whether a point lies inside a closed ring (even-odd rule). */
export function insideRing([x, y]: Point, ring: Ring): boolean {
  let inside = false;
  for (let i = 1; i < ring.length; i++) {
    const [x1, y1] = ring[i - 1]!;
    const [x2, y2] = ring[i]!;
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside;
}

/**
 * Groups closed rings into polygons [outer, ...holes] by nesting depth: even depth is land, odd depth a hole of the
 * smallest ring around it. Orientation of the input does not matter; outers come out counter-clockwise (RFC 7946).
 */
export function nestRings(rings: readonly Ring[]): Point[][][] {
  const boxes = rings.map((ring) => {
    const box = [Infinity, Infinity, -Infinity, -Infinity] as [number, number, number, number];
    for (const [x, y] of ring) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
    return box;
  });
  const areas = rings.map((ring) => Math.abs(signedArea(ring)));
  const parents = rings.map((ring, i) => {
    const around: number[] = [];
    const probe: Point = [(ring[0]![0] + ring[1]![0]) / 2, (ring[0]![1] + ring[1]![1]) / 2];
    rings.forEach((other, j) => {
      const box = boxes[j]!;
      if (i === j || areas[j]! <= areas[i]! || probe[0] < box[0] || probe[1] < box[1] || probe[0] > box[2] || probe[1] > box[3]) return;
      if (insideRing(probe, other)) around.push(j);
    });
    return around.sort((a, b) => areas[a]! - areas[b]!);
  });
  const polygons = new Map<number, Point[][]>();
  const turned = (ring: Ring, counterClockwise: boolean): Point[] => (signedArea(ring) > 0 === counterClockwise ? [...ring] : [...ring].reverse());
  rings.forEach((ring, i) => {
    if (parents[i]!.length % 2 === 0) polygons.set(i, [turned(ring, true)]);
  });
  rings.forEach((ring, i) => {
    if (parents[i]!.length % 2 === 1) polygons.get(parents[i]![0]!)?.push(turned(ring, false));
  });
  return [...polygons.values()];
}
