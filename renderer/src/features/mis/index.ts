import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** MIS dashboards; only for users whose MIS role is ADMIN. */
export const misModule = defineModule({
  id: 'mis',
  title: t('module'),
  icon: 'chart',
  order: MODULE_ORDER.mis,
  permission: 'mis.read',
  routes: [
    { path: '/mis', name: 'mis', component: () => import('./pages/ListPage.vue'), meta: { title: t('list.title') } },
    { path: '/mis/log', name: 'mis-log', component: () => import('./pages/DataLogPage.vue'), meta: { title: t('log.title'), parent: t('module') } },
    { path: '/mis/live', name: 'mis-live', component: () => import('./pages/LiveReportPage.vue'), meta: { title: t('live.title'), parent: t('module') } },
  ],
  tabs: [
    { title: t('list.title'), route: 'mis' },
    { title: t('log.title'), route: 'mis-log' },
    { title: t('live.title'), route: 'mis-live' },
  ],
});
