import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { labelHalo, shownIf } from './label-layers.ts';
import { FONT_REGULAR } from './map-fonts.ts';
import type { MapPalette } from './map-palette.ts';

/** Source of the main roads, when there are any. */
export const ROADS_SOURCE = 'roads';

/** Width in pixels by zoom, growing exponentially as roads do on the ground. */
const width = (...stops: number[]): ExpressionSpecification => ['interpolate', ['exponential', 1.5], ['zoom'], ...stops] as ExpressionSpecification;

const isRoad = (major: boolean): ExpressionSpecification => ['all', ['==', ['get', 'kind'], 'road'], ['==', ['get', 'major'], major]];

/**
 * Main roads from a GeoJSON file, for a map without street tiles: lines with `kind` road, `name`, `major` and `tunnel`, points with
 * `kind` junction, `name` and `rank` (1 = named first to 3). `ground` lies below borders and names, `labels` among the names.
 */
export function roadLayers(palette: MapPalette, names: boolean): { ground: LayerSpecification[]; labels: LayerSpecification[] } {
  const road = (id: string, major: boolean, colour: string, lineWidth: ExpressionSpecification, minzoom: number): LayerSpecification => ({
    id, type: 'line', source: ROADS_SOURCE, minzoom, filter: ['all', isRoad(major), ['!=', ['get', 'tunnel'], true]],
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: { 'line-color': colour, 'line-width': lineWidth, 'line-opacity': ['interpolate', ['linear'], ['zoom'], minzoom, 0, minzoom + 1, 1] },
  });
  const text = { 'visibility': shownIf(names), 'text-field': ['get', 'name'] as ExpressionSpecification, 'text-font': FONT_REGULAR };
  const halo = labelHalo(palette);
  return {
    ground: [
      {
        id: 'road-tunnel', type: 'line', source: ROADS_SOURCE, minzoom: 11, filter: ['all', ['==', ['get', 'kind'], 'road'], ['==', ['get', 'tunnel'], true]],
        paint: { 'line-color': palette.roadCase, 'line-width': width(11, 1, 15, 4, 18, 9), 'line-dasharray': [1.6, 1.2] },
      },
      road('road-minor-case', false, palette.roadCase, width(10, 1, 13, 3.6, 15, 6.5, 18, 18), 9.5),
      road('road-major-case', true, palette.roadCase, width(9, 1.6, 13, 5.4, 15, 9.5, 18, 26), 8.4),
      road('road-minor', false, palette.roadMinor, width(10, 0.4, 13, 2.2, 15, 4.9, 18, 15.5), 10),
      road('road-major', true, palette.roadMajor, width(9, 0.7, 13, 3.8, 15, 7.6, 18, 23), 9),
    ],
    labels: [
      {
        id: 'road-name', type: 'symbol', source: ROADS_SOURCE, minzoom: 11.6, filter: ['all', ['==', ['get', 'kind'], 'road'], ['any', ['get', 'major'], ['>=', ['zoom'], 13]]],
        layout: { ...text, 'symbol-placement': 'line', 'symbol-spacing': 420, 'text-size': ['interpolate', ['linear'], ['zoom'], 11.6, 9.5, 15, 11.5], 'text-padding': 10, 'text-letter-spacing': 0.02, 'text-max-angle': 30 },
        paint: { 'text-color': palette.labelRoad, ...halo },
      },
      {
        id: 'label-junction', type: 'symbol', source: ROADS_SOURCE, minzoom: 11, filter: ['all', ['==', ['get', 'kind'], 'junction'], ['<=', ['get', 'rank'], ['step', ['zoom'], 1, 12, 2, 13, 3]]],
        layout: { ...text, 'text-size': ['interpolate', ['linear'], ['zoom'], 11, 10.5, 15, 13], 'text-max-width': 7, 'text-padding': 6, 'symbol-sort-key': ['get', 'rank'], 'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 0.5, 'text-justify': 'auto' },
        paint: { 'text-color': palette.labelMinor, ...halo },
      },
    ],
  };
}
