import type { Map as MapLibreMap } from 'maplibre-gl';

/** A box in degrees. */
export interface MapBounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

export interface MapPoint {
  readonly lat: number;
  readonly lon: number;
}

/** What is seen after the map has come to rest. */
export interface MapView {
  readonly bounds: MapBounds;
  readonly centre: MapPoint;
  readonly zoom: number;
}

export interface CameraOptions {
  /** CSS pixels kept free at every side. */
  readonly padding?: number;
  readonly maxZoom?: number;
}

/** Milliseconds a camera flight takes at most. */
const FLIGHT_MS = 900;
/** Share of the width and height around the centre in which a followed vehicle may move before the map does. */
const FREE_SHARE = 0.3;

/** Whether the user asked for less motion; cameras then jump. */
export function prefersReducedMotion(): boolean {
  return window.matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** Camera moves that honour prefers-reduced-motion. */
export interface MapCamera {
  /** Shows a box. A box without extent is shown at `maxZoom` (default 15). */
  fit(bounds: MapBounds, options?: CameraOptions): void;
  /** Flies to a point, to at least `zoom` if given. */
  flyTo(point: MapPoint, zoom?: number): void;
  /** Keeps a moving point in the middle part of the map; does nothing while it is there. */
  follow(point: MapPoint): void;
  zoomBy(steps: number): void;
  view(): MapView;
}

/** Camera of a map. */
export function createCamera(map: MapLibreMap): MapCamera {
  const animate = (): boolean => !prefersReducedMotion();
  return {
    fit({ west, south, east, north }, { padding = 48, maxZoom = 15 } = {}) {
      const { width, height } = map.getCanvas().getBoundingClientRect();
      const room = Math.max(0, Math.min(padding, width / 4, height / 4));
      map.fitBounds([[west, south], [east, north]], { padding: room, maxZoom, animate: animate(), duration: FLIGHT_MS, linear: false, maxDuration: FLIGHT_MS });
    },
    flyTo({ lat, lon }, zoom) {
      const target = { center: [lon, lat] as [number, number], zoom: Math.max(zoom ?? 0, map.getZoom()) };
      if (animate()) map.flyTo({ ...target, maxDuration: FLIGHT_MS });
      else map.jumpTo(target);
    },
    follow({ lat, lon }) {
      const { width, height } = map.getCanvas().getBoundingClientRect();
      const { x, y } = map.project([lon, lat]);
      if (Math.abs(x / width - 0.5) < FREE_SHARE / 2 && Math.abs(y / height - 0.5) < FREE_SHARE / 2) return;
      map.easeTo({ center: [lon, lat], duration: animate() ? 600 : 0 });
    },
    zoomBy(steps) {
      map.zoomTo(map.getZoom() + steps, { duration: animate() ? 200 : 0 });
    },
    view() {
      const bounds = map.getBounds();
      const { lat, lng } = map.getCenter();
      return { bounds: { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() }, centre: { lat, lon: lng }, zoom: map.getZoom() };
    },
  };
}
