import { defineModule, MODULE_ORDER } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** User management and the audit log. */
export const usersModule = defineModule({
  id: 'users',
  get title() { return t('module'); },
  icon: 'users',
  order: MODULE_ORDER.users,
  permission: 'users.read',
  routes: [
    { path: '/users', name: 'users', component: () => import('./pages/UsersPage.vue'), meta: { get title() { return t('users.page'); } } },
    { path: '/users/audit', name: 'audit', component: () => import('./pages/AuditPage.vue'), meta: { get title() { return t('audit.page'); }, permission: 'audit.read' } },
    { path: '/settings/users', redirect: { name: 'users' } },
  ],
  tabs: [
    { get title() { return t('users.page'); }, route: 'users' },
    { get title() { return t('audit.page'); }, route: 'audit', permission: 'audit.read' },
  ],
  searchCommands: [
    { id: 'users-code', get title() { return t('command.code'); }, keywords: 'forgotten password one-time activation invite', icon: 'key', permission: 'users.manage', to: { name: 'users' } },
    { id: 'users-audit', get title() { return t('command.audit'); }, keywords: 'history who changed hash chain verify', icon: 'users', permission: 'audit.read', to: { name: 'audit' } },
  ],
});
