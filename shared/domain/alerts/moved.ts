import { haversineMetres } from '../geo/distance.ts';
import { GEO, type RowWindow } from './window.ts';

/** What the atoms of kind moved rest on. */
export interface MovedAtoms {
  readonly ignitionOff: number;
  readonly wheelsTurn: number;
  readonly moved: readonly number[];
  /** Metres, by atom. */
  readonly limit: Float64Array;
}

/**
 * Whether a parked vehicle was carried away, from row `from` on: with ignition off and wheels still the first fix is the anchor, and
 * two fixes in succession further from it than the limit say that it was moved. Marks the rows; the caller derives their truth.
 */
export function markMoved(rows: RowWindow, from: number, atoms: MovedAtoms): void {
  for (let i = from; i <= rows.count; i++) {
    const parked = rows.holds(i, atoms.ignitionOff) && !rows.holds(i, atoms.wheelsTurn);
    const lat = rows.geoOf(i, GEO.lat);
    const lon = rows.geoOf(i, GEO.lon);
    const hasFix = lat === lat && lon === lon;
    let anchorLat = parked ? rows.geoOf(i - 1, GEO.anchorLat) : Number.NaN;
    let anchorLon = parked ? rows.geoOf(i - 1, GEO.anchorLon) : Number.NaN;
    let far = parked ? rows.geoOf(i - 1, GEO.far) : Number.NaN;
    let farBefore = parked ? rows.geoOf(i - 1, GEO.farBefore) : Number.NaN;
    if (parked && hasFix) {
      if (anchorLat !== anchorLat) [anchorLat, anchorLon] = [lat, lon];
      farBefore = far;
      far = haversineMetres(anchorLat, anchorLon, lat, lon);
    }
    rows.setGeo(i, GEO.anchorLat, anchorLat);
    rows.setGeo(i, GEO.anchorLon, anchorLon);
    rows.setGeo(i, GEO.far, far);
    rows.setGeo(i, GEO.farBefore, farBefore);
    for (const atom of atoms.moved) {
      rows.unmark(i, atom);
      const limit = atoms.limit[atom] as number;
      rows.mark(i, atom, parked && far > limit && farBefore > limit);
    }
  }
}
