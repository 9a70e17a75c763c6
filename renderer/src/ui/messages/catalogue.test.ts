import { afterEach, expect, test } from 'vitest';
import { computed } from 'vue';
import { createCatalogue } from './catalogue.ts';
import { currentLocale } from './locale.ts';

const t = createCatalogue(
  { plain: 'Try again', hello: 'Hello {name}', items: { one: '{count} item', other: '{count} items' }, only: { one: '{count} unit', other: '{count} units' } },
  { hi: { plain: 'फिर से', items: { one: '{count} वस्तु', other: '{count} वस्तुएँ' } } },
);
afterEach(() => (currentLocale.value = 'en'));

test('fills in parameters and groups numbers', () => {
  expect([t('plain'), t('hello', { name: 'Asha' }), t('items', { count: 8030 })]).toEqual(['Try again', 'Hello Asha', '8,030 items']);
});

test('chooses the form by the count', () => {
  expect([t('items', { count: 1 }), t('items', { count: 0 })]).toEqual(['1 item', '0 items']);
});

test('chooses the form by the rules of the language: in Hindi none is counted like one', () => {
  currentLocale.value = 'hi';
  expect([t('items', { count: 0 }), t('items', { count: 2 })]).toEqual(['0 वस्तु', '2 वस्तुएँ']);
});

test('what a language lacks is read in English, with the forms of English', () => {
  currentLocale.value = 'hi';
  expect([t('plain'), t('hello', { name: 'Asha' }), t('only', { count: 0 })]).toEqual(['फिर से', 'Hello Asha', '0 units']);
});

test('a text that is shown follows the language', () => {
  const shown = computed(() => t('plain'));
  expect(shown.value).toBe('Try again');
  currentLocale.value = 'hi';
  expect(shown.value).toBe('फिर से');
});
