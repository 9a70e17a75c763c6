import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** MIS dashboards; only for users whose MIS role is ADMIN. */
export const misModule = defineModule({
  id: 'mis',
  get title() { return t('module'); },
  icon: 'chart',
  order: MODULE_ORDER.mis,
  permission: 'mis.read',
  routes: [
    { path: '/mis', name: 'mis', component: () => import('./pages/ListPage.vue'), meta: { get title() { return t('list.title'); } } },
    { path: '/mis/log', name: 'mis-log', component: () => import('./pages/DataLogPage.vue'), meta: { get title() { return t('log.title'); }, get parent() { return t('module'); } } },
    { path: '/mis/live', name: 'mis-live', component: () => import('./pages/LiveReportPage.vue'), meta: { get title() { return t('live.title'); }, get parent() { return t('module'); } } },
  ],
  tabs: [
    { get title() { return t('list.title'); }, route: 'mis' },
    { get title() { return t('log.title'); }, route: 'mis-log' },
    { get title() { return t('live.title'); }, route: 'mis-live' },
  ],
});
