import { defineAsyncComponent } from 'vue';
import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** Alerts: the list one works with, what raises them, how well they serve, and the wall. */
export const alertsModule = defineModule({
  id: 'alerts',
  title: t('module'),
  icon: 'alert',
  order: MODULE_ORDER.alerts,
  permission: 'fleet.read',
  header: defineAsyncComponent(() => import('./calls/AlertCalls.vue')),
  routes: [
    { path: '/alerts', name: 'alerts', component: () => import('./pages/AlertsPage.vue'), meta: { title: t('alerts.title') } },
  ],
  tabs: [
    { title: t('alerts.title'), route: 'alerts' },
  ],
  searchCommands: [
    { id: 'alerts', title: t('command.alerts'), keywords: 'alarm warning critical bell', icon: 'alert', to: { name: 'alerts' } },
  ],
});
