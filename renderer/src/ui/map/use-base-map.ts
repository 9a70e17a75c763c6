import * as maplibregl from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { onBeforeUnmount, onMounted, shallowRef, watch, type ShallowRef } from 'vue';
import { useThemeTokens, type ThemeTokens } from '../colours/theme-tokens.ts';
import { tu } from '../messages/en.ts';
import { basemapStyle, STREETS_SOURCE, type BasemapManifest } from './basemap-style.ts';
import { prefersReducedMotion, type MapBounds } from './camera.ts';
import { placeDot } from './dot-image.ts';
import { DOT_IMAGE, type ShownNames } from './label-layers.ts';
import type { MapContext } from './map-context.ts';
import { loadMapFonts } from './map-fonts.ts';
import { mapPalette } from './map-palette.ts';
import { Overlays } from './overlays.ts';
import { openStreetTiles } from './street-tiles.ts';

maplibregl.setWorkerUrl(workerUrl);

/** What the map cannot do at the moment. */
export type MapProblem = 'streets' | 'basemap' | 'graphics';

export interface BaseMapOptions {
  /** Folder of the offline basemap, same origin, ending in a slash. */
  readonly basemapUrl: string;
  readonly streetsUrl?: string | undefined;
  /** GeoJSON file of main roads, shown where there are no streets. */
  readonly roadsUrl?: string | undefined;
  readonly language: string;
  readonly names: ShownNames;
  readonly bounds: MapBounds;
}

export interface BaseMap {
  readonly context: MapContext;
  readonly problem: ShallowRef<MapProblem | undefined>;
  /** Tries again what failed. */
  retry(): void;
}

const EMPTY_MANIFEST: BasemapManifest = { attribution: '', land: '', borders: '', labels: '' };
/** Tiles that may fail before the street map counts as unreadable; a single one may be a hiccup. */
const TILE_FAILURES = 4;

