/** What a zoom level is good for: counts per region, counts per city, or single pins. */
export type ZoomBand = 'region' | 'city' | 'pins';

/** Zoom from which the band begins; below `city` it is region. */
export interface ZoomBands {
  readonly city: number;
  readonly pins: number;
}

/** Zoom levels that a band is kept beyond its threshold, so that it does not flicker there. */
const HYSTERESIS = 0.2;

/** The band of a zoom. With the band before, it changes only when the threshold is left clearly behind. */
export function zoomBand(zoom: number, bands: ZoomBands, before?: ZoomBand): ZoomBand {
  const at = (value: number): ZoomBand => (value >= bands.pins ? 'pins' : value >= bands.city ? 'city' : 'region');
  const now = at(zoom);
  if (before === undefined || now === before) return now;
  return at(zoom + HYSTERESIS) === before || at(zoom - HYSTERESIS) === before ? before : now;
}
