import { STATUS_STYLES } from '#renderer/fleet/status-style.ts';
import type { FleetStore } from '#renderer/live/fleet-store.ts';
import { boxAround } from '#renderer/ui/map/bounds.ts';
import type { MapBounds } from '#renderer/ui/map/camera.ts';
import type { DonutCluster } from '#renderer/ui/map/donut-elements.ts';
import type { PinStyle } from '#renderer/ui/map/pin-shapes.ts';
import type { OutputOf } from '#shared/contract/index.ts';
import { ALERT_SEVERITIES } from '#shared/domain/alerts/rule.ts';
import { SEVERITY_STYLES } from '../severity.ts';

type Groups = OutputOf<'alerts.groups'>['groups'];
type Cities = OutputOf<'fleet.directory'>['cities'];

/** The fleet is grey on the wall: colour is for what is wrong. */
export const WALL_STYLES: { readonly fleet: readonly PinStyle[]; readonly alerts: readonly PinStyle[] } = {
  fleet: STATUS_STYLES.map((style) => ({ ...style, colour: '--cc-status-ignition-off' })),
  alerts: ALERT_SEVERITIES.map((severity) => ({ ...STATUS_STYLES[0]!, colour: `--cc-${severity}`, get label() { return SEVERITY_STYLES[severity].label; } })),
};

/** One donut per city with open alerts, by severity. Alerts of no known city are in the list alone. */
export function alertClusters(groups: Groups, cities: Cities): DonutCluster[] {
  const places = new Map(cities.map((city) => [city.city, city]));
  const clusters = new Map<string, { readonly id: string; readonly label: string; readonly lat: number; readonly lon: number; readonly counts: number[] }>();
  for (const { city, severity, count } of groups) {
    const place = city === undefined ? undefined : places.get(city);
    if (place === undefined) continue;
    const known = clusters.get(place.cityId) ?? { id: place.cityId, label: place.city, lat: place.lat, lon: place.lon, counts: ALERT_SEVERITIES.map(() => 0) };
    known.counts[ALERT_SEVERITIES.indexOf(severity)]! += count;
    clusters.set(place.cityId, known);
  }
  return [...clusters.values()];
}

/** The box around the fleet's positions, before they are there around its cities; undefined where there is neither. */
export function fleetBox(fleet: Pick<FleetStore, 'columns' | 'bySlot' | 'directory'>): MapBounds | undefined {
  const { lat, lon } = fleet.columns();
  const points = fleet.bySlot.value.flatMap((vehicle) => (vehicle === undefined || Number.isNaN(lat[vehicle.slot]!) ? [] : [{ lat: lat[vehicle.slot]!, lon: lon[vehicle.slot]! }]));
  const all = points.length > 0 ? points : (fleet.directory.value?.cities ?? []);
  return boxAround(all);
}
