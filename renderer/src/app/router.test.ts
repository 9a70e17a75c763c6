import { createPinia, setActivePinia } from 'pinia';
import { expect, test } from 'vitest';
import { computed } from 'vue';
import { createMemoryHistory } from 'vue-router';
import type { SignedInUser } from '#shared/contract/auth.ts';
import { currentLocale } from '#renderer/ui/messages/locale.ts';
import { INFO, USER } from '#renderer/test-support/mount-with-shell.ts';
import { defineModule } from './define-module.ts';
import { createAppRouter, titleOf } from './router.ts';
import { useSession } from './session/session.ts';

const blank = { template: '<div />' };
const login = defineModule({ id: 'login', title: 'Sign in', icon: 'key', routes: [{ path: '/login', name: 'login', component: blank, meta: { public: true } }, { path: '/first-user', name: 'first-user', component: blank, meta: { public: true } }] });
const admin = defineModule({ id: 'admin', title: 'Admin', icon: 'admin', order: 40, permission: 'admin.write', routes: [{ path: '/admin', name: 'admin', component: blank }] });
const rides = defineModule({ id: 'rides', title: 'Rides', icon: 'map', order: 80, feature: 'sharedRides', routes: [{ path: '/rides', name: 'rides', component: blank }] });
const vehicles = defineModule({ id: 'vehicles', title: 'Vehicles', icon: 'map', order: 50, permission: 'fleet.read', routes: [{ path: '/vehicles', name: 'vehicles', component: blank, meta: { get title() { return currentLocale.value === 'hi' ? 'वाहन' : 'Vehicles'; } } }] });

async function at(path: string, user: SignedInUser | undefined, needsFirstUser = false, features = INFO.features) {
  setActivePinia(createPinia());
  const session = useSession();
  session.user = user;
  session.features = features;
  const router = createAppRouter({ modules: [login, admin, rides, vehicles], history: createMemoryHistory(), session, ready: async () => ({ ...INFO, needsFirstUser }) });
  await router.push(path);
  return router.currentRoute.value;
}

test('who is not signed in comes to the login page and keeps where they wanted to go', async () => {
  const route = await at('/vehicles?search=CDH', undefined);
  expect([route.name, route.query['next']]).toEqual(['login', '/vehicles?search=CDH']);
});

test('an empty workspace asks for its first user, and only then', async () => {
  expect((await at('/login', undefined, true)).name).toBe('first-user');
  expect((await at('/first-user', undefined)).name).toBe('login');
});

test('the start page is the vehicle dashboard, or the first module that the role may see', async () => {
  expect((await at('/', { ...USER, permissions: ['fleet.read', 'admin.write'] })).name).toBe('vehicles');
  expect((await at('/', { ...USER, permissions: ['admin.write'] })).name).toBe('admin');
});

test('a page beyond the role says so', async () => {
  const route = await at('/admin', { ...USER, permissions: ['fleet.read'] });
  expect([route.name, route.query['from']]).toEqual(['forbidden', '/admin']);
});

test('a signed-in user does not see the login page', async () => {
  expect((await at('/login', USER)).name).toBe('vehicles');
});

test('the title of an open page follows the language', async () => {
  const route = await at('/vehicles', { ...USER, permissions: ['fleet.read'] });
  const shown = computed(() => titleOf(route));
  expect([shown.value, route.meta.module, route.meta.permission]).toEqual(['Vehicles', 'vehicles', 'fleet.read']);
  currentLocale.value = 'hi';
  expect(shown.value).toBe('वाहन');
  currentLocale.value = 'en';
});

test('a part that the installation does not have is no page of it', async () => {
  expect((await at('/rides', USER)).name).toBe('rides');
  const without = await at('/rides', USER, false, { ...INFO.features, sharedRides: false });
  expect([without.name, without.path]).toEqual(['missing', '/rides']);
});
