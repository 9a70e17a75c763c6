import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { FilterOption } from '#renderer/ui/filter/FilterSelect.vue';

export interface FilterOptions {
  readonly models: readonly FilterOption[];
  readonly cities: readonly FilterOption[];
}

const EMPTY: FilterOptions = { models: [], cities: [] };

/** Models and cities of the vehicles in scope, each with how many it has; empty until they came. */
export function useFilterOptions(rpc: Rpc): Readonly<ShallowRef<FilterOptions>> {
  const options = shallowRef<FilterOptions>(EMPTY);
  let alive = true;
  onScopeDispose(() => (alive = false));
  void rpc.call('fleet.directory', {}).then(
    ({ vehicles }) => {
      if (!alive) return;
      const count = (pick: (vehicle: (typeof vehicles)[number]) => readonly [string | undefined, string | undefined]): FilterOption[] => {
        const found = new Map<string, { value: string; label: string; count: number }>();
        for (const vehicle of vehicles) {
          const [value, label] = pick(vehicle);
          if (value === undefined || label === undefined) continue;
          const known = found.get(value);
          if (known) known.count++;
          else found.set(value, { value, label, count: 1 });
        }
        return [...found.values()].sort((a, b) => (a.label < b.label ? -1 : 1));
      };
      options.value = { models: count((vehicle) => [vehicle.modelId ?? vehicle.model, vehicle.model]), cities: count((vehicle) => [vehicle.cityId, vehicle.city]) };
    },
    // Filters without choices are no reason to stop work.
    () => undefined,
  );
  return options;
}
