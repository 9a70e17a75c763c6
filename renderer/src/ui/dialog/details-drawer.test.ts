import { mount } from '@vue/test-utils';
import { afterEach, expect, test } from 'vitest';
import { defineComponent, ref } from 'vue';
import { createShortcuts, shortcutsKey } from '../keyboard/shortcuts.ts';
import ConfirmDialog from './ConfirmDialog.vue';
import DetailsDrawer from './DetailsDrawer.vue';

const pause = () => new Promise((resolve) => setTimeout(resolve, 20));

afterEach(() => (document.body.innerHTML = ''));

test('Escape closes the dialog above a drawer first, and the drawer with the next stroke', async () => {
  const closed = ref(0);
  const asking = ref(false);
  const Page = defineComponent({
    components: { ConfirmDialog, DetailsDrawer },
    setup: () => ({ closed, asking }),
    template: '<DetailsDrawer title="User" @close="closed++"><ConfirmDialog v-model="asking" title="Delete" action="Delete" /></DetailsDrawer>',
  });
  mount(Page, { attachTo: document.body, global: { provide: { [shortcutsKey as symbol]: createShortcuts(window) } } });
  asking.value = true;
  await pause();
  const isAsking = () => [...document.querySelectorAll<HTMLElement>('.el-overlay')].some(({ style }) => style.display !== 'none');
  const escape = async () => {
    (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', code: 'Escape', bubbles: true, cancelable: true }));
    await pause();
  };
  expect(isAsking()).toBe(true);
  await escape();
  expect([isAsking(), closed.value]).toEqual([false, 0]);
  await escape();
  expect(closed.value).toBe(1);
});
