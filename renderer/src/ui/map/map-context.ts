import type { Map as MapLibreMap } from 'maplibre-gl';
import { inject, type InjectionKey, type ShallowRef } from 'vue';
import type { ThemeTokens } from '../colours/theme-tokens.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';

/** Something drawn over the basemap that has to come back whenever the style or the graphics context is new. */
export interface MapOverlay {
  /** The layer ids it adds, lowest first. */
  readonly layers: readonly string[];
  /** Overlays are stacked by this number: paths 10, pins 20. */
  readonly order: number;
  /** Drawn under the basemap's names instead of over them. */
  readonly underNames?: boolean;
  /** Adds sources and layers below `before`, or on top. */
  attach(map: MapLibreMap, before: string | undefined): void;
  /** Removes what `attach` added; the map may already be without it. */
  detach(map: MapLibreMap): void;
}

/** What BaseMap offers to the components inside it. */
export interface MapContext {
  /** The map, once its style is there. */
  readonly map: ShallowRef<MapLibreMap | undefined>;
  readonly tokens: ShallowRef<ThemeTokens>;
  /** The map while its style may be changed. Undefined while a style is loading: overlays are then attached anew, as they are by that time. */
  styled(): MapLibreMap | undefined;
  /** Attaches an overlay now and after every new style; disposing detaches it. */
  addOverlay(overlay: MapOverlay): Disposable;
}

export const MAP_CONTEXT: InjectionKey<MapContext> = Symbol('map');

/** The surrounding BaseMap's context. Throws outside of one, which is a mistake in a template. */
export function useMapContext(): MapContext {
  const context = inject(MAP_CONTEXT);
  if (context === undefined) throw new Error('map layers belong inside a BaseMap');
  return context;
}
