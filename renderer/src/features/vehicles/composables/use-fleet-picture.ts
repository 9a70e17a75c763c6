import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { groupSlots, summarise, type FleetSummary, type StatusCounts } from '#shared/domain/fleet/summary.ts';
import { STATUS_CODE } from '#shared/domain/fleet/status.ts';
import type { DirectoryVehicle } from '#shared/contract/fleet.ts';
import type { FleetStore } from '#renderer/live/fleet-store.ts';
import type { FleetFilterState } from './use-fleet-filter.ts';

/** Counts and clusters are made anew at most this often, ms. */
const PERIOD = 500;

/** What the map shows under the filter. */
export interface FleetPicture {
  /** Slots that match customer, city and search, whatever their status. */
  readonly matching: ComputedRef<readonly number[]>;
  /** 1 for the slots that are drawn: those that match, and the status. */
  readonly visible: Readonly<ShallowRef<Uint8Array>>;
  /** Under customer, city and search; the six add up to all. */
  readonly totals: ComputedRef<StatusCounts>;
  readonly byCity: Readonly<ShallowRef<FleetSummary<string>>>;
  readonly byZone: Readonly<ShallowRef<FleetSummary<string>>>;
  /** Vehicles under the whole filter. */
  readonly shown: Readonly<ShallowRef<number>>;
  /** Of those, how many have never reported a position. */
  readonly withoutPosition: Readonly<ShallowRef<number>>;
}

function searchText(vehicle: DirectoryVehicle): string {
  return [vehicle.vin, vehicle.registration, vehicle.telematicsId, vehicle.deviceId, vehicle.bmsId, vehicle.motorId].filter(Boolean).join(' ').toLowerCase();
}

/** Follows the fleet and the filter; everything here is a pass over the columns, a fraction of a millisecond per 1,000 vehicles. */
export function useFleetPicture(store: FleetStore, filter: FleetFilterState): FleetPicture {
  const texts = computed(() => store.bySlot.value.map((vehicle) => (vehicle ? searchText(vehicle) : '')));
  const matching = computed(() => {
    const customers = new Set(filter.customers.value);
    const cities = new Set(filter.cities.value);
    const words = filter.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const slots: number[] = [];
    store.bySlot.value.forEach((vehicle, slot) => {
      if (!vehicle) return;
      if (customers.size > 0 && !customers.has(vehicle.customerId ?? '')) return;
      if (cities.size > 0 && !cities.has(vehicle.cityId ?? '')) return;
      if (words.length > 0 && !words.every((word) => texts.value[slot]!.includes(word))) return;
      slots.push(slot);
    });
    return slots;
  });

  const cityOf = computed(() => groupSlots(store.bySlot.value.length, (slot) => store.bySlot.value[slot]?.cityId));
  const zoneOf = computed(() => groupSlots(store.bySlot.value.length, (slot) => store.bySlot.value[slot]?.zone));
  const none = summarise<string>([], new Uint8Array(), { names: [], of: new Int32Array() });
  const byCity = shallowRef(none);
  const byZone = shallowRef(none);
  const visible = shallowRef(new Uint8Array());
  const shown = shallowRef(0);
  const withoutPosition = shallowRef(0);

  function compute(): void {
    const columns = store.columns();
    byCity.value = summarise(matching.value, columns.status, cityOf.value);
    byZone.value = summarise(matching.value, columns.status, zoneOf.value);
    const wanted = filter.status.value === '' ? undefined : STATUS_CODE[filter.status.value];
    const mask = new Uint8Array(columns.status.length);
    let count = 0;
    let lost = 0;
    for (const slot of matching.value) {
      if (wanted !== undefined && columns.status[slot] !== wanted) continue;
      mask[slot] = 1;
      count++;
      if (Number.isNaN(columns.lat[slot]!)) lost++;
    }
    visible.value = mask;
    shown.value = count;
    withoutPosition.value = lost;
  }

  let computedAt = Number.NEGATIVE_INFINITY;
  watch([matching, filter.status], compute, { immediate: true });
  watch(store.version, () => {
    const now = performance.now();
    if (now - computedAt < PERIOD && visible.value.length === store.columns().status.length) return;
    computedAt = now;
    compute();
  });
  return { matching, visible, totals: computed(() => byCity.value.total), byCity, byZone, shown, withoutPosition };
}
