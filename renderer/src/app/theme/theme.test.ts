import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, expect, test } from 'vitest';
import { effectScope, nextTick } from 'vue';
import { useTheme } from './theme.ts';

beforeEach(() => {
  window.localStorage.clear();
  setActivePinia(createPinia());
});

test('a page that holds a theme has it while it lives; the choice stays as it is', async () => {
  const theme = useTheme();
  theme.choose('light');
  const page = effectScope();
  page.run(() => theme.hold('dark'));
  await nextTick();
  expect([theme.dark, document.documentElement.classList.contains('dark'), theme.choice]).toEqual([true, true, 'light']);
  theme.choose('system');
  expect(theme.dark).toBe(true);
  theme.choose('light');
  page.stop();
  await nextTick();
  expect([theme.dark, document.documentElement.classList.contains('dark')]).toEqual([false, false]);
});
