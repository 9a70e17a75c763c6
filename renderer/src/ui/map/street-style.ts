import type { ExpressionSpecification, FilterSpecification, LayerSpecification } from 'maplibre-gl';
import { labelHalo, shownIf } from './label-layers.ts';
import { FONT_MEDIUM, FONT_REGULAR } from './map-fonts.ts';
import type { MapPalette } from './map-palette.ts';

const SOURCE = 'streets';

/** Road width in pixels by zoom: `[zoom, width]` pairs, growing exponentially as roads do on the ground. */
const width = (...stops: number[]): ExpressionSpecification => ['interpolate', ['exponential', 1.6], ['zoom'], ...stops] as ExpressionSpecification;

const isKind = (...kinds: string[]): FilterSpecification => ['in', ['get', 'kind'], ['literal', kinds]];

/**
 * Streets in the theme's muted colours from tiles in the Protomaps basemap schema, version 4
 * (docs.protomaps.com/basemaps/layers): layers earth, landcover, landuse, water, roads, buildings, places. Its boundaries
 * and points of interest are left out: boundaries come from the installation's files, and points would compete with vehicles.
 * `ground` lies below borders and names, `labels` above; `names` says whether these are seen.
 */
export function streetLayers(palette: MapPalette, name: ExpressionSpecification, labelsFrom: number, names: boolean): { ground: LayerSpecification[]; labels: LayerSpecification[] } {
  const fill = (id: string, layer: string, colour: string, rest: { filter?: FilterSpecification; minzoom?: number } = {}): LayerSpecification =>
    ({ id: `street-${id}`, type: 'fill', source: SOURCE, 'source-layer': layer, ...rest, paint: { 'fill-color': colour } });
  const road = (id: string, kinds: string[], colour: string, lineWidth: ExpressionSpecification, minzoom: number, dash?: number[]): LayerSpecification => ({
    id: `street-${id}`, type: 'line', source: SOURCE, 'source-layer': 'roads', minzoom, filter: isKind(...kinds),
    layout: { 'line-cap': dash === undefined ? 'round' : 'butt', 'line-join': 'round' },
    paint: { 'line-color': colour, 'line-width': lineWidth, ...(dash === undefined ? {} : { 'line-dasharray': dash }) },
  });
  const halo = labelHalo(palette);
  const visibility = shownIf(names);
  return {
    ground: [
      fill('earth', 'earth', palette.land, { filter: ['==', ['geometry-type'], 'Polygon'] }),
      fill('landcover', 'landcover', palette.green, { filter: isKind('forest', 'grassland', 'farmland', 'scrub') }),
      fill('green', 'landuse', palette.green, { filter: isKind('park', 'forest', 'wood', 'nature_reserve', 'grass', 'golf_course', 'cemetery', 'garden', 'protected_area', 'national_park') }),
      fill('built', 'landuse', palette.built, { filter: isKind('industrial', 'school', 'university', 'college', 'hospital', 'aerodrome', 'railway', 'commercial'), minzoom: 10 }),
      fill('water', 'water', palette.water, { filter: ['==', ['geometry-type'], 'Polygon'] }),
      { id: 'street-river', type: 'line', source: SOURCE, 'source-layer': 'water', filter: ['==', ['geometry-type'], 'LineString'], paint: { 'line-color': palette.water, 'line-width': width(8, 0.8, 14, 2.5, 18, 8) } },
      fill('building', 'buildings', palette.building, { minzoom: 14 }),
      road('path', ['path', 'other'], palette.roadCase, width(14, 0.5, 18, 2), 14.5, [3, 2]),
      road('rail', ['rail'], palette.rail, width(9, 0.6, 14, 1.2, 18, 2.5), 9, [6, 3]),
      road('minor-case', ['minor_road'], palette.roadCase, width(12, 0.6, 15, 4.6, 18, 17), 12),
      road('major-case', ['major_road'], palette.roadCase, width(7, 0.6, 10, 1.8, 15, 8, 18, 24), 7),
      road('highway-case', ['highway'], palette.roadCase, width(5, 1, 10, 3.4, 15, 11, 18, 30), 5),
      road('minor', ['minor_road'], palette.roadMinor, width(13, 0.5, 15, 3.2, 18, 14), 13),
      road('major', ['major_road'], palette.roadMajor, width(8, 0.5, 10, 1, 15, 6.2, 18, 21), 8),
      road('highway', ['highway'], palette.roadMajor, width(5, 0.5, 10, 2.2, 15, 8.8, 18, 26), 5),
    ],
    labels: [
      {
        id: 'street-road-name', type: 'symbol', source: SOURCE, 'source-layer': 'roads', minzoom: 13, filter: isKind('highway', 'major_road', 'minor_road'),
        layout: { visibility, 'symbol-placement': 'line', 'text-field': name, 'text-font': FONT_REGULAR, 'text-size': ['interpolate', ['linear'], ['zoom'], 13, 10, 17, 12.5], 'text-padding': 8 },
        paint: { 'text-color': palette.labelMinor, ...halo },
      },
      {
        id: 'street-place', type: 'symbol', source: SOURCE, 'source-layer': 'places', minzoom: labelsFrom, filter: isKind('locality', 'neighbourhood', 'macrohood'),
        layout: {
          visibility, 'text-field': name, 'text-max-width': 8, 'text-padding': 5, 'symbol-sort-key': ['-', 0, ['coalesce', ['get', 'population_rank'], 0]],
          'text-font': ['case', ['==', ['get', 'kind'], 'locality'], ['literal', FONT_MEDIUM], ['literal', FONT_REGULAR]],
          'text-size': ['interpolate', ['linear'], ['zoom'], 8, ['step', ['coalesce', ['get', 'population_rank'], 0], 11, 8, 12.5, 11, 15], 13, ['step', ['coalesce', ['get', 'population_rank'], 0], 12, 8, 15, 11, 19]],
        },
        paint: { 'text-color': ['case', ['==', ['get', 'kind'], 'locality'], palette.labelPlace, palette.labelMinor], ...halo },
      },
    ],
  };
}
