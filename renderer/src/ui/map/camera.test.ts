import type { Map as MapLibreMap } from 'maplibre-gl';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createCamera } from './camera.ts';

/** A map of 1000 × 600 CSS pixels on which a degree is a pixel. */
function fakeMap() {
  const calls = { fit: [] as unknown[], ease: [] as unknown[] };
  const map = {
    getCanvas: () => ({ getBoundingClientRect: () => ({ width: 1000, height: 600 }) }),
    getZoom: () => 10,
    project: ([x, y]: [number, number]) => ({ x, y }),
    fitBounds: (_box: unknown, { padding }: { padding: unknown }) => calls.fit.push(padding),
    flyTo: ({ offset }: { offset: unknown }) => calls.ease.push(offset),
    easeTo: ({ offset }: { offset: unknown }) => calls.ease.push(offset),
  };
  return { map: map as unknown as MapLibreMap, calls };
}
const BOX = { west: 0, south: 0, east: 1, north: 1 };

describe('a camera over a map with a panel at its left', () => {
  beforeEach(() => void vi.stubGlobal('matchMedia', () => ({ matches: true })));

  it('keeps a fitted box out from under the panel', () => {
    const { map, calls } = fakeMap();
    createCamera(map, () => ({ left: 228 })).fit(BOX, { padding: 56 });
    expect(calls.fit).toEqual([{ left: 284, right: 56, top: 56, bottom: 56 }]);
  });

  it('never gives away so much that nothing is left', () => {
    const { map, calls } = fakeMap();
    createCamera(map, () => ({ left: 900, right: 900 })).fit(BOX, { padding: 400 });
    expect(calls.fit).toEqual([{ left: 375, right: 375, top: 125, bottom: 125 }]);
  });

  it('centres points in the free part', () => {
    const { map, calls } = fakeMap();
    createCamera(map, () => ({ left: 200, bottom: 100 })).flyTo({ lat: 1, lon: 1 });
    expect(calls.ease).toEqual([[100, -50]]);
  });

  it('follows a point only when it leaves the middle of the free part', () => {
    const { map, calls } = fakeMap();
    const camera = createCamera(map, () => ({ left: 200 }));
    camera.follow({ lat: 300, lon: 600 });
    expect(calls.ease).toEqual([]);
    camera.follow({ lat: 300, lon: 400 });
    expect(calls.ease).toEqual([[100, 0]]);
  });
});
