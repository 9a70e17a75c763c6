import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** The workshop's view of a vehicle: its buses, frame by frame. */
export const canModule = defineModule({
  id: 'can',
  title: t('module'),
  icon: 'device',
  order: MODULE_ORDER.can,
  permission: 'intake.read',
  routes: [{ path: '/can', name: 'can', component: () => import('./pages/BenchPage.vue'), meta: { title: t('bench.title') } }],
  tabs: [{ title: t('bench.title'), route: 'can' }],
  searchCommands: [
    { id: 'can-bench', title: t('command.bench'), keywords: 'bus frames dbc log record replay signal watch', icon: 'device', to: { name: 'can' } },
    { id: 'can-unknown', title: t('command.unknown'), keywords: 'unknown unregistered unit', icon: 'device', to: { name: 'can', query: { units: 'unknown' } } },
  ],
});
