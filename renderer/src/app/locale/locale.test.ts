import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nextTick } from 'vue';
import { currentLocale } from '#renderer/ui/messages/locale.ts';
import { useLocale } from './locale.ts';

beforeEach(() => {
  window.localStorage.clear();
  setActivePinia(createPinia());
});
afterEach(() => (currentLocale.value = 'en'));

test('the language that was chosen is said to the browser and kept on this machine', async () => {
  const locale = useLocale();
  locale.choose('hi');
  await nextTick();
  expect([locale.choice, document.documentElement.lang, window.localStorage.getItem('cc.locale')]).toEqual(['hi', 'hi', 'hi']);
});

test('a language that is not offered leaves English', () => {
  window.localStorage.setItem('cc.locale', 'tlh');
  const locale = useLocale();
  expect(locale.choice).toBe('en');
  locale.choose({ not: 'a language' });
  expect(currentLocale.value).toBe('en');
});
