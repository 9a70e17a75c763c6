import { defineAsyncComponent } from 'vue';
import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { tf } from './figures/messages.ts';
import { t } from './messages.ts';
import { tr } from './rules/messages.ts';

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
    { path: '/alerts/handover', name: 'alert-handover', component: () => import('./pages/HandoverPage.vue'), meta: { title: tf('handover.title'), permission: 'alerts.work' } },
    { path: '/alerts/performance', name: 'alert-performance', component: () => import('./pages/PerformancePage.vue'), meta: { title: tf('kpi.title'), permission: 'admin.read' } },
    { path: '/alerts/rules', name: 'alert-rules', component: () => import('./pages/RulesPage.vue'), meta: { title: tr('rules.title'), permission: 'admin.read' } },
    { path: '/alerts/rules/:id', name: 'alert-rule', component: () => import('./pages/RulePage.vue'), meta: { title: tr('rules.title'), parent: 'alert-rules', permission: 'admin.read' } },
    { path: '/alerts/visibility', name: 'alert-visibility', component: () => import('./pages/VisibilityPage.vue'), meta: { title: tr('visibility.title'), permission: 'alerts.manage' } },
    { path: '/wall', name: 'wall', component: () => import('./pages/WallPage.vue'), meta: { title: tf('wall.title'), wall: true } },
  ],
  tabs: [
    { title: t('alerts.title'), route: 'alerts' },
    { title: tf('handover.title'), route: 'alert-handover', permission: 'alerts.work' },
    { title: tf('kpi.title'), route: 'alert-performance', permission: 'admin.read' },
    { title: tr('rules.title'), route: 'alert-rules', permission: 'admin.read' },
    { title: tr('visibility.title'), route: 'alert-visibility', permission: 'alerts.manage' },
  ],
  searchCommands: [
    { id: 'alerts', title: t('command.alerts'), keywords: 'alarm warning critical bell', icon: 'alert', to: { name: 'alerts' } },
    { id: 'alert-handover', title: tf('handover.command'), keywords: 'note print', icon: 'policy', permission: 'alerts.work', to: { name: 'alert-handover' } },
    { id: 'alert-performance', title: tf('kpi.command'), keywords: 'KPI flood chattering TAT ISA-18.2 IEC 62682', icon: 'chart', permission: 'admin.read', to: { name: 'alert-performance' } },
    { id: 'alert-rules', title: tr('rules.command'), keywords: 'threshold limit condition try on history', icon: 'settings', permission: 'admin.read', to: { name: 'alert-rules' } },
    { id: 'wall', title: tf('wall.command'), keywords: 'screen monitor television', icon: 'monitor', to: { name: 'wall' } },
  ],
});
