import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import type { MapBounds } from './camera.ts';
import { labelLayers, nameIn, STREET_LABELS_FROM, type ShownNames } from './label-layers.ts';
import type { MapPalette } from './map-palette.ts';
import { roadLayers, ROADS_SOURCE } from './road-layers.ts';
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
  readonly names: ShownNames;
  /** A PMTiles file in the Protomaps basemap schema: absolute URL, and the area it covers. */
  readonly streets?: { readonly url: string; readonly area: MapBounds } | undefined;
  /** A GeoJSON file of main roads, absolute URL; left out where there are streets. */
  readonly roadsUrl?: string | undefined;
}

/** Source of the street tiles, when there are any. */
export const STREETS_SOURCE = 'streets';

/** The complete style: offline basemap, and the streets over it when there are any. Nothing in it points off the host. */
export function basemapStyle(options: BasemapOptions): StyleSpecification {
  const { baseUrl, manifest, palette } = options;
  const file = (name: string): SourceSpecification => ({ type: 'geojson', data: new URL(name, baseUrl).href, maxzoom: 12, tolerance: 0.3 });
  const sources: Record<string, SourceSpecification> = { land: file(manifest.land), borders: file(manifest.borders), labels: file(manifest.labels) };
  if (options.streets !== undefined) sources[STREETS_SOURCE] = { type: 'vector', url: `pmtiles://${options.streets.url}` };
  const streets = options.streets === undefined ? undefined : streetLayers(palette, nameIn(options.language, ':'), STREET_LABELS_FROM, options.names.places);
  const roadsUrl = streets === undefined ? options.roadsUrl : undefined;
  if (roadsUrl !== undefined) sources[ROADS_SOURCE] = { type: 'geojson', data: roadsUrl, maxzoom: 14, tolerance: 0.2 };
  const roads = roadsUrl === undefined ? undefined : roadLayers(palette, options.names.places);
  return {
    version: 8,
    sources,
    layers: [
      { id: 'background', type: 'background', paint: { 'background-color': palette.water } },
      { id: 'land', type: 'fill', source: 'land', paint: { 'fill-color': palette.land, 'fill-antialias': true } },
      ...(streets?.ground ?? [coast(palette), ...(roads?.ground ?? [])]),
      ...borderLayers(palette),
      ...(roads?.labels ?? []),
      ...labelLayers(options),
      ...(streets?.labels ?? []),
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
