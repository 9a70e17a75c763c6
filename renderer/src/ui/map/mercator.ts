/** Web Mercator in [0, 1]: x grows east from the antimeridian, y grows south from 85.05° north (EPSG:3857, scaled). */

/** Size of the world in CSS pixels at zoom 0, as MapLibre counts zoom. */
export const WORLD_SIZE = 512;

const MAX_LAT = 85.051129;

export function mercatorX(lon: number): number {
  return lon / 360 + 0.5;
}

/** Latitudes beyond ±85.05° are clamped to the edge of the map. */
export function mercatorY(lat: number): number {
  const clamped = Math.min(MAX_LAT, Math.max(-MAX_LAT, lat));
  const sin = Math.sin((clamped * Math.PI) / 180);
  return 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI);
}

export function lonOf(x: number): number {
  return (x - 0.5) * 360;
}

export function latOf(y: number): number {
  return (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
}

/** CSS pixels per unit of Mercator at a zoom. */
export function worldPixels(zoom: number): number {
  return WORLD_SIZE * 2 ** zoom;
}
