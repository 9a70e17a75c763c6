import { mount } from '@vue/test-utils';
import type { Map as MapLibreMap } from 'maplibre-gl';
import { afterEach, describe, expect, it } from 'vitest';
import { nextTick, shallowRef } from 'vue';
import { readThemeTokens } from '../colours/theme-tokens.ts';
import DonutMarkers from './DonutMarkers.vue';
import { MAP_CONTEXT, type MapContext } from './map-context.ts';
import { Overlays } from './overlays.ts';

/** A map whose degrees are pixels; keeps the data of its sources. */
function fakeMap() {
  const canvas = document.body.appendChild(document.createElement('canvas'));
  canvas.tabIndex = 0;
  const data = new Map<string, unknown>();
  const map = {
    getCanvas: () => canvas, getZoom: () => 5, on: () => undefined, off: () => undefined,
    project: ([x, y]: [number, number]) => ({ x, y }), unproject: ([lng, lat]: [number, number]) => ({ lng, lat }),
    getLayer: () => undefined, removeLayer: () => undefined, addLayer: () => undefined, hasImage: () => true,
    getSource: (id: string) => (data.has(id) ? { setData: (given: unknown) => data.set(id, given) } : undefined),
    addSource: (id: string, source: { data: unknown }) => data.set(id, source.data), removeSource: (id: string) => data.delete(id),
  };
  return { map: map as unknown as MapLibreMap, canvas, data };
}

const STYLES = [{ shape: 'circle', colour: '#123456', label: 'Moving' }] as const;
const cluster = (id: string, lon: number) => ({ id, lat: 300, lon, label: id, counts: [4] });

function mountDonuts() {
  const { map, canvas, data } = fakeMap();
  const overlays = new Overlays();
  overlays.restore(map);
  const context: MapContext = { map: shallowRef<MapLibreMap | undefined>(map), tokens: shallowRef(readThemeTokens()), styled: () => overlays.map, addOverlay: (overlay) => overlays.add(overlay) };
  const wrapper = mount(DonutMarkers, { attachTo: document.body, props: { clusters: [cluster('West', 100), cluster('South', 400)], styles: STYLES }, global: { provide: { [MAP_CONTEXT as symbol]: context } } });
  const taken = () => (data.get('donut-room') as { features: { properties: { label: string; size: number } }[] } | undefined)?.features.map(({ properties }) => properties.label);
  return { wrapper, canvas, taken };
}

describe('donut markers', () => {
  afterEach(() => void (document.body.innerHTML = ''));

  it('give the keyboard back to the map when the focused one goes', async () => {
    const { wrapper, canvas } = mountDonuts();
    const [west, south] = wrapper.findAll('button').map(({ element }) => element);
    south!.focus();
    await wrapper.setProps({ clusters: [cluster('South', 401)] });
    expect(document.activeElement).toBe(south);
    expect(west!.isConnected).toBe(false);
    await wrapper.setProps({ clusters: [] });
    expect(document.activeElement).toBe(canvas);
  });

  it('take their room among the names of the map, and give it back', async () => {
    const { wrapper, taken } = mountDonuts();
    expect(taken()).toEqual(['West', 'South']);
    await wrapper.setProps({ clusters: [cluster('South', 400)] });
    await nextTick();
    expect(taken()).toEqual(['South']);
    wrapper.unmount();
    expect(taken()).toBeUndefined();
  });
});
