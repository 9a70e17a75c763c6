import { mount, type VueWrapper } from '@vue/test-utils';
import { afterEach, expect, test } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import { createMemoryHistory, createRouter, RouterView } from 'vue-router';
import DiscardDialog from './DiscardDialog.vue';
import { useUnsaved, type Unsaved } from './use-unsaved.ts';

let wrapper: VueWrapper | undefined;
afterEach(() => wrapper?.unmount());

async function form() {
  const dirty = ref(false);
  let unsaved: Unsaved | undefined;
  const page = defineComponent({ setup: () => ((unsaved = useUnsaved(() => dirty.value, ['tab'])), () => h(DiscardDialog, { unsaved: unsaved! })) });
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/vehicle/:id', component: page }, { path: '/else', component: { render: () => null } }] });
  await router.push('/vehicle/a');
  wrapper = mount(RouterView, { attachTo: document.body, global: { plugins: [router] } });
  return { dirty, router, unsaved: unsaved!, at: () => router.currentRoute.value.fullPath };
}
async function answer(label: string): Promise<void> {
  await expect.poll(() => [...document.querySelectorAll('button')].some((button) => button.textContent?.trim() === label)).toBe(true);
  [...document.querySelectorAll('button')].find((button) => button.textContent?.trim() === label)?.click();
}

test('what was entered is given up for another page, another subject or another tab only as the user says; a search within the page asks nothing', async () => {
  const { dirty, router, at } = await form();
  dirty.value = true;
  await router.push('/vehicle/a?search=x');
  expect(at()).toBe('/vehicle/a?search=x');
  for (const target of ['/else', '/vehicle/b', '/vehicle/a?tab=details']) {
    const going = router.push(target);
    await answer('Keep editing');
    await going;
    expect(at()).toBe('/vehicle/a?search=x');
  }
  const going = router.push('/else');
  await answer('Discard');
  await going;
  expect(at()).toBe('/else');
});

test('asked twice before the user has answered, both get the answer', async () => {
  const { dirty, unsaved } = await form();
  expect(await unsaved.mayLeave()).toBe(true);
  dirty.value = true;
  const both = Promise.all([unsaved.mayLeave(), unsaved.mayLeave()]);
  unsaved.decide(true);
  expect(await both).toEqual([true, true]);
});

test('the window is not closed over what was entered', async () => {
  const { dirty } = await form();
  const closing = (): boolean => window.dispatchEvent(new Event('beforeunload', { cancelable: true }));
  expect(closing()).toBe(true);
  dirty.value = true;
  expect(closing()).toBe(false);
});
