import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { resourceMeta, resourceRoute, resourceTab } from '#renderer/resource-engine/route.ts';
import { batterySwap, station, stationSlot } from '#shared/resources/station.ts';
import { t } from './messages.ts';

/** Swapping stations: where they are, which battery lies in which slot, and what was swapped. */
export const stationsModule = defineModule({
  id: 'stations',
  get title() { return t('module'); },
  icon: 'swap',
  order: MODULE_ORDER.swapping,
  permission: 'admin.read',
  routes: [
    { path: '/stations', name: 'stations-map', component: () => import('./pages/StationsMapPage.vue'), meta: { get title() { return t('map'); } } },
    { path: '/stations/list', name: 'stations', component: () => import('./pages/StationsPage.vue'), meta: resourceMeta(station) },
    { path: '/stations/batteries', name: 'station-slots', component: () => import('./pages/SlotsPage.vue'), meta: resourceMeta(stationSlot) },
    resourceRoute('/stations/swaps', 'station-swaps', batterySwap),
  ],
  tabs: [
    { get title() { return t('map'); }, route: 'stations-map' },
    resourceTab('stations', station),
    resourceTab('station-slots', stationSlot),
    resourceTab('station-swaps', batterySwap),
  ],
});
