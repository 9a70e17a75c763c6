import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** Settings of the installation and of the user. Each page has its own permission; appearance and about are for everybody. */
export const settingsModule = defineModule({
  id: 'settings',
  title: t('module'),
  icon: 'settings',
  order: MODULE_ORDER.settings,
  routes: [
    { path: '/settings/broker', name: 'settings-broker', component: () => import('./pages/BrokerPage.vue'), meta: { title: t('broker.page'), permission: 'settings.read' } },
    { path: '/settings/map', name: 'settings-map', component: () => import('./pages/MapPage.vue'), meta: { title: t('map.page'), permission: 'settings.read' } },
    { path: '/settings/wallboards', name: 'settings-wallboards', component: () => import('./pages/WallboardsPage.vue'), meta: { title: t('wallboards.page'), permission: 'settings.read' } },
    { path: '/settings/storage', name: 'settings-storage', component: () => import('./pages/StoragePage.vue'), meta: { title: t('storage.page'), permission: 'settings.read' } },
    { path: '/settings/users', name: 'settings-users', component: () => import('./pages/UsersPage.vue'), meta: { title: t('users.page'), permission: 'users.read' } },
    { path: '/settings/appearance', name: 'settings-appearance', component: () => import('./pages/AppearancePage.vue'), meta: { title: t('appearance.page') } },
    { path: '/settings', redirect: { name: 'settings-appearance' } },
    { path: '/settings/about', name: 'settings-about', component: () => import('./pages/AboutPage.vue'), meta: { title: t('about.page') } },
  ],
  tabs: [
    { title: t('broker.page'), route: 'settings-broker', permission: 'settings.read' },
    { title: t('map.page'), route: 'settings-map', permission: 'settings.read' },
    { title: t('wallboards.page'), route: 'settings-wallboards', permission: 'settings.read' },
    { title: t('storage.page'), route: 'settings-storage', permission: 'settings.read' },
    { title: t('users.page'), route: 'settings-users', permission: 'users.read' },
    { title: t('appearance.page'), route: 'settings-appearance' },
    { title: t('about.page'), route: 'settings-about' },
  ],
  searchCommands: [
    { id: 'settings-test-broker', title: t('command.broker'), keywords: 'mqtt tls certificate connect external embedded', icon: 'plug', permission: 'settings.read', to: { name: 'settings-broker' } },
    { id: 'settings-reset-code', title: t('command.resetCode'), keywords: 'forgotten password one-time', icon: 'key', permission: 'users.manage', to: { name: 'settings-users' } },
  ],
});
