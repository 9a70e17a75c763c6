import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** The workshop's view of a vehicle: its buses, frame by frame. */
export const canModule = defineModule({
  id: 'can',
  get title() { return t('module'); },
  icon: 'device',
  order: MODULE_ORDER.can,
  permission: 'intake.read',
  routes: [
    { path: '/can', name: 'can', component: () => import('./pages/BenchPage.vue'), meta: { get title() { return t('bench.title'); } } },
    { path: '/can/dbc', name: 'can-dbc', component: () => import('./pages/DbcPage.vue'), meta: { get title() { return t('dbc.title'); }, permission: 'admin.read' } },
    { path: '/can/parameters', name: 'can-parameters', component: () => import('./pages/ParametersPage.vue'), meta: { get title() { return t('parameters.title'); }, permission: 'admin.read' } },
  ],
  tabs: [
    { get title() { return t('bench.title'); }, route: 'can' },
    { get title() { return t('dbc.title'); }, route: 'can-dbc', permission: 'admin.read' },
    { get title() { return t('parameters.title'); }, route: 'can-parameters', permission: 'admin.read' },
  ],
  searchCommands: [
    { id: 'can-bench', get title() { return t('command.bench'); }, keywords: 'bus frames dbc log record replay signal watch', icon: 'device', to: { name: 'can' } },
    { id: 'can-unknown', get title() { return t('command.unknown'); }, keywords: 'unknown unregistered unit', icon: 'device', to: { name: 'can', query: { units: 'unknown' } } },
    { id: 'can-dbc', get title() { return t('command.dbc'); }, keywords: 'upload signals assignment model decode', icon: 'folder', permission: 'admin.read', to: { name: 'can-dbc' } },
    { id: 'can-parameters', get title() { return t('command.parameters'); }, keywords: 'catalogue signal map range', icon: 'columns', permission: 'admin.read', to: { name: 'can-parameters' } },
  ],
});
