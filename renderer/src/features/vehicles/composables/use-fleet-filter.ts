import { computed, type ComputedRef, type WritableComputedRef } from 'vue';
import { useQueryValue } from '#renderer/app/use-query-value.ts';
import type { FleetFilter } from '#shared/contract/fleet.ts';
import { VEHICLE_STATUSES, type VehicleStatus } from '#shared/domain/fleet/status.ts';

/** The filter of the dashboard; it lives in the address, so map and grid share it and a link carries it. */
export interface FleetFilterState {
  readonly status: WritableComputedRef<VehicleStatus | ''>;
  readonly customers: WritableComputedRef<readonly string[]>;
  readonly cities: WritableComputedRef<readonly string[]>;
  readonly search: WritableComputedRef<string>;
  /** As the contract wants it. */
  readonly filter: ComputedRef<FleetFilter>;
  readonly active: ComputedRef<boolean>;
  set(change: { readonly customers?: readonly string[]; readonly cities?: readonly string[]; readonly search?: string }): void;
  clear(): void;
}

function useList(name: string): WritableComputedRef<readonly string[]> {
  const text = useQueryValue(name);
  return computed({ get: () => (text.value === '' ? [] : text.value.split(',')), set: (values) => (text.value = values.join(',')) });
}

export function useFleetFilter(): FleetFilterState {
  const statusText = useQueryValue('status');
  const status = computed<VehicleStatus | ''>({
    get: () => ((VEHICLE_STATUSES as readonly string[]).includes(statusText.value) ? (statusText.value as VehicleStatus) : ''),
    set: (value) => (statusText.value = value),
  });
  const customers = useList('customer');
  const cities = useList('city');
  const search = useQueryValue('search');
  return {
    status, customers, cities, search,
    filter: computed(() => ({
      ...(status.value === '' ? {} : { status: status.value }),
      ...(customers.value.length === 0 ? {} : { customerIds: [...customers.value] }),
      ...(cities.value.length === 0 ? {} : { cityIds: [...cities.value] }),
      ...(search.value === '' ? {} : { search: search.value.slice(0, 200) }),
    })),
    active: computed(() => status.value !== '' || customers.value.length > 0 || cities.value.length > 0 || search.value !== ''),
    set(change) {
      if (change.customers) customers.value = change.customers;
      if (change.cities) cities.value = change.cities;
      if (change.search !== undefined) search.value = change.search;
    },
    clear() {
      status.value = '';
      customers.value = [];
      cities.value = [];
      search.value = '';
    },
  };
}
