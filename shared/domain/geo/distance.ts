/** Spherical geometry on WGS 84's mean radius; within 0.6 % of the ellipsoid, which is far below GNSS noise on short legs. */

export interface LatLon {
  /** Degrees, north positive. */
  readonly lat: number;
  /** Degrees, east positive. */
  readonly lon: number;
}

/** Mean Earth radius in metres (IUGG, R1). */
export const EARTH_RADIUS = 6_371_008.8;

const RAD = Math.PI / 180;

/** Great-circle distance in metres (haversine formula; stable for points that are close together). */
export function haversine(a: LatLon, b: LatLon): number {
  return haversineMetres(a.lat, a.lon, b.lat, b.lon);
}

/** As `haversine`, on plain numbers in degrees, for loops over columns. Metres. */
export function haversineMetres(latA: number, lonA: number, latB: number, lonB: number): number {
  const sinLat = Math.sin(((latB - latA) * RAD) / 2);
  const sinLon = Math.sin(((lonB - lonA) * RAD) / 2);
  const h = sinLat * sinLat + Math.cos(latA * RAD) * Math.cos(latB * RAD) * sinLon * sinLon;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Initial bearing from `a` to `b` in degrees clockwise from north, [0, 360). Equal points give 0. */
export function bearing(a: LatLon, b: LatLon): number {
  const delta = (b.lon - a.lon) * RAD;
  const y = Math.sin(delta) * Math.cos(b.lat * RAD);
  const x = Math.cos(a.lat * RAD) * Math.sin(b.lat * RAD) - Math.sin(a.lat * RAD) * Math.cos(b.lat * RAD) * Math.cos(delta);
  const degrees = (Math.atan2(y, x) / RAD + 360) % 360;
  // A tiny negative angle plus 360 rounds to 360 itself.
  return degrees >= 360 ? 0 : degrees;
}

/** The point reached from `from` after `metres` along a great circle that starts at `degrees` clockwise from north. */
export function destination(from: LatLon, degrees: number, metres: number): LatLon {
  const angle = metres / EARTH_RADIUS;
  const lat = from.lat * RAD;
  const turn = degrees * RAD;
  const sinLat = Math.sin(lat) * Math.cos(angle) + Math.cos(lat) * Math.sin(angle) * Math.cos(turn);
  const y = Math.sin(turn) * Math.sin(angle) * Math.cos(lat);
  const x = Math.cos(angle) - Math.sin(lat) * sinLat;
  return { lat: Math.asin(Math.min(1, Math.max(-1, sinLat))) / RAD, lon: ((from.lon + Math.atan2(y, x) / RAD + 540) % 360) - 180 };
}

/** Whether both are finite and within ±90 and ±180 degrees, and not the 0/0 that receivers without a fix report. */
export function isPosition(lat: number, lon: number): boolean {
  return lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180 && !(lat === 0 && lon === 0);
}
