import { computed, shallowRef, watch, type ComputedRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useCatalogue } from '#renderer/live/use-catalogue.ts';
import { useVehicleParameters } from '#renderer/live/use-vehicle-parameters.ts';
import { formatNumber } from '#renderer/ui/format-number.ts';
import { formatAge } from '#renderer/ui/time/age.ts';
import { useNow } from '#renderer/ui/time/clock.ts';
import { t } from './messages.ts';

export interface ReturnedSoc {
  /** SoC of the battery that comes back, %: what was entered, else what the vehicle reported last. */
  readonly soc: ComputedRef<number | undefined>;
  enter(value: number | undefined | null): void;
  /** Where the suggestion comes from, and how old it is. */
  readonly hint: ComputedRef<string>;
}

/** Suggests the SoC of a vehicle's battery by its telemetry; what a person enters stays until another vehicle is chosen. */
export function useReturnedSoc(rpc: Rpc, vehicleId: () => string | undefined): ReturnedSoc {
  const id = computed(vehicleId);
  const { byNumber } = useCatalogue(rpc);
  const { latest } = useVehicleParameters(rpc, id);
  const now = useNow();
  const entered = shallowRef<{ readonly value: number | undefined }>();
  watch(id, () => (entered.value = undefined));

  const reported = computed(() => {
    const number = [...byNumber.value.values()].find(({ key }) => key === 'soc')?.number;
    const at = number === undefined ? -1 : (latest.value?.parameter.indexOf(number) ?? -1);
    const value = latest.value?.value[at];
    const time = latest.value?.time[at];
    // A BMS may report a little over 100 %; a slot takes no more than that.
    return value === undefined || time === undefined || Number.isNaN(value) ? undefined : { value: Math.min(100, Math.max(0, Math.round(value))), time };
  });
  return {
    soc: computed(() => (entered.value === undefined ? reported.value?.value : entered.value.value)),
    enter(value) {
      entered.value = { value: value ?? undefined };
    },
    hint: computed(() => {
      if (id.value === undefined) return t('swap.socFirst');
      if (reported.value !== undefined) return t('swap.reported', { soc: formatNumber(reported.value.value), age: formatAge(reported.value.time, now.value) });
      return latest.value === undefined ? '' : t('swap.silent');
    }),
  };
}
