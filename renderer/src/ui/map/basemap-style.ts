import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification, SymbolLayerSpecification } from 'maplibre-gl';
import type { MapBounds } from './camera.ts';
import { FONT_MEDIUM, FONT_REGULAR } from './map-fonts.ts';
import type { MapPalette } from './map-palette.ts';
import { streetLayers } from './street-style.ts';

/** The basemap folder's `basemap.json`; file names are relative to it. */
export interface BasemapManifest {
  readonly attribution: string;
  readonly land: string;
  readonly borders: string;
  readonly labels: string;
}

export interface BasemapOptions {
  /** Absolute URL of the folder, ending in a slash. */
  readonly baseUrl: string;
  readonly manifest: BasemapManifest;
  readonly palette: MapPalette;
  /** Language of labels where the data has it: `en`, `hi`. */
  readonly language: string;
  /** Names of towns and cities; off where something else names them. */
  readonly placeLabels: boolean;
  /** A PMTiles file in the Protomaps basemap schema: absolute URL, and the area it covers. */
  readonly streets?: { readonly url: string; readonly area: MapBounds } | undefined;
}

/** Source of the street tiles, when there are any. */
export const STREETS_SOURCE = 'streets';

/** Zoom at which names from street tiles take over from the offline ones. */
const STREET_LABELS_FROM = 8;

/** The name in the language asked for, else in Latin script. */
export function nameIn(language: string, separator: '_' | ':'): ExpressionSpecification {
  return language === 'en' ? ['coalesce', ['get', `name${separator}en`], ['get', 'name']] : ['coalesce', ['get', `name${separator}${language}`], ['get', 'name']];
}

/** Which ranks are named at which zoom. Filters see whole zooms only. */
const RANKS_BY_ZOOM: ExpressionSpecification = ['<=', ['get', 'rank'], ['step', ['zoom'], -1, 3, 0, 4, 1, 5, 2, 6, 3, 7, 4, 8, 5, 9, 6, 10, 7, 11, 8]];

const isKind = (kind: string): ExpressionSpecification => ['==', ['get', 'kind'], kind];

