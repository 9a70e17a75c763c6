import { afterEach, expect, test } from 'vitest';
import { defineModule } from '#renderer/app/define-module.ts';
import { createFakeRpc } from '#renderer/test-support/fake-rpc.ts';
import { mountWithShell, settle, USER } from '#renderer/test-support/mount-with-shell.ts';
import CommandPalette from './CommandPalette.vue';
import { matchEntries, type PaletteEntry } from './entries.ts';

const blank = { template: '<div />' };
const vehicles = defineModule({
  id: 'vehicles',
  title: 'Vehicle dashboard',
  icon: 'map',
  order: 50,
  permission: 'fleet.read',
  routes: [
    { path: '/vehicles', name: 'vehicles', component: blank },
    { path: '/vehicles/grid', name: 'vehicles-grid', component: blank },
    { path: '/vehicles/:id', name: 'vehicle', component: blank },
  ],
  tabs: [
    { title: 'Map', route: 'vehicles' },
    { title: 'Grid', route: 'vehicles-grid' },
  ],
  opens: { vehicle: (id) => ({ name: 'vehicle', params: { id } }) },
});
const secret = defineModule({ id: 'admin', title: 'Admin', icon: 'admin', order: 40, permission: 'admin.write', routes: [{ path: '/admin', name: 'admin', component: blank }] });
const hit = { kind: 'vehicle' as const, id: 'v7', title: 'CDH2300007', subtitle: 'Urban', field: 'VIN' };

afterEach(() => (document.body.innerHTML = ''));

async function open(user = USER) {
  const rpc = createFakeRpc({ 'search.global': ({ text }) => ({ hits: text.startsWith('cdh') ? [hit] : [] }) });
  const mounted = await mountWithShell(CommandPalette, { rpc, user, modules: [vehicles, secret], routes: [...vehicles.routes, ...secret.routes], props: { modelValue: true, extra: [] } });
  await settle();
  const input = mounted.wrapper.find('input');
  const type = async (text: string) => {
    await input.setValue(text);
    await settle(150);
  };
  const titles = () => mounted.wrapper.findAll('[role="option"] .title').map((title) => title.text());
  return { ...mounted, rpc, input, type, titles };
}

test('lists the pages that the role may see', async () => {
  const { titles } = await open();
  expect(titles()).toEqual(['Map', 'Grid']);
});

test('arrows move, Enter opens', async () => {
  const { input, router, wrapper } = await open();
  await input.trigger('keydown', { key: 'ArrowDown' });
  expect(wrapper.find('[aria-selected="true"]').text()).toContain('Grid');
  await input.trigger('keydown.enter');
  await settle();
  expect(router.currentRoute.value.name).toBe('vehicles-grid');
  expect(wrapper.emitted('update:modelValue')).toEqual([[false]]);
});

test('a VIN finds the vehicle and opens it', async () => {
  const { type, titles, input, router } = await open();
  await type('cdh23');
  expect(titles()[0]).toBe('CDH2300007');
  await input.trigger('keydown.enter');
  await settle();
  expect(router.currentRoute.value.fullPath).toBe('/vehicles/v7');
});

test('an answer to what was typed before is not shown', async () => {
  const { rpc, input, titles } = await open();
  let answerFirst: () => void = () => undefined;
  rpc.answer({ 'search.global': ({ text }) => (text === 'cdh1' ? new Promise((resolve) => (answerFirst = () => resolve({ hits: [{ ...hit, title: 'OLD' }] }))) : { hits: [hit] }) });
  await input.setValue('cdh1');
  await settle(150);
  await input.setValue('cdh2');
  await settle(150);
  answerFirst();
  await settle();
  expect(titles()).toEqual(['CDH2300007']);
});

test('a search that fails says so and keeps the pages', async () => {
  const { rpc, type, wrapper, titles } = await open();
  rpc.answer({ 'search.global': () => Promise.reject(new Error('x')) });
  await type('ma');
  expect(titles()).toEqual(['Map']);
  expect(wrapper.find('[role="alert"]').text()).toContain('cannot be searched');
});

test('what begins with the text comes before what only contains it', () => {
  const entry = (title: string, keywords?: string): PaletteEntry => ({ id: title, group: 'pages', title, icon: 'map', run: () => undefined, ...(keywords === undefined ? {} : { keywords }) });
  const entries = [entry('Vehicle map'), entry('Roadmap'), entry('Map'), entry('Broker', 'mqtt map')];
  expect(matchEntries(entries, 'map').map((found) => found.title)).toEqual(['Map', 'Vehicle map', 'Roadmap', 'Broker']);
  expect(matchEntries(entries, 'mqtt broker').map((found) => found.title)).toEqual(['Broker']);
});
