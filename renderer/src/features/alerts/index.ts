import { defineAsyncComponent } from 'vue';
import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { tf } from './figures/messages.ts';
import { t } from './messages.ts';
import { tr } from './rules/messages.ts';

/** Alerts: the list one works with, what raises them, how well they serve, and the wall. */
export const alertsModule = defineModule({
  id: 'alerts',
  get title() { return t('module'); },
  icon: 'alert',
  order: MODULE_ORDER.alerts,
  permission: 'alerts.read',
  header: defineAsyncComponent(() => import('./calls/AlertCalls.vue')),
  routes: [
    { path: '/alerts', name: 'alerts', component: () => import('./pages/AlertsPage.vue'), meta: { get title() { return t('alerts.title'); } } },
    { path: '/alerts/handover', name: 'alert-handover', component: () => import('./pages/HandoverPage.vue'), meta: { get title() { return tf('handover.title'); }, permission: 'admin.read' } },
    { path: '/alerts/performance', name: 'alert-performance', component: () => import('./pages/PerformancePage.vue'), meta: { get title() { return tf('kpi.title'); }, permission: 'admin.read' } },
    { path: '/alerts/rules', name: 'alert-rules', component: () => import('./pages/RulesPage.vue'), meta: { get title() { return tr('rules.title'); }, permission: 'admin.read' } },
    { path: '/alerts/rules/:id', name: 'alert-rule', component: () => import('./pages/RulePage.vue'), meta: { get title() { return tr('rules.title'); }, parent: 'alert-rules', permission: 'admin.read' } },
    { path: '/alerts/visibility', name: 'alert-visibility', component: () => import('./pages/VisibilityPage.vue'), meta: { get title() { return tr('visibility.title'); }, permission: 'admin.read' } },
    { path: '/wall', name: 'wall', component: () => import('./pages/WallPage.vue'), meta: { get title() { return tf('wall.title'); }, wall: true } },
  ],
  tabs: [
    { get title() { return t('alerts.title'); }, route: 'alerts' },
    { get title() { return tf('handover.title'); }, route: 'alert-handover', permission: 'admin.read' },
    { get title() { return tf('kpi.title'); }, route: 'alert-performance', permission: 'admin.read' },
    { get title() { return tr('rules.title'); }, route: 'alert-rules', permission: 'admin.read' },
    { get title() { return tr('visibility.title'); }, route: 'alert-visibility', permission: 'admin.read' },
  ],
  searchCommands: [
    { id: 'alerts', get title() { return t('command.alerts'); }, keywords: 'alarm warning critical bell', icon: 'alert', to: { name: 'alerts' } },
    { id: 'alert-handover', get title() { return tf('handover.command'); }, keywords: 'note print', icon: 'policy', permission: 'admin.read', to: { name: 'alert-handover' } },
    { id: 'alert-performance', get title() { return tf('kpi.command'); }, keywords: 'KPI flood chattering TAT ISA-18.2 IEC 62682', icon: 'chart', permission: 'admin.read', to: { name: 'alert-performance' } },
    { id: 'alert-rules', get title() { return tr('rules.command'); }, keywords: 'threshold limit condition try on history', icon: 'settings', permission: 'admin.read', to: { name: 'alert-rules' } },
    { id: 'wall', get title() { return tf('wall.command'); }, keywords: 'screen monitor television', icon: 'monitor', to: { name: 'wall' } },
  ],
});
