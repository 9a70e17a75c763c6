import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { resourceMeta, resourceRoute, resourceTab } from '#renderer/resource-engine/route.ts';
import { batteryModel } from '#shared/resources/battery-model.ts';
import { customer } from '#shared/resources/customer.ts';
import { groupMember } from '#shared/resources/group-member.ts';
import { lease } from '#shared/resources/lease.ts';
import { location } from '#shared/resources/location.ts';
import { product } from '#shared/resources/product.ts';
import { sale } from '#shared/resources/sale.ts';
import { bulkUploadCommand, bulkUploadRoute, bulkUploadTab } from './bulk-upload/route.ts';
import { vehicleModel } from '#shared/resources/vehicle-model.ts';
import { t } from './messages.ts';

/** Admin: the master data of the fleet. What a role does not read it does not see; sales are open to B2B. */
export const adminModule = defineModule({
  id: 'admin',
  get title() { return t('module'); },
  icon: 'admin',
  order: MODULE_ORDER.admin,
  permission: 'sales.read',
  routes: [
    { path: '/admin/products', name: 'admin-products', component: () => import('./pages/ProductsPage.vue'), meta: resourceMeta(product) },
    resourceRoute('/admin/sales', 'admin-sales', sale),
    resourceRoute('/admin/customers', 'admin-customers', customer),
    { path: '/admin/locations', name: 'admin-locations', component: () => import('./pages/LocationsPage.vue'), meta: resourceMeta(location) },
    { path: '/admin/leases', name: 'admin-leases', component: () => import('./pages/LeasesPage.vue'), meta: { ...resourceMeta(lease), get title() { return t('leases'); }, feature: 'subscription' } },
    resourceRoute('/admin/group-members', 'admin-group-members', groupMember),
    { path: '/admin/vehicle-models', name: 'admin-vehicle-models', component: () => import('./pages/VehicleModelsPage.vue'), meta: resourceMeta(vehicleModel) },
    resourceRoute('/admin/battery-models', 'admin-battery-models', batteryModel),
    bulkUploadRoute,
  ],
  tabs: [
    resourceTab('admin-products', product),
    resourceTab('admin-sales', sale),
    resourceTab('admin-customers', customer),
    resourceTab('admin-locations', location),
    { ...resourceTab('admin-leases', lease), get title() { return t('leases'); }, feature: 'subscription' },
    resourceTab('admin-group-members', groupMember),
    bulkUploadTab,
    resourceTab('admin-vehicle-models', vehicleModel),
    resourceTab('admin-battery-models', batteryModel),
  ],
  searchCommands: [
    { id: 'admin-products', get title() { return resourceTab('', product).title; }, keywords: 'vin vcu bms motor', icon: 'admin', permission: 'admin.read', to: { name: 'admin-products' } },
    { id: 'admin-sales', get title() { return resourceTab('', sale).title; }, keywords: 'phone warranty user', icon: 'admin', to: { name: 'admin-sales' } },
    { id: 'admin-customers', get title() { return resourceTab('', customer).title; }, keywords: 'organisation address', icon: 'admin', permission: 'admin.read', to: { name: 'admin-customers' } },
    { id: 'admin-locations', get title() { return resourceTab('', location).title; }, keywords: 'city state zone', icon: 'admin', permission: 'admin.read', to: { name: 'admin-locations' } },
    bulkUploadCommand,
  ],
});
