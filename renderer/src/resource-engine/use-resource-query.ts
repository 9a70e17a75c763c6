import { computed, type ComputedRef, type WritableComputedRef } from 'vue';
import { useShell } from '#renderer/app/shell.ts';
import { useQueryValue } from '#renderer/app/use-query-value.ts';
import type { ResourceQuery } from '#shared/contract/resource.ts';
import type { Resource } from '#shared/resources/define-resource.ts';
import type { GridSort } from '#renderer/ui/grid/types.ts';
import { columnOf } from './column-of.ts';
import { readPeriod } from './period.ts';

/** What of a resource is shown; all of it lives in the address. */
export interface ResourceQueryState {
  readonly search: WritableComputedRef<string>;
  /** Chosen periods by filter on a time; empty for all. */
  readonly periods: Readonly<Record<string, WritableComputedRef<string>>>;
  /** Chosen values by filter. */
  readonly filters: Readonly<Record<string, WritableComputedRef<readonly string[]>>>;
  readonly sort: WritableComputedRef<GridSort | undefined>;
  /** Page from 0. */
  readonly page: WritableComputedRef<number>;
  /** Id of the row whose details are open. */
  readonly row: WritableComputedRef<string>;
  /** Search and filters as the contract wants them. Its range is reckoned whenever it is read: today goes on. */
  readonly query: ComputedRef<Pick<ResourceQuery, 'filter' | 'range' | 'search'>>;
  readonly active: ComputedRef<boolean>;
  clear(): void;
}

const pack = (values: readonly string[]): string => values.map((value) => value.replaceAll('%', '%25').replaceAll(',', '%2C')).join(',');
const unpack = (text: string): readonly string[] => (text === '' ? [] : text.split(',').map((value) => value.replaceAll('%2C', ',').replaceAll('%25', '%')));

export function useResourceQuery(resource: Resource): ResourceQueryState {
  const search = useQueryValue('search');
  const row = useQueryValue('row');
  const sortText = useQueryValue('sort');
  const pageText = useQueryValue('page');
  const { info } = useShell();
  const isTime = (key: string): boolean => columnOf(resource, key).field.type === 'instant';
  const periods = Object.fromEntries((resource.filters ?? []).filter(isTime).map((key) => [key, useQueryValue(key)]));
  const filters = Object.fromEntries(
    (resource.filters ?? []).filter((key) => !isTime(key)).map((key) => {
      const text = useQueryValue(key);
      return [key, computed<readonly string[]>({ get: () => unpack(text.value), set: (values) => (text.value = pack(values)) })];
    }),
  );
  const sort = computed<GridSort | undefined>({
    get: (): GridSort | undefined => {
      const [column = '', direction] = sortText.value.split('.');
      const known = Object.hasOwn(resource.fields, column) || Object.hasOwn(resource.joined, column);
      return known && (direction === 'asc' || direction === 'desc') ? { column, direction } : undefined;
    },
    set: (value) => (sortText.value = value === undefined ? '' : `${value.column}.${value.direction}`),
  });
  const page = computed({
    get: () => Math.max(0, Math.floor(Number(pageText.value) || 1) - 1),
    set: (value) => (pageText.value = value === 0 ? '' : String(value + 1)),
  });
  // An address that changes in what does not concern the question leaves it as it was.
  const asked = computed(() => {
    const filter = Object.fromEntries(Object.entries(filters).filter(([, values]) => values.value.length > 0).map(([key, values]) => [key, [...values.value]]));
    const period = Object.fromEntries(Object.entries(periods).flatMap(([key, { value }]) => (readPeriod(value, 0) === undefined ? [] : [[key, value]])));
    return JSON.stringify({ ...(Object.keys(period).length === 0 ? {} : { period }), ...(Object.keys(filter).length === 0 ? {} : { filter }), ...(search.value === '' ? {} : { search: search.value.slice(0, 200) }) });
  });
  return {
    search, filters, periods, sort, page, row,
    query: computed(() => {
      const { period, ...rest } = JSON.parse(asked.value) as Pick<ResourceQuery, 'filter' | 'search'> & { readonly period?: Readonly<Record<string, string>> };
      if (period === undefined) return rest;
      return {
        ...rest,
        get range() {
          return Object.fromEntries(Object.entries(period).map(([key, text]) => [key, readPeriod(text, Date.now(), info.value?.timeZone) ?? {}]));
        },
      };
    }),
    active: computed(() => asked.value !== '{}'),
    clear() {
      search.value = '';
      for (const values of Object.values(filters)) values.value = [];
      for (const period of Object.values(periods)) period.value = '';
    },
  };
}
