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

/** CSS pixels at each side of the map that something lies over; what is shown is centred in the rest. */
export interface MapInsets {
  readonly top?: number;
  readonly right?: number;
  readonly bottom?: number;
  readonly left?: number;
}

export interface CameraOptions {
  /** CSS pixels kept free at every side, beside the insets. */
  readonly padding?: number;
  readonly maxZoom?: number;
}

/** Milliseconds a camera flight takes at most. */
const FLIGHT_MS = 900;
/** Insets take at most this share of the width or height. */
const MAX_COVERED = 0.5;
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
  /** Zooms around the middle of the free part. */
  zoomBy(steps: number): void;
  view(): MapView;
}

/** The free part of a map: where it begins and how large it is. */
function freeArea(map: MapLibreMap, { top = 0, right = 0, bottom = 0, left = 0 }: MapInsets): { left: number; top: number; right: number; bottom: number; width: number; height: number; offset: [number, number] } {
  const { width, height } = map.getCanvas().getBoundingClientRect();
  const across = Math.min(1, (width * MAX_COVERED) / Math.max(1, left + right));
  const down = Math.min(1, (height * MAX_COVERED) / Math.max(1, top + bottom));
  const free = { left: left * across, right: right * across, top: top * down, bottom: bottom * down };
  return { ...free, width: width - free.left - free.right, height: height - free.top - free.bottom, offset: [(free.left - free.right) / 2, (free.top - free.bottom) / 2] };
}

/** Camera of a map; `insets` says what lies over it at the moment. */
export function createCamera(map: MapLibreMap, insets: () => MapInsets = () => ({})): MapCamera {
  const animate = (): boolean => !prefersReducedMotion();
  return {
    fit({ west, south, east, north }, { padding = 48, maxZoom = 15 } = {}) {
      const free = freeArea(map, insets());
      const room = Math.max(0, Math.min(padding, free.width / 4, free.height / 4));
      const sides = { left: free.left + room, right: free.right + room, top: free.top + room, bottom: free.bottom + room };
      map.fitBounds([[west, south], [east, north]], { padding: sides, maxZoom, animate: animate(), duration: FLIGHT_MS, linear: false, maxDuration: FLIGHT_MS });
    },
    flyTo({ lat, lon }, zoom) {
      const target = { center: [lon, lat] as [number, number], zoom: Math.max(zoom ?? 0, map.getZoom()), offset: freeArea(map, insets()).offset };
      if (animate()) map.flyTo({ ...target, maxDuration: FLIGHT_MS });
      else map.easeTo({ ...target, duration: 0 });
    },
    follow({ lat, lon }) {
      const free = freeArea(map, insets());
      const { x, y } = map.project([lon, lat]);
      if (Math.abs((x - free.left) / free.width - 0.5) < FREE_SHARE / 2 && Math.abs((y - free.top) / free.height - 0.5) < FREE_SHARE / 2) return;
      map.easeTo({ center: [lon, lat], offset: free.offset, duration: animate() ? 600 : 0 });
    },
    zoomBy(steps) {
      const free = freeArea(map, insets());
      const around = map.unproject([free.left + free.width / 2, free.top + free.height / 2]);
      map.easeTo({ zoom: map.getZoom() + steps, around, duration: animate() ? 200 : 0 });
    },
    view() {
      const bounds = map.getBounds();
      const { lat, lng } = map.getCenter();
      return { bounds: { west: bounds.getWest(), south: bounds.getSouth(), east: bounds.getEast(), north: bounds.getNorth() }, centre: { lat, lon: lng }, zoom: map.getZoom() };
    },
  };
}
