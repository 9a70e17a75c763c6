import type { ExpressionSpecification, LayerSpecification, SymbolLayerSpecification } from 'maplibre-gl';
import type { MapBounds } from './camera.ts';
import { FONT_MEDIUM, FONT_REGULAR } from './map-fonts.ts';
import type { MapPalette } from './map-palette.ts';

/** Which names the basemap shows; they are off where clusters carry names of their own. */
export interface ShownNames {
  /** Towns, cities, junctions, roads. */
  readonly places: boolean;
  readonly states: boolean;
}

export interface LabelOptions {
  readonly palette: MapPalette;
  /** Language of names where the data has it: `en`, `hi`. */
  readonly language: string;
  readonly names: ShownNames;
  /** Area named by street tiles. */
  readonly streets?: { readonly area: MapBounds } | undefined;
}

/** Zoom at which names from street tiles take over from the offline ones. */
export const STREET_LABELS_FROM = 8;

/** Name of the place dot, an image that the map component draws in the palette's colours. */
export const DOT_IMAGE = 'place-dot';

/** The name in the language asked for, else in Latin script. */
export function nameIn(language: string, separator: '_' | ':'): ExpressionSpecification {
  return language === 'en' ? ['coalesce', ['get', `name${separator}en`], ['get', 'name']] : ['coalesce', ['get', `name${separator}${language}`], ['get', 'name']];
}

/** A layer's `visibility`: hidden layers stay in the style, so that showing them again costs no new style. */
export function shownIf(shown: boolean): 'visible' | 'none' {
  return shown ? 'visible' : 'none';
}

/** The outline that keeps a name readable over lines. */
export function labelHalo(palette: MapPalette): { 'text-halo-color': string; 'text-halo-width': number; 'text-halo-blur': number } {
  return { 'text-halo-color': palette.halo, 'text-halo-width': 1.4, 'text-halo-blur': 0.4 };
}

/** Which ranks are named at which zoom. Filters see whole zooms only. */
const RANKS_BY_ZOOM: ExpressionSpecification = ['<=', ['get', 'rank'], ['step', ['zoom'], -1, 3, 0, 4, 1, 5, 2, 6, 3, 7, 4, 8, 5, 9, 6, 10, 7, 11, 8]];

const isKind = (kind: string): ExpressionSpecification => ['==', ['get', 'kind'], kind];

/** Names of places, states and countries from the offline basemap; those that matter more come later and win room. */
export function labelLayers({ palette, language, names, streets }: LabelOptions): LayerSpecification[] {
  const name = nameIn(language, '_');
  const halo = labelHalo(palette);
  const places: SymbolLayerSpecification = {
    id: 'label-place', type: 'symbol', source: 'labels', minzoom: 3, filter: ['all', isKind('place'), RANKS_BY_ZOOM],
    layout: {
      'visibility': shownIf(names.places),
      'text-field': name, 'text-font': ['case', ['<=', ['get', 'rank'], 1], ['literal', FONT_MEDIUM], ['literal', FONT_REGULAR]], 'text-max-width': 8, 'text-padding': 4,
      'text-size': [
        'interpolate', ['linear'], ['zoom'], 4, ['step', ['get', 'rank'], 12, 1, 11, 2, 10.5], 8, ['step', ['get', 'rank'], 15, 1, 14, 2, 12.5, 4, 11],
        12, ['step', ['get', 'rank'], 18, 1, 17, 2, 16, 4, 14, 6, 12], 15, ['step', ['get', 'rank'], 16, 4, 15, 6, 13],
      ],
      'symbol-sort-key': ['get', 'rank'], 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 0.55, 'text-justify': 'auto',
      'icon-image': DOT_IMAGE, 'icon-size': ['interpolate', ['linear'], ['zoom'], 3, 0.6, 8, 0.8], 'icon-allow-overlap': false,
    },
    paint: {
      // Within a city its own name recedes: the vehicles lead there.
      'text-color': ['interpolate', ['linear'], ['zoom'], 10.5, ['case', ['<=', ['get', 'rank'], 3], palette.labelPlace, palette.labelMinor], 12, palette.labelMinor],
      ...halo, 'icon-opacity': ['interpolate', ['linear'], ['zoom'], 9, 0.8, 11, 0],
    },
  };
  // Within the street tiles their names take over; a tile file of one city leaves the rest of the country named.
  const named: SymbolLayerSpecification[] = streets === undefined ? [places] : [
    { ...places, maxzoom: STREET_LABELS_FROM },
    { ...places, id: 'label-place-outside', minzoom: STREET_LABELS_FROM, filter: ['all', isKind('place'), RANKS_BY_ZOOM, ['!', ['within', areaOf(streets.area)]]] },
  ];
  return [
    ...named,
    {
      id: 'label-state', type: 'symbol', source: 'labels', minzoom: 4.4, maxzoom: 8.5, filter: isKind('state'),
      layout: {
        'visibility': shownIf(names.states), 'text-field': name, 'text-font': FONT_REGULAR, 'text-size': ['interpolate', ['linear'], ['zoom'], 4.4, 10, 7, 13],
        'text-transform': 'uppercase', 'text-letter-spacing': 0.14, 'text-max-width': 7, 'text-padding': 6,
      },
      paint: { 'text-color': palette.labelState, ...halo, 'text-opacity': ['interpolate', ['linear'], ['zoom'], 7.5, 1, 8.5, 0] },
    },
    {
      id: 'label-country', type: 'symbol', source: 'labels', minzoom: 2, maxzoom: 6, filter: ['all', isKind('country'), ['<=', ['get', 'rank'], ['step', ['zoom'], 0, 3, 1, 4, 2]]],
      layout: {
        'text-field': name, 'text-font': FONT_MEDIUM, 'text-size': ['interpolate', ['linear'], ['zoom'], 2, ['step', ['get', 'rank'], 11, 1, 10], 5, ['step', ['get', 'rank'], 16, 1, 13, 2, 12]],
        'text-transform': 'uppercase', 'text-letter-spacing': 0.2, 'text-max-width': 7, 'symbol-sort-key': ['get', 'rank'],
      },
      paint: { 'text-color': palette.labelCountry, ...halo, 'text-opacity': ['interpolate', ['linear'], ['zoom'], 5, 1, 6, 0] },
    },
  ];
}

function areaOf({ west, south, east, north }: MapBounds): { type: 'Polygon'; coordinates: [number, number][][] } {
  return { type: 'Polygon', coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] };
}
