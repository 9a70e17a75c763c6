const METRES_PER_DEGREE = 111_195;

/**
 * Indexes of the points to keep so that no dropped point lies further than `tolerance` metres from the line of the kept
 * ones (Ramer–Douglas–Peucker on a local plane; paths of a few hundred km). First and last are always kept. Iterative:
 * safe for a path of any length.
 */
export function simplifyPath(lat: ArrayLike<number>, lon: ArrayLike<number>, tolerance: number, count: number = lat.length): Uint32Array {
  if (count === 0) return new Uint32Array();
  if (count <= 2 || tolerance <= 0) return Uint32Array.from({ length: count }, (_, i) => i);
  const scale = Math.cos((lat[count >> 1]! * Math.PI) / 180);
  const keep = new Uint8Array(count);
  keep[0] = keep[count - 1] = 1;
  let kept = 2;
  const limit = (tolerance / METRES_PER_DEGREE) ** 2;
  const spans = [0, count - 1];
  while (spans.length > 0) {
    const to = spans.pop()!;
    const from = spans.pop()!;
    const x = lon[from]!;
    const y = lat[from]!;
    const dx = (lon[to]! - x) * scale;
    const dy = lat[to]! - y;
    const length = dx * dx + dy * dy;
    let worst = limit;
    let at = -1;
    for (let i = from + 1; i < to; i++) {
      const px = (lon[i]! - x) * scale;
      const py = lat[i]! - y;
      const t = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
      const square = (px - t * dx) ** 2 + (py - t * dy) ** 2;
      if (square > worst) {
        worst = square;
        at = i;
      }
    }
    if (at < 0) continue;
    keep[at] = 1;
    kept++;
    spans.push(from, at, at, to);
  }
  const out = new Uint32Array(kept);
  for (let i = 0, next = 0; i < count; i++) if (keep[i] === 1) out[next++] = i;
  return out;
}
