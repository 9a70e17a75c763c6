import * as maplibregl from 'maplibre-gl';
import { PMTiles, Protocol, TileType } from 'pmtiles';
import type { MapBounds } from './camera.ts';

/** MapLibre keeps one table of protocols for the whole page; this is its only entry of ours. */
let protocol: Protocol | undefined;

/**
 * Opens a PMTiles archive by its absolute URL (the host answers Range requests) and makes it known to maps under
 * `pmtiles://<url>`. Returns the area it covers. Throws when the file cannot be read or holds no vector tiles.
 */
export async function openStreetTiles(url: string): Promise<MapBounds> {
  const archive = new PMTiles(url);
  const header = await archive.getHeader();
  if (header.tileType !== TileType.Mvt) throw new Error('the file holds no vector tiles');
  if (protocol === undefined) {
    protocol = new Protocol();
    maplibregl.addProtocol('pmtiles', protocol.tile);
  }
  protocol.add(archive);
  return { west: header.minLon, south: header.minLat, east: header.maxLon, north: header.maxLat };
}
