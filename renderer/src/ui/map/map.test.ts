import type { Map as MapLibreMap } from 'maplibre-gl';
import { describe, expect, it } from 'vitest';
import { contrast, hexColour, mix, parseColour } from '../colours/colours.ts';
import type { ThemeTokens } from '../colours/theme-tokens.ts';
import { basemapStyle } from './basemap-style.ts';
import { mapPalette } from './map-palette.ts';
import { Overlays } from './overlays.ts';
import { nearestRow, pathLines } from './path-data.ts';
import { zoomBand } from './zoom-band.ts';

const LIGHT: ThemeTokens = { dark: false, surface0: '#f5f6f8', surface1: '#ffffff', surface2: '#eef0f3', textStrong: '#10161f', textNormal: '#2b3542', textMuted: '#66717f', line: '#dde1e7', accent: '#0f62c9', critical: '#c21f2c', high: '#b85c00' };
const DARK: ThemeTokens = { dark: true, surface0: '#12161c', surface1: '#1a2028', surface2: '#222a34', textStrong: '#f2f5f8', textNormal: '#c9d1da', textMuted: '#8492a2', line: '#2e3845', accent: '#5aa2ff', critical: '#ff5a63', high: '#ffa033' };
const STATUS = { light: ['#1b7f5c', '#b07a00', '#5b6775', '#2467c9', '#8a4fbf', '#a3262e'], dark: ['#35b386', '#dca22b', '#94a1b1', '#62a0ff', '#b585ea', '#f06a72'] };

describe('map palette', () => {
  it.each([['light', LIGHT, STATUS.light], ['dark', DARK, STATUS.dark]] as const)('lets names and pins stand out from the %s land', (_name, tokens, statuses) => {
    const palette = mapPalette(tokens);
    for (const label of [palette.labelPlace, palette.labelMinor, palette.labelCountry]) expect(contrast(label, palette.land)).toBeGreaterThan(4.5);
    // WCAG 2.2, 1.4.11: graphics need 3:1.
    for (const status of statuses) expect(contrast(status, palette.land)).toBeGreaterThan(3);
    expect(contrast(palette.land, palette.water)).toBeGreaterThan(1.08);
  });
});