/** A MapLibre map in a container, in the theme's colours, for the life of the component. */
export function useBaseMap(container: Readonly<ShallowRef<HTMLElement | null>>, options: () => BaseMapOptions): BaseMap {
  const map = shallowRef<maplibregl.Map>();
  const problem = shallowRef<MapProblem>();
  const tokens = useThemeTokens();
  const overlays = new Overlays();
  let instance: maplibregl.Map | undefined;
  let manifest: BasemapManifest | undefined;
  /** Area of the street tiles that are shown; undefined without streets or when they cannot be read. */
  let streets: MapBounds | undefined;
  let tileFailures = 0;
  let attribution: maplibregl.AttributionControl | undefined;
  let round = 0;
  /** Whether the style that is loading was made before the theme or the names shown changed. */
  let outdated = false;

  const absolute = (url: string): string => new URL(url, document.baseURI).href;

  function style(theme: ThemeTokens): maplibregl.StyleSpecification {
    const { basemapUrl, streetsUrl, roadsUrl, language, names } = options();
    const palette = mapPalette(theme);
    if (manifest === undefined) return { version: 8, sources: {}, layers: [{ id: 'background', type: 'background', paint: { 'background-color': palette.land } }] };
    return basemapStyle({
      baseUrl: absolute(basemapUrl), manifest, palette, language, names,
      roadsUrl: roadsUrl === undefined ? undefined : absolute(roadsUrl),
      streets: streetsUrl === undefined || streets === undefined ? undefined : { url: absolute(streetsUrl), area: streets },
    });
  }

  /** Reads the manifest and opens the streets; what fails is left out and said. */
  async function readSources(): Promise<void> {
    const { basemapUrl, streetsUrl } = options();
    problem.value = undefined;
    tileFailures = 0;
    const [basemap, opened] = await Promise.allSettled([
      fetch(absolute(`${basemapUrl}basemap.json`)).then(async (response) => {
        if (!response.ok) throw new Error(`answered ${response.status}`);
        return { ...EMPTY_MANIFEST, ...((await response.json()) as Partial<BasemapManifest>) };
      }),
      streetsUrl === undefined ? Promise.resolve(undefined) : openStreetTiles(absolute(streetsUrl)),
    ]);
    manifest = basemap.status === 'fulfilled' ? basemap.value : undefined;
    streets = opened.status === 'fulfilled' ? opened.value : undefined;
    if (basemap.status === 'rejected') problem.value = 'basemap';
    else if (opened.status === 'rejected') problem.value = 'streets';
  }

  function failed(event: maplibregl.ErrorEvent): void {
    // Errors of sources carry the source's id beside what the type says.
    const sourceId = 'sourceId' in event ? event.sourceId : undefined;
    if (sourceId === STREETS_SOURCE && ++tileFailures === TILE_FAILURES) {
      streets = undefined;
      problem.value = 'streets';
      restyle();
    } else if (sourceId === 'land') problem.value = 'basemap';
  }

  function restyle(): void {
    if (instance === undefined) return;
    overlays.suspend();
    outdated = false;
    instance.setStyle(style(tokens.value), { diff: false });
    showAttribution();
  }

  /** Takes over colours and shown names without a new style; a style that is still loading is brought up to date when it is there. */
  function refresh(): void {
    const styled = overlays.map;
    outdated = styled === undefined;
    if (styled === undefined) return;
    for (const layer of style(tokens.value).layers) {
      if (styled.getLayer(layer.id) === undefined) continue;
      for (const [property, value] of Object.entries(layer.paint ?? {})) {
        if (property.endsWith('-color')) styled.setPaintProperty(layer.id, property as Parameters<maplibregl.Map['setPaintProperty']>[1], value);
      }
      const visibility = layer.layout?.visibility ?? 'visible';
      if ((styled.getLayoutProperty(layer.id, 'visibility') ?? 'visible') !== visibility) styled.setLayoutProperty(layer.id, 'visibility', visibility);
    }
    if (styled.hasImage(DOT_IMAGE)) styled.updateImage(DOT_IMAGE, placeDot(mapPalette(tokens.value)));
  }

  function showAttribution(): void {
    if (instance === undefined) return;
    if (attribution !== undefined) instance.removeControl(attribution);
    const more = options().streetsUrl !== undefined && streets !== undefined ? ' · © OpenStreetMap contributors' : '';
    attribution = new maplibregl.AttributionControl({ compact: false, customAttribution: `${escapeText(manifest?.attribution ?? '')}${more}` });
    instance.addControl(attribution, 'bottom-right');
  }

  async function start(): Promise<void> {
    const element = container.value;
    if (element === null) return;
    const own = ++round;
    await Promise.all([readSources(), loadMapFonts()]);
    if (own !== round || container.value === null) return;
    const { bounds } = options();
    try {
      instance = new maplibregl.Map({
        container: element, style: style(tokens.value), attributionControl: false, maplibreLogo: false, locale: { 'Map.Title': tu('map.canvas') }, dragRotate: false, pitchWithRotate: false, touchPitch: false, maxPitch: 0,
        renderWorldCopies: false, minZoom: 2, maxZoom: 19.5, fadeDuration: prefersReducedMotion() ? 0 : 120, localIdeographFontFamily: false,
        bounds: [[bounds.west, bounds.south], [bounds.east, bounds.north]], fitBoundsOptions: { padding: 24, maxZoom: 12 }, canvasContextAttributes: { contextType: 'webgl2', antialias: false },
      });
    } catch {
      problem.value = 'graphics';
      return;
    }
    const created = instance;
    created.touchZoomRotate.disableRotation();
    created.keyboard.disableRotation();
    created.addControl(new maplibregl.ScaleControl({ maxWidth: 110, unit: 'metric' }), 'bottom-left');
    showAttribution();
    created.on('error', failed);
    const restore = (): void => {
      if (!created.hasImage(DOT_IMAGE)) created.addImage(DOT_IMAGE, placeDot(mapPalette(tokens.value)), { pixelRatio: 2 });
      overlays.restore(created);
      if (outdated) refresh();
      map.value = created;
    };
    created.on('webglcontextlost', () => overlays.suspend());
    // Also fires after a lost graphics context, when the map has built its style anew.
    created.on('style.load', restore);
  }

  watch([tokens, () => options().names.places, () => options().names.states], refresh);
  watch([() => options().language, () => options().roadsUrl], restyle);
  watch([() => options().streetsUrl, () => options().basemapUrl], () => void readSources().then(restyle));
  onMounted(() => void start());
  onBeforeUnmount(() => {
    round++;
    overlays.suspend();
    map.value = undefined;
    instance?.remove();
    instance = undefined;
  });

  return {
    context: { map, tokens, styled: () => overlays.map, addOverlay: (overlay) => overlays.add(overlay) },
    problem,
    retry: () => void (instance === undefined ? start() : readSources().then(restyle)),
  };
}

/** Attributions are shown as HTML by the map. */
function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
