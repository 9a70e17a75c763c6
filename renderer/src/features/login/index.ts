import { defineModule } from '#renderer/app/define-module.ts';
import { t } from './messages.ts';

/** Pages before sign-in: login, first user, activation, forgotten password, second factor. Not in the rail. */
export const loginModule = defineModule({
  id: 'login',
  get title() { return t('login.title'); },
  icon: 'key',
  routes: [
    { path: '/login', name: 'login', component: () => import('./pages/LoginPage.vue'), meta: { public: true, get title() { return t('login.title'); } } },
    { path: '/first-user', name: 'first-user', component: () => import('./pages/FirstUserPage.vue'), meta: { public: true, get title() { return t('first.title'); } } },
    { path: '/forgot', name: 'forgot', component: () => import('./pages/ForgotPage.vue'), meta: { public: true, get title() { return t('forgot.title'); } } },
    { path: '/activate', name: 'activate', component: () => import('./pages/ForgotPage.vue'), props: { activate: true }, meta: { public: true, get title() { return t('activate.title'); } } },
    { path: '/enrol', name: 'enrol', component: () => import('./pages/EnrolPage.vue'), meta: { public: true, get title() { return t('enrol.title'); } } },
  ],
});
