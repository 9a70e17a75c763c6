import { shallowRef, type Ref, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useFleet } from './use-fleet.ts';

export interface VehicleHit {
  readonly id: string;
  /** VIN. */
  readonly title: string;
  readonly detail: string;
}

/** Offered before anything is typed. */
const FIRST = 20;

/** Vehicles by VIN, VCU, battery or motor number; of several searches under way only the last one counts. */
export function useVehicleSearch(rpc: Rpc): { readonly hits: ShallowRef<readonly VehicleHit[]>; readonly searching: Readonly<Ref<boolean>>; search(text: string): Promise<void> } {
  const store = useFleet();
  const hits = shallowRef<readonly VehicleHit[]>([]);
  const searching = shallowRef(false);
  let turn = 0;
  return {
    hits, searching,
    async search(text) {
      const mine = ++turn;
      const trimmed = text.trim();
      if (trimmed === '') {
        searching.value = false;
        hits.value = (store.directory.value?.vehicles ?? []).slice(0, FIRST).map((vehicle) => ({ id: vehicle.vehicleId, title: vehicle.vin, detail: vehicle.customer ?? '' }));
        return;
      }
      searching.value = true;
      const answer = await rpc.call('search.global', { text: trimmed.slice(0, 100), limit: 30 }).catch(() => undefined);
      if (mine !== turn) return;
      searching.value = false;
      hits.value = (answer?.hits ?? []).filter(({ kind }) => kind === 'vehicle').map(({ id, title, subtitle }) => ({ id, title, detail: subtitle }));
    },
  };
}
