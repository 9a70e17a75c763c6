import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { resourceRoute, resourceTab } from '#renderer/resource-engine/route.ts';
import { swap } from '#shared/resources/swap.ts';
import { t } from './messages.ts';

/** Device Management: which unit is in which vehicle. */
export const swappingModule = defineModule({
  id: 'devices',
  get title() { return t('module'); },
  icon: 'network',
  order: MODULE_ORDER.devices,
  permission: 'admin.read',
  routes: [
    { path: '/devices/swapping', name: 'devices-swapping', component: () => import('./pages/SwappingPage.vue'), meta: { get title() { return t('page.title'); } } },
    resourceRoute('/devices/swap-log', 'devices-swap-log', swap),
  ],
  tabs: [{ get title() { return t('page.title'); }, route: 'devices-swapping' }, resourceTab('devices-swap-log', swap)],
  searchCommands: [{ id: 'devices-swapping', get title() { return t('page.title'); }, keywords: 'vcu vts unit replace', icon: 'swap', to: { name: 'devices-swapping' } }],
});
