import type { Map as MapLibreMap } from 'maplibre-gl';
import { disposable, type Disposable } from '#shared/kernel/disposable.ts';
import type { MapOverlay } from './map-context.ts';

/** Keeps overlays stacked by their order through style changes and lost graphics contexts. */
export class Overlays {
  #overlays: MapOverlay[] = [];
  /** Taken away while no style was there; a style that comes back after a lost context may still hold them. */
  #leftovers: MapOverlay[] = [];
  #map: MapLibreMap | undefined;

  /** The map while its style may be changed; undefined while a style is loading, when every change of it would throw. */
  get map(): MapLibreMap | undefined {
    return this.#map;
  }

  /** Adds an overlay; it is attached at once if a style is there. */
  add(overlay: MapOverlay): Disposable {
    this.#overlays = [...this.#overlays, overlay].sort((a, b) => a.order - b.order);
    if (this.#map !== undefined) this.#attach(this.#map, overlay);
    return disposable(() => {
      this.#overlays = this.#overlays.filter((each) => each !== overlay);
      if (this.#map !== undefined) overlay.detach(this.#map);
      else this.#leftovers.push(overlay);
    });
  }

  /** The style goes: nothing is touched until `restore`. */
  suspend(): void {
    this.#map = undefined;
  }

  /** Attaches everything anew, after a style has loaded or a graphics context has come back. */
  restore(map: MapLibreMap): void {
    this.#map = map;
    // What a restored style kept was drawn before the loss.
    for (const overlay of [...this.#leftovers, ...this.#overlays]) overlay.detach(map);
    this.#leftovers = [];
    for (const overlay of this.#overlays) this.#attach(map, overlay);
  }

  #attach(map: MapLibreMap, overlay: MapOverlay): void {
    const underNames = overlay.underNames === true;
    const above = this.#overlays.slice(this.#overlays.indexOf(overlay) + 1).filter((each) => (each.underNames === true) === underNames);
    const before = above.map((each) => each.layers[0]).find((id) => id !== undefined && map.getLayer(id) !== undefined);
    overlay.attach(map, before ?? (underNames ? map.getLayersOrder().find((id) => map.getLayer(id)?.type === 'symbol') : undefined));
  }
}