/** The complete style: offline basemap, and the streets over it when there are any. Nothing in it points off the host. */
export function basemapStyle(options: BasemapOptions): StyleSpecification {
  const { baseUrl, manifest, palette } = options;
  const file = (name: string): SourceSpecification => ({ type: 'geojson', data: new URL(name, baseUrl).href, maxzoom: 12, tolerance: 0.3 });
  const sources: Record<string, SourceSpecification> = { land: file(manifest.land), borders: file(manifest.borders), labels: file(manifest.labels) };
  if (options.streets !== undefined) sources[STREETS_SOURCE] = { type: 'vector', url: `pmtiles://${options.streets.url}` };
  const streets = options.streets === undefined ? undefined : streetLayers(palette, nameIn(options.language, ':'), STREET_LABELS_FROM);
  return {
    version: 8,
    sources,
    layers: [
      { id: 'background', type: 'background', paint: { 'background-color': palette.water } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': palette.land, 'fill-antialias': true } },
      ...(streets?.ground ?? [coast(palette)]),
      ...borderLayers(palette),
      ...labelLayers(options),
      ...(options.placeLabels ? (streets?.labels ?? []) : []),
    ],
  };
}

function coast(palette: MapPalette): LayerSpecification {
  return { id: 'coast', type: 'line', source: 'land', paint: { 'line-color': palette.coast, 'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.5, 8, 1, 12, 1.4] } };
}

/** Boundaries always come from the replaceable files, also over street tiles, so that an installation's lines hold everywhere. */
function borderLayers(palette: MapPalette): LayerSpecification[] {
  const country = { 'line-color': palette.country, 'line-width': ['interpolate', ['linear'], ['zoom'], 3, 0.8, 8, 1.6, 12, 2.2] as ExpressionSpecification };
  return [
    {
      id: 'border-state', type: 'line', source: 'borders', minzoom: 3.5, filter: ['==', ['get', 'level'], 4],
      paint: { 'line-color': palette.state, 'line-width': ['interpolate', ['linear'], ['zoom'], 4, 0.6, 8, 1.1, 12, 1.6], 'line-dasharray': [5, 2], 'line-opacity': ['interpolate', ['linear'], ['zoom'], 3.5, 0.4, 5, 1] },
    },
    { id: 'border-country', type: 'line', source: 'borders', filter: ['all', ['==', ['get', 'level'], 2], ['!=', ['get', 'disputed'], true]], layout: { 'line-join': 'round' }, paint: country },
    { id: 'border-disputed', type: 'line', source: 'borders', filter: ['all', ['==', ['get', 'level'], 2], ['==', ['get', 'disputed'], true]], paint: { ...country, 'line-dasharray': [2.5, 2] } },
  ];
}

function labelLayers({ palette, language, placeLabels, streets }: BasemapOptions): LayerSpecification[] {
  const name = nameIn(language, '_');
  const halo = { 'text-halo-color': palette.halo, 'text-halo-width': 1.4, 'text-halo-blur': 0.4 };
  const places: SymbolLayerSpecification = {
    id: 'label-place', type: 'symbol', source: 'labels', minzoom: 3, filter: ['all', isKind('place'), RANKS_BY_ZOOM],
    layout: {
      'text-field': name, 'text-font': ['case', ['<=', ['get', 'rank'], 1], ['literal', FONT_MEDIUM], ['literal', FONT_REGULAR]], 'text-max-width': 8, 'text-padding': 4,
      'text-size': ['interpolate', ['linear'], ['zoom'], 4, ['step', ['get', 'rank'], 12, 1, 11, 2, 10.5], 8, ['step', ['get', 'rank'], 15, 1, 14, 2, 12.5, 4, 11], 12, ['step', ['get', 'rank'], 20, 1, 18, 2, 16, 4, 14, 6, 12]],
      'symbol-sort-key': ['get', 'rank'], 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 0.55, 'text-justify': 'auto',
      'icon-image': DOT_IMAGE, 'icon-size': ['interpolate', ['linear'], ['zoom'], 3, 0.6, 8, 0.8], 'icon-allow-overlap': false,
    },
    paint: { 'text-color': ['case', ['<=', ['get', 'rank'], 3], palette.labelPlace, palette.labelMinor], ...halo, 'icon-opacity': ['interpolate', ['linear'], ['zoom'], 9, 0.8, 11, 0] },
  };
  // Within the street tiles their names take over; a tile file of one city leaves the rest of the country named.
  const named: SymbolLayerSpecification[] = streets === undefined ? [places] : [
    { ...places, maxzoom: STREET_LABELS_FROM },
    { ...places, id: 'label-place-outside', minzoom: STREET_LABELS_FROM, filter: ['all', isKind('place'), RANKS_BY_ZOOM, ['!', ['within', areaOf(streets.area)]]] },
  ];
  return [
    ...(placeLabels ? named : []),
    {
      id: 'label-state', type: 'symbol', source: 'labels', minzoom: 4.4, maxzoom: 8.5, filter: isKind('state'),
      layout: { 'text-field': name, 'text-font': FONT_REGULAR, 'text-size': ['interpolate', ['linear'], ['zoom'], 4.4, 10, 7, 13], 'text-transform': 'uppercase', 'text-letter-spacing': 0.14, 'text-max-width': 7, 'text-padding': 6 },
      paint: { 'text-color': palette.labelState, ...halo, 'text-opacity': ['interpolate', ['linear'], ['zoom'], 7.5, 1, 8.5, 0] },
    },
    {
      id: 'label-country', type: 'symbol', source: 'labels', minzoom: 2, maxzoom: 6, filter: ['all', isKind('country'), ['<=', ['get', 'rank'], ['step', ['zoom'], 0, 3, 1, 4, 2]]],
      layout: { 'text-field': name, 'text-font': FONT_MEDIUM, 'text-size': ['interpolate', ['linear'], ['zoom'], 2, ['step', ['get', 'rank'], 11, 1, 10], 5, ['step', ['get', 'rank'], 16, 1, 13, 2, 12]], 'text-transform': 'uppercase', 'text-letter-spacing': 0.2, 'text-max-width': 7, 'symbol-sort-key': ['get', 'rank'] },
      paint: { 'text-color': palette.labelCountry, ...halo, 'text-opacity': ['interpolate', ['linear'], ['zoom'], 5, 1, 6, 0] },
    },
  ];
}

function areaOf({ west, south, east, north }: MapBounds): { type: 'Polygon'; coordinates: [number, number][][] } {
  return { type: 'Polygon', coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]] };
}

/** Name of the place dot, an image that the map component draws in the palette's colours. */
export const DOT_IMAGE = 'place-dot';
