import { afterEach, expect, test, vi } from 'vitest';
import { effectScope, ref } from 'vue';
import type { ResourceApi } from './api.ts';
import { useFieldOptions, type FieldOptions } from './use-field-options.ts';

afterEach(() => vi.useRealTimers());

function fixture(chosen: readonly string[] = []) {
  vi.useFakeTimers();
  const all = ['Agra', 'Bengaluru', 'Chennai', 'Zirakpur'].map((label) => ({ value: label.toLowerCase(), label }));
  const asked: unknown[] = [];
  const api = {
    options: async (_field: string, query: { search?: string; ids?: readonly string[] }) => {
      asked.push(query);
      // The first two of what is found, as a long list is cut.
      const found = query.ids === undefined ? all.filter(({ label }) => label.toLowerCase().includes((query.search ?? '').toLowerCase())).slice(0, 2) : all.filter(({ value }) => query.ids?.includes(value));
      return { options: found, more: true };
    },
  } as unknown as ResourceApi;
  const model = ref(chosen);
  const options = effectScope().run(() => useFieldOptions(api, 'locationId', () => model.value)) as FieldOptions;
  return { model, options, asked, shown: () => options.options.value.map(({ label }) => label), pass: () => vi.advanceTimersByTimeAsync(200) };
}

test('an option picked from a search keeps its name when the search is emptied, and is not asked for again', async () => {
  const { model, options, asked, shown, pass } = fixture();
  await pass();
  expect(shown()).toEqual(['Agra', 'Bengaluru']);
  options.search('zir');
  await pass();
  expect(shown()).toEqual(['Zirakpur']);
  model.value = ['zirakpur'];
  options.search('');
  await pass();
  expect(shown()).toEqual(['Zirakpur', 'Agra', 'Bengaluru']);
  expect(asked.filter((query) => (query as { ids?: unknown }).ids !== undefined)).toEqual([]);
});

test('what an address names is named, whichever answer comes first', async () => {
  const { shown, options, pass } = fixture(['chennai']);
  await pass();
  expect(shown().toSorted()).toEqual(['Agra', 'Bengaluru', 'Chennai']);
  options.search('agra');
  await pass();
  expect(shown().toSorted()).toEqual(['Agra', 'Chennai']);
});
