import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** Settings of the installation and of the user. Each page has its own permission; appearance, security and about are for everybody. */
export const settingsModule = defineModule({
  id: 'settings',
  get title() { return t('module'); },
  icon: 'settings',
  order: MODULE_ORDER.settings,
  routes: [
    { path: '/settings/broker', name: 'settings-broker', component: () => import('./pages/BrokerPage.vue'), meta: { get title() { return t('broker.page'); }, permission: 'settings.read' } },
    { path: '/settings/map', name: 'settings-map', component: () => import('./pages/MapPage.vue'), meta: { get title() { return t('map.page'); }, permission: 'settings.read' } },
    { path: '/settings/wallboards', name: 'settings-wallboards', component: () => import('./pages/WallboardsPage.vue'), meta: { get title() { return t('wallboards.page'); }, permission: 'settings.read' } },
    { path: '/settings/storage', name: 'settings-storage', component: () => import('./pages/StoragePage.vue'), meta: { get title() { return t('storage.page'); }, permission: 'settings.read' } },
    { path: '/settings/features', name: 'settings-features', component: () => import('./pages/FeaturesPage.vue'), meta: { get title() { return t('features.page'); }, permission: 'settings.read' } },
    { path: '/settings/security', name: 'settings-security', component: () => import('./pages/SecurityPage.vue'), meta: { get title() { return t('security.page'); } } },
    { path: '/settings/appearance', name: 'settings-appearance', component: () => import('./pages/AppearancePage.vue'), meta: { get title() { return t('appearance.page'); } } },
    { path: '/settings', redirect: { name: 'settings-appearance' } },
    { path: '/settings/about', name: 'settings-about', component: () => import('./pages/AboutPage.vue'), meta: { get title() { return t('about.page'); } } },
  ],
  tabs: [
    { get title() { return t('broker.page'); }, route: 'settings-broker', permission: 'settings.read' },
    { get title() { return t('map.page'); }, route: 'settings-map', permission: 'settings.read' },
    { get title() { return t('wallboards.page'); }, route: 'settings-wallboards', permission: 'settings.read' },
    { get title() { return t('storage.page'); }, route: 'settings-storage', permission: 'settings.read' },
    { get title() { return t('features.page'); }, route: 'settings-features', permission: 'settings.read' },
    { get title() { return t('security.page'); }, route: 'settings-security' },
    { get title() { return t('appearance.page'); }, route: 'settings-appearance' },
    { get title() { return t('about.page'); }, route: 'settings-about' },
  ],
  searchCommands: [
    { id: 'settings-test-broker', get title() { return t('command.broker'); }, keywords: 'mqtt tls certificate connect external embedded', icon: 'plug', permission: 'settings.read', to: { name: 'settings-broker' } },
    { id: 'settings-security', get title() { return t('security.page'); }, keywords: 'password second factor totp sessions sign out', icon: 'key', to: { name: 'settings-security' } },
  ],
});
