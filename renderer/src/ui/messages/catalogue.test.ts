import { expect, test } from 'vitest';
import { createCatalogue } from './catalogue.ts';

const t = createCatalogue({ plain: 'Try again', hello: 'Hello {name}', items: { one: '{count} item', other: '{count} items' } });

test('fills in parameters and groups numbers', () => {
  expect([t('plain'), t('hello', { name: 'Asha' }), t('items', { count: 8030 })]).toEqual(['Try again', 'Hello Asha', '8,030 items']);
});

test('chooses the form by the count', () => {
  expect([t('items', { count: 1 }), t('items', { count: 0 })]).toEqual(['1 item', '0 items']);
});
