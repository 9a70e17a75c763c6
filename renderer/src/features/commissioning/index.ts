import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** Commissioning: from numbers on labels to a vehicle in the fleet. Whoever reads master data reads its records. */
export const commissioningModule = defineModule({
  id: 'commissioning',
  get title() { return t('module'); },
  icon: 'key',
  order: MODULE_ORDER.commissioning,
  permission: 'admin.read',
  routes: [
    { path: '/commissioning', name: 'commissioning', component: () => import('./pages/WizardPage.vue'), meta: { get title() { return t('wizard.title'); }, permission: 'commission.work' } },
    { path: '/commissioning/tray', name: 'commissioning-tray', component: () => import('./pages/BatchPage.vue'), meta: { get title() { return t('batch.title'); }, permission: 'commission.work' } },
    { path: '/commissioning/records', name: 'commissioning-records', component: () => import('./pages/RecordsPage.vue'), meta: { get title() { return t('records.title'); } } },
    { path: '/commissioning/records/:id', name: 'commissioning-record', component: () => import('./pages/RecordPage.vue'), meta: { get title() { return t('record.title'); }, get parent() { return t('module'); } } },
    { path: '/commissioning/settings', name: 'commissioning-settings', component: () => import('./pages/PatternsPage.vue'), meta: { get title() { return t('settings.title'); }, permission: 'settings.manage' } },
  ],
  tabs: [
    { get title() { return t('wizard.title'); }, route: 'commissioning', permission: 'commission.work' },
    { get title() { return t('batch.title'); }, route: 'commissioning-tray', permission: 'commission.work' },
    { get title() { return t('records.title'); }, route: 'commissioning-records' },
    { get title() { return t('settings.title'); }, route: 'commissioning-settings', permission: 'settings.manage' },
  ],
  searchCommands: [{ id: 'commissioning', get title() { return t('command.wizard'); }, keywords: 'scan bench new vehicle configure', icon: 'key', permission: 'commission.work', to: { name: 'commissioning' } }],
});
