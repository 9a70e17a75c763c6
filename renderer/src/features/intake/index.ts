import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** What arrives from the vehicles: rates, queues, and units with problems. */
export const intakeModule = defineModule({
  id: 'intake',
  get title() { return t('module'); },
  icon: 'intake',
  order: MODULE_ORDER.intake,
  permission: 'intake.read',
  routes: [
    { path: '/intake', name: 'intake', component: () => import('./pages/OverviewPage.vue'), meta: { get title() { return t('overview.title'); } } },
    { path: '/intake/units', name: 'intake-units', component: () => import('./pages/UnitsPage.vue'), meta: { get title() { return t('units.title'); } } },
  ],
  tabs: [
    { get title() { return t('overview.title'); }, route: 'intake' },
    { get title() { return t('units.title'); }, route: 'intake-units' },
  ],
  searchCommands: [{ id: 'intake-problems', get title() { return t('command.problems'); }, keywords: 'malformed rejected messages errors', icon: 'triangle', to: { name: 'intake-units', query: { problems: '1' } } }],
});
