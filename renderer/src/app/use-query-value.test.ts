import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { defineComponent, nextTick } from 'vue';
import { createMemoryHistory, createRouter, RouterView } from 'vue-router';
import { useQueryValue } from './use-query-value.ts';

async function fixture() {
  let search = { value: '' };
  let arrive: (page: object) => void = () => undefined;
  const list = defineComponent({ setup: () => ((search = useQueryValue('search')), () => null) });
  const slow = new Promise<object>((resolve) => (arrive = resolve));
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/list', component: list }, { path: '/one', component: () => slow as Promise<typeof list> }] });
  await router.push('/list');
  mount(defineComponent({ render: () => null, components: { RouterView }, template: '<RouterView />' }), { global: { plugins: [router] } });
  mount(list, { global: { plugins: [router] } });
  return { router, type: (text: string) => (search.value = text), arrive: () => arrive(defineComponent({ render: () => null })) };
}

test('what is written is in the address, and an empty text leaves it', async () => {
  const { router, type } = await fixture();
  type('CDH');
  await expect.poll(() => router.currentRoute.value.fullPath).toBe('/list?search=CDH');
  type('');
  await expect.poll(() => router.currentRoute.value.fullPath).toBe('/list');
});

test('a search that settles while another page is loading does not call that page off', async () => {
  const { router, type, arrive } = await fixture();
  const opened = router.push('/one');
  await nextTick();
  await new Promise((resolve) => setTimeout(resolve));
  type('CDH');
  await nextTick();
  arrive();
  await opened;
  expect(router.currentRoute.value.fullPath).toBe('/one');
});
