import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** The vehicle dashboard: map, grid, and everything about one vehicle. */
export const vehiclesModule = defineModule({
  id: 'vehicles',
  title: t('module'),
  icon: 'map',
  order: MODULE_ORDER.vehicles,
  permission: 'fleet.read',
  routes: [
    { path: '/vehicles', name: 'vehicles-map', component: () => import('./pages/MapPage.vue'), meta: { title: t('map.title') } },
    { path: '/vehicles/grid', name: 'vehicles-grid', component: () => import('./pages/GridPage.vue'), meta: { title: t('grid.title') } },
    { path: '/vehicles/v/:id', name: 'vehicle', component: () => import('./pages/VehiclePage.vue'), meta: { title: t('vehicle.title'), parent: t('module') } },
  ],
  tabs: [
    { title: t('map.title'), route: 'vehicles-map' },
    { title: t('grid.title'), route: 'vehicles-grid' },
  ],
  searchCommands: [
    { id: 'vehicles-map', title: t('command.map'), keywords: 'positions live', icon: 'map', to: { name: 'vehicles-map' } },
    { id: 'vehicles-grid', title: t('command.grid'), keywords: 'list table export', icon: 'columns', to: { name: 'vehicles-grid' } },
  ],
  opens: {
    vehicle: (id) => ({ name: 'vehicle', params: { id } }),
    customer: (id) => ({ name: 'vehicles-map', query: { customer: id } }),
    city: (id) => ({ name: 'vehicles-map', query: { city: id } }),
  },
});
