import type { Map as MapLibreMap } from 'maplibre-gl';
import type { AttachedOverlay, MapOverlay } from './map-context.ts';

/** Keeps overlays stacked by their order through style changes and lost graphics contexts. */
export class Overlays {
  #overlays: MapOverlay[] = [];
  #map: MapLibreMap | undefined;

  /** Adds an overlay; it is attached at once if a style is there. */
  add(overlay: MapOverlay): AttachedOverlay {
    this.#overlays = [...this.#overlays, overlay].sort((a, b) => a.order - b.order);
    if (this.#map !== undefined) this.#attach(this.#map, overlay);
    return {
      restore: () => this.#map !== undefined && this.#restore(this.#map, overlay),
      dispose: () => {
        this.#overlays = this.#overlays.filter((each) => each !== overlay);
        if (this.#map !== undefined) overlay.detach(this.#map);
      },
    };
  }

  /** Attaches what is missing, after a style has loaded or a graphics context has come back. */
  restore(map: MapLibreMap): void {
    this.#map = map;
    for (const overlay of this.#overlays) this.#restore(map, overlay);
  }

  /** Forgets the map until `restore`: its style is being replaced, or it is gone, and overlays with it. */
  release(): void {
    this.#map = undefined;
  }

  #restore(map: MapLibreMap, overlay: MapOverlay): void {
    if (overlay.layers.some((id) => map.getLayer(id) === undefined)) this.#attach(map, overlay);
  }

  #attach(map: MapLibreMap, overlay: MapOverlay): void {
    const above = this.#overlays.slice(this.#overlays.indexOf(overlay) + 1);
    const before = above.map((each) => each.layers[0]).find((id) => id !== undefined && map.getLayer(id) !== undefined);
    overlay.attach(map, before);
  }
}