describe('basemap style', () => {
  const options = { baseUrl: 'http://console.test/basemap/', manifest: { attribution: '', land: 'land.geojson', borders: 'borders.geojson', labels: 'labels.geojson' }, palette: mapPalette(LIGHT), language: 'en', names: { places: true, states: true }, roadsUrl: 'http://console.test/demo/roads.geojson' };
  const streets = { url: 'http://console.test/tiles/city.pmtiles', area: { west: 77, south: 12, east: 78, north: 13 } };

  it('asks nothing of any other host', () => {
    for (const style of [basemapStyle(options), basemapStyle({ ...options, streets })]) {
      expect(style.glyphs).toBeUndefined();
      expect(style.sprite).toBeUndefined();
      const urls = [...JSON.stringify(style).matchAll(/https?:\/\/[^/"]+/g)].map(([url]) => url);
      expect(new Set(urls)).toEqual(new Set(['http://console.test']));
    }
  });

  it('takes boundaries from the replaceable files even over street tiles', () => {
    const { layers } = basemapStyle({ ...options, streets });
    expect(layers.filter((layer) => 'source' in layer && layer.source === 'streets' && JSON.stringify(layer).includes('boundaries'))).toEqual([]);
    const order = layers.map(({ id }) => id);
    expect(order.indexOf('border-country')).toBeGreaterThan(order.indexOf('street-highway'));
  });

  it('names places in the language asked for', () => {
    const hindi = basemapStyle({ ...options, language: 'hi' }).layers.find(({ id }) => id === 'label-state');
    expect(JSON.stringify(hindi?.layout)).toContain('name_hi');
  });

  it.each([['streets', streets], ['roads', undefined]])('has the same layers whatever names are shown, with %s', (_name, given) => {
    const style = (places: boolean, states: boolean) => basemapStyle({ ...options, streets: given, names: { places, states } }).layers;
    const hidden = (layers: ReturnType<typeof style>) => layers.filter((layer) => layer.layout?.visibility === 'none').map(({ id }) => id);
    expect(style(false, false).map(({ id }) => id)).toEqual(style(true, true).map(({ id }) => id));
    expect(hidden(style(true, true))).toEqual([]);
    expect(hidden(style(true, false))).toEqual(['label-state']);
    const places = style(true, true).flatMap((layer) => (layer.type === 'symbol' && !['label-state', 'label-country'].includes(layer.id) ? [layer.id] : []));
    expect(hidden(style(false, true))).toEqual(places);
  });

  it('draws main roads only where there are no streets', () => {
    const sources = (given: typeof streets | undefined) => Object.keys(basemapStyle({ ...options, streets: given }).sources);
    expect(sources(undefined)).toContain('roads');
    expect(sources(streets)).not.toContain('roads');
    expect(basemapStyle({ ...options, streets }).layers.filter((layer) => 'source' in layer && layer.source === 'roads')).toEqual([]);
  });

  it('has a unique id for every layer', () => {
    const ids = basemapStyle({ ...options, streets }).layers.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('zoom bands', () => {
  it('change at their thresholds, and back only a little below', () => {
    const bands = { city: 6, pins: 10 };
    expect([5, 6, 9.9, 10].map((zoom) => zoomBand(zoom, bands))).toEqual(['region', 'city', 'city', 'pins']);
    expect(zoomBand(9.9, bands, 'pins')).toBe('pins');
    expect(zoomBand(9.7, bands, 'pins')).toBe('city');
    expect(zoomBand(10.1, bands, 'city')).toBe('city');
    expect(zoomBand(10.3, bands, 'city')).toBe('pins');
    expect(zoomBand(3, bands, 'pins')).toBe('region');
  });
});

describe('overlays', () => {
  function fakeMap(): MapLibreMap & { order: string[] } {
    const order: string[] = [];
    const type = (id: string): string => (id.startsWith('label') ? 'symbol' : 'line');
    return { order, getLayersOrder: () => order, getLayer: (id: string) => (order.includes(id) ? { type: type(id) } : undefined) } as unknown as MapLibreMap & { order: string[] };
  }
  const overlay = (id: string, order: number) => ({
    layers: [id], order,
    attach(map: MapLibreMap, before: string | undefined) {
      const { order: stack } = map as unknown as { order: string[] };
      stack.splice(before === undefined ? stack.length : stack.indexOf(before), 0, id);
    },
    detach(map: MapLibreMap) {
      const { order: stack } = map as unknown as { order: string[] };
      if (stack.includes(id)) stack.splice(stack.indexOf(id), 1);
    },
  });

  it('stay in order whenever they are added, and come back after a new style', () => {
    const overlays = new Overlays();
    const map = fakeMap();
    overlays.add(overlay('pins', 20));
    overlays.restore(map);
    const path = overlays.add(overlay('path', 10));
    expect(map.order).toEqual(['path', 'pins']);
    map.order.length = 0;
    overlays.restore(map);
    overlays.restore(map);
    expect(map.order).toEqual(['path', 'pins']);
    path.dispose();
    expect(map.order).toEqual(['pins']);
  });

  it('lie under the names where they say so, whatever comes first', () => {
    const overlays = new Overlays();
    const map = fakeMap();
    map.order.push('land', 'label-place', 'label-state');
    overlays.restore(map);
    overlays.add(overlay('pins', 20));
    overlays.add({ ...overlay('trail', 12), underNames: true });
    overlays.add({ ...overlay('path', 10), underNames: true });
    expect(map.order).toEqual(['land', 'path', 'trail', 'label-place', 'label-state', 'pins']);
  });

  it('leave the map alone while a style is loading, and are right once it is there', () => {
    const overlays = new Overlays();
    const map = fakeMap();
    overlays.restore(map);
    const path = overlays.add(overlay('path', 10));
    overlays.suspend();
    expect(overlays.map).toBeUndefined();
    const untouched = [...map.order];
    overlays.add(overlay('pins', 20));
    path.dispose();
    expect(map.order).toEqual(untouched);
    // A style restored after a lost context still has what was taken away meanwhile.
    overlays.restore(map);
    expect(map.order).toEqual(['pins']);
    expect(overlays.map).toBe(map);
  });
});

describe('paths', () => {
  it('are cut where guessed legs begin and end, sharing the point between', () => {
    const lines = pathLines({ count: 5, lat: [0, 1, 2, 3, 4], lon: [0, 0, 0, 0, 0], guessed: [0, 0, 1, 0, 0] });
    expect(lines.map(({ guessed, points }) => [guessed, points.map(([, lat]) => lat)])).toEqual([[false, [0, 1]], [true, [1, 2]], [false, [2, 3, 4]]]);
  });

  it('skip rows without a position and need two points', () => {
    expect(pathLines({ count: 3, lat: [0, Number.NaN, 2], lon: [0, 0, 0] })[0]!.points).toHaveLength(2);
    expect(pathLines({ count: 1, lat: [0], lon: [0] })).toEqual([]);
  });

  it('find the nearest row within reach', () => {
    const path = { count: 3, lat: [12, 12.1, 12.2], lon: [77, 77, 77] };
    expect(nearestRow(path, 12.11, 77, 0.05)).toBe(1);
    expect(nearestRow(path, 15, 77, 0.05)).toBe(-1);
  });
});

describe('colours', () => {
  it('are read in every form browsers compute', () => {
    expect(['#0f62c9', '#0F62C9FF', 'rgb(15, 98, 201)', 'rgb(15 98 201 / 50%)', 'color(srgb 0.0588235 0.384314 0.788235)'].map(hexColour)).toEqual(Array<string>(5).fill('#0f62c9'));
    expect(parseColour('#fff')).toEqual([1, 1, 1]);
    expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080');
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  });
});
