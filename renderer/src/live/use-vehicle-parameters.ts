import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { ItemOf } from '#shared/contract/index.ts';
import type { Disposable } from '#shared/kernel/disposable.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';

export interface VehicleParameters {
  readonly latest: Readonly<ShallowRef<ItemOf<'vehicle.parameters'> | undefined>>;
  readonly failed: Readonly<ShallowRef<unknown>>;
}

/**
 * The latest values of one vehicle, followed while the calling component lives; another id starts anew. `name` is what the page may ask: the
 * MIS report has one of its own.
 */
export function useVehicleParameters(rpc: Rpc, vehicleId: Readonly<Ref<string | undefined>>, name: 'vehicle.parameters' | 'mis.liveParameters' = 'vehicle.parameters'): VehicleParameters {
  const latest = shallowRef<ItemOf<'vehicle.parameters'>>();
  const failed = shallowRef<unknown>();
  let stream: Disposable | undefined;
  watch(
    vehicleId,
    (id) => {
      stream?.dispose();
      latest.value = undefined;
      failed.value = undefined;
      if (id === undefined) return;
      stream = rpc.open(name, { vehicleId: id }, { onItem: (item) => void (latest.value = item), onError: (error) => void (failed.value = error) });
    },
    { immediate: true },
  );
  onScopeDispose(() => stream?.dispose());
  return { latest, failed };
}
