import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** The vehicle dashboard: map, grid, and everything about one vehicle. */
export const vehiclesModule = defineModule({
  id: 'vehicles',
  get title() { return t('module'); },
  icon: 'map',
  order: MODULE_ORDER.vehicles,
  permission: 'fleet.read',
  routes: [
    { path: '/vehicles', name: 'vehicles-map', component: () => import('./pages/MapPage.vue'), meta: { get title() { return t('map.title'); } } },
    { path: '/vehicles/grid', name: 'vehicles-grid', component: () => import('./pages/GridPage.vue'), meta: { get title() { return t('grid.title'); } } },
    { path: '/vehicles/v/:id', name: 'vehicle', component: () => import('./pages/VehiclePage.vue'), meta: { get title() { return t('vehicle.title'); }, get parent() { return t('module'); } } },
  ],
  tabs: [
    { get title() { return t('map.title'); }, route: 'vehicles-map' },
    { get title() { return t('grid.title'); }, route: 'vehicles-grid' },
  ],
  searchCommands: [
    { id: 'vehicles-map', get title() { return t('command.map'); }, keywords: 'positions live', icon: 'map', to: { name: 'vehicles-map' } },
    { id: 'vehicles-grid', get title() { return t('command.grid'); }, keywords: 'list table export', icon: 'columns', to: { name: 'vehicles-grid' } },
  ],
  opens: {
    vehicle: (id) => ({ name: 'vehicle', params: { id } }),
    customer: (id) => ({ name: 'vehicles-map', query: { customer: id } }),
    city: (id) => ({ name: 'vehicles-map', query: { city: id } }),
  },
});
