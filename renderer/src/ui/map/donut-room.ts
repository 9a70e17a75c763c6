import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import { FONT_MEDIUM } from './map-fonts.ts';
import type { MapOverlay } from './map-context.ts';

/** A donut on the map: its centre as shown, its radius in CSS pixels, the name below it. */
export interface DonutPlace {
  readonly lat: number;
  readonly lon: number;
  readonly radius: number;
  readonly label: string;
}

/** An overlay that shows nothing: it takes the room of donuts among the map's symbols, so that no name is drawn under them. */
export interface RoomOverlay extends MapOverlay {
  /** Takes the room of these donuts and no others; `map` is the map while its style may be changed. */
  take(places: readonly DonutPlace[], map: MapLibreMap | undefined): void;
}

const ID = 'donut-room';
/** Edge of the clear image, CSS pixels. */
const SIZE = 8;
/** Size of a donut's name, CSS pixels, as in map.css. */
const TEXT = 11;

type RoomData = Exclude<Parameters<GeoJSONSource['setData']>[0], string>;

/** The overlay for one set of donuts. */
export function donutRoom(): RoomOverlay {
  let data: RoomData = { type: 'FeatureCollection', features: [] };
  let taken = '';
  return {
    layers: [ID],
    order: 30,
    attach(map, before) {
      if (!map.hasImage(ID)) map.addImage(ID, { width: SIZE, height: SIZE, data: new Uint8Array(SIZE * SIZE * 4) });
      map.addSource(ID, { type: 'geojson', data, tolerance: 0 });
      map.addLayer({
        id: ID, type: 'symbol', source: ID,
        layout: {
          'icon-image': ID, 'icon-size': ['get', 'size'], 'icon-overlap': 'always', 'icon-padding': 2,
          'text-field': ['get', 'label'], 'text-font': FONT_MEDIUM, 'text-size': TEXT, 'text-max-width': 100, 'text-anchor': 'top', 'text-radial-offset': ['get', 'below'], 'text-overlap': 'always', 'text-padding': 2,
        },
        paint: { 'text-opacity': 0, 'icon-opacity': 0 },
      }, before);
    },
    detach(map) {
      if (map.getLayer(ID) !== undefined) map.removeLayer(ID);
      if (map.getSource(ID) !== undefined) map.removeSource(ID);
    },
    take(places, map) {
      // A fifth of a pixel at city zooms; the same donuts cost no new tiles.
      const now = places.map(({ lat, lon, radius, label }) => [lat.toFixed(3), lon.toFixed(3), radius, label].join()).join(';');
      if (now === taken) return;
      taken = now;
      data = {
        type: 'FeatureCollection',
        features: places.map(({ lat, lon, radius, label }) => ({ type: 'Feature', properties: { label, size: (2 * radius) / SIZE, below: radius / TEXT }, geometry: { type: 'Point', coordinates: [lon, lat] } })),
      };
      map?.getSource<GeoJSONSource>(ID)?.setData(data);
    },
  };
}
