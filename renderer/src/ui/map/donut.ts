import { formatNumber } from '../format-number.ts';

/** One ring piece: SVG path data and which status it stands for. */
export interface DonutPiece {
  readonly status: number;
  readonly path: string;
}

/** Smallest piece drawn, as a share of the ring, so that one vehicle among thousands is still seen. */
const SMALLEST_SHARE = 0.025;

/** Outer radius of a donut for a number of vehicles, CSS pixels: 15 for one, growing with the logarithm up to 32. */
export function donutRadius(total: number): number {
  return Math.round(Math.min(32, 15 + 3.9 * Math.log10(Math.max(1, total))));
}

/**
 * Ring pieces of a status donut, clockwise from the top in status order. Every status with a vehicle gets a visible
 * piece; the others give way in proportion. Counts of zero get none; no vehicles give no pieces.
 */
export function donutPieces(counts: readonly number[], outer: number, inner: number): DonutPiece[] {
  const total = counts.reduce((sum, count) => sum + Math.max(0, count), 0);
  if (total <= 0) return [];
  const shares = counts.map((count) => (count > 0 ? Math.max(SMALLEST_SHARE, count / total) : 0));
  const sum = shares.reduce((whole, share) => whole + share, 0);
  const pieces: DonutPiece[] = [];
  let from = 0;
  shares.forEach((share, status) => {
    if (share === 0) return;
    const to = from + share / sum;
    pieces.push({ status, path: ringPath(from, to, outer, inner) });
    from = to;
  });
  return pieces;
}

/** Path of a ring piece between two turns (0 at the top, 1 all the way round), around the origin. */
export function ringPath(from: number, to: number, outer: number, inner: number): string {
  const n = (value: number): string => String(Math.round(value * 100) / 100);
  const at = (turn: number, radius: number): string => `${n(radius * Math.sin(turn * 2 * Math.PI))} ${n(-radius * Math.cos(turn * 2 * Math.PI))}`;
  if (to - from >= 0.999999) {
    // One arc cannot close on itself; two halves can.
    const ring = (radius: number, sweep: number): string => `M0 ${n(-radius)}A${n(radius)} ${n(radius)} 0 0 ${sweep} 0 ${n(radius)}A${n(radius)} ${n(radius)} 0 0 ${sweep} 0 ${n(-radius)}Z`;
    return ring(outer, 1) + ring(inner, 0);
  }
  const large = to - from > 0.5 ? 1 : 0;
  return `M${at(from, outer)}A${n(outer)} ${n(outer)} 0 ${large} 1 ${at(to, outer)}L${at(to, inner)}A${n(inner)} ${n(inner)} 0 ${large} 0 ${at(from, inner)}Z`;
}

/** The count as a donut shows it: whole up to 9,999, then 12K, 1.2M. */
export function shortCount(total: number): string {
  return total < 10_000 ? formatNumber(total) : new Intl.NumberFormat('en-GB', { notation: 'compact', maximumFractionDigits: 1 }).format(total).toUpperCase();
}

/** "Bengaluru: 12 vehicles, 4 moving, 8 offline". It holds what is seen, in the order in which it is seen (WCAG 2.5.3). */
export function donutName(label: string, counts: readonly number[], words: readonly string[], counted: (count: number) => string): string {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const parts = counts.flatMap((count, i) => (count > 0 ? [`${formatNumber(count)} ${(words[i] ?? '').toLowerCase()}`] : []));
  const short = shortCount(total);
  return `${label}: ${short === formatNumber(total) ? '' : `${short}, `}${[counted(total), ...parts].join(', ')}`;
}

/** A disc on the screen, CSS pixels. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/**
 * Shifts of discs that overlap, so that neighbouring clusters stay readable: pairs are pushed apart along their line,
 * a few rounds, none further than `limit` from its place. Order in, order out; deterministic.
 */
export function spread(discs: readonly Disc[], limit: number): { dx: number; dy: number }[] {
  const x = discs.map((disc) => disc.x);
  const y = discs.map((disc) => disc.y);
  for (let round = 0; round < 8; round++) {
    let moved = false;
    for (let a = 0; a < discs.length; a++) {
      for (let b = a + 1; b < discs.length; b++) {
        const need = discs[a]!.radius + discs[b]!.radius + 3;
        let dx = x[b]! - x[a]!;
        let dy = y[b]! - y[a]!;
        let distance = Math.hypot(dx, dy);
        if (distance >= need) continue;
        if (distance === 0) [dx, dy, distance] = [1, 0, 1];
        // The larger disc keeps its place better.
        const share = discs[a]!.radius ** 2 / (discs[a]!.radius ** 2 + discs[b]!.radius ** 2);
        const push = (need - distance) / distance;
        x[a]! -= dx * push * (1 - share);
        y[a]! -= dy * push * (1 - share);
        x[b]! += dx * push * share;
        y[b]! += dy * push * share;
        moved = true;
      }
    }
    if (!moved) break;
  }
  return discs.map((disc, i) => {
    const [dx, dy] = [x[i]! - disc.x, y[i]! - disc.y];
    const length = Math.hypot(dx, dy);
    const scale = length > limit ? limit / length : 1;
    return { dx: dx * scale, dy: dy * scale };
  });
}
