import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** Commissioning: from numbers on labels to a vehicle in the fleet. */
export const commissioningModule = defineModule({
  id: 'commissioning',
  get title() { return t('module'); },
  icon: 'key',
  order: MODULE_ORDER.commissioning,
  permission: 'commission.work',
  routes: [
    { path: '/commissioning', name: 'commissioning', component: () => import('./pages/WizardPage.vue'), meta: { get title() { return t('wizard.title'); } } },
    { path: '/commissioning/tray', name: 'commissioning-tray', component: () => import('./pages/BatchPage.vue'), meta: { get title() { return t('batch.title'); } } },
    { path: '/commissioning/records', name: 'commissioning-records', component: () => import('./pages/RecordsPage.vue'), meta: { get title() { return t('records.title'); }, permission: 'admin.read' } },
    { path: '/commissioning/records/:id', name: 'commissioning-record', component: () => import('./pages/RecordPage.vue'), meta: { get title() { return t('record.title'); }, get parent() { return t('module'); }, permission: 'admin.read' } },
    { path: '/commissioning/settings', name: 'commissioning-settings', component: () => import('./pages/PatternsPage.vue'), meta: { get title() { return t('settings.title'); }, permission: 'settings.manage' } },
  ],
  tabs: [
    { get title() { return t('wizard.title'); }, route: 'commissioning' },
    { get title() { return t('batch.title'); }, route: 'commissioning-tray' },
    { get title() { return t('records.title'); }, route: 'commissioning-records', permission: 'admin.read' },
    { get title() { return t('settings.title'); }, route: 'commissioning-settings', permission: 'settings.manage' },
  ],
  searchCommands: [{ id: 'commissioning', get title() { return t('command.wizard'); }, keywords: 'scan bench new vehicle configure', icon: 'key', to: { name: 'commissioning' } }],
});
