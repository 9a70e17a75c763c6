import { computed, type ComputedRef } from 'vue';
import type { DonutCluster } from '#renderer/ui/map/donut-elements.ts';
import type { ZoomBand } from '#renderer/ui/map/zoom-band.ts';
import type { FleetStore } from '#renderer/live/fleet-store.ts';
import type { FleetPicture } from './use-fleet-picture.ts';

interface Place {
  readonly label: string;
  readonly lat: number;
  readonly lon: number;
}

/** Donuts of the zoom band: zones when far out, cities nearer, none among single pins. A zone lies in the middle of its cities. */
export function useClusters(store: FleetStore, picture: FleetPicture, band: Readonly<{ value: ZoomBand }>): ComputedRef<DonutCluster[]> {
  const cities = computed(() => new Map((store.directory.value?.cities ?? []).map((city) => [city.cityId, { label: city.city, lat: city.lat, lon: city.lon } satisfies Place])));
  const zones = computed(() => {
    const sums = new Map<string, { lat: number; lon: number; count: number }>();
    const byId = new Map((store.directory.value?.cities ?? []).map((city) => [city.cityId, city]));
    for (const vehicle of store.directory.value?.vehicles ?? []) {
      const city = vehicle.cityId === undefined ? undefined : byId.get(vehicle.cityId);
      if (!city || vehicle.zone === undefined) continue;
      const sum = sums.get(vehicle.zone) ?? { lat: 0, lon: 0, count: 0 };
      sum.lat += city.lat;
      sum.lon += city.lon;
      sum.count++;
      sums.set(vehicle.zone, sum);
    }
    return new Map([...sums].map(([zone, sum]) => [zone, { label: zone, lat: sum.lat / sum.count, lon: sum.lon / sum.count } satisfies Place]));
  });
  return computed(() => {
    if (band.value === 'pins') return [];
    const summary = band.value === 'region' ? picture.byZone.value : picture.byCity.value;
    const places = band.value === 'region' ? zones.value : cities.value;
    const clusters: DonutCluster[] = [];
    for (const [id, counts] of summary.groups) {
      const place = places.get(id);
      if (place && counts.all > 0) clusters.push({ id, ...place, counts: Array.from(counts.byStatus) });
    }
    return clusters;
  });
}
