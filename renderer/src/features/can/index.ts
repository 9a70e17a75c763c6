import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** The workshop's view of a vehicle: its buses, frame by frame. */
export const canModule = defineModule({
  id: 'can',
  title: t('module'),
  icon: 'device',
  order: MODULE_ORDER.can,
  permission: 'intake.read',
  routes: [
    { path: '/can', name: 'can', component: () => import('./pages/BenchPage.vue'), meta: { title: t('bench.title') } },
    { path: '/can/dbc', name: 'can-dbc', component: () => import('./pages/DbcPage.vue'), meta: { title: t('dbc.title'), permission: 'admin.read' } },
    { path: '/can/parameters', name: 'can-parameters', component: () => import('./pages/ParametersPage.vue'), meta: { title: t('parameters.title'), permission: 'admin.read' } },
  ],
  tabs: [
    { title: t('bench.title'), route: 'can' },
    { title: t('dbc.title'), route: 'can-dbc', permission: 'admin.read' },
    { title: t('parameters.title'), route: 'can-parameters', permission: 'admin.read' },
  ],
  searchCommands: [
    { id: 'can-bench', title: t('command.bench'), keywords: 'bus frames dbc log record replay signal watch', icon: 'device', to: { name: 'can' } },
    { id: 'can-unknown', title: t('command.unknown'), keywords: 'unknown unregistered unit', icon: 'device', to: { name: 'can', query: { units: 'unknown' } } },
    { id: 'can-dbc', title: t('command.dbc'), keywords: 'upload signals assignment model decode', icon: 'folder', permission: 'admin.read', to: { name: 'can-dbc' } },
    { id: 'can-parameters', title: t('command.parameters'), keywords: 'catalogue signal map range', icon: 'columns', permission: 'admin.read', to: { name: 'can-parameters' } },
  ],
});
