import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { FleetStore } from '#renderer/live/fleet-store.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import { Trail, TRAIL_SPAN } from './trail.ts';

/** Rows of both series together: a unit that stores every two seconds fills them. */
const MAX_POINTS = 1000;

/** The trail of the selected vehicle: what is stored of the last 15 minutes, continued by what arrives; none without a selection. */
export function useTrail(rpc: Rpc, store: FleetStore, selectedId: Readonly<Ref<string>>): { readonly trail: Readonly<ShallowRef<Trail | undefined>>; readonly version: Readonly<Ref<number>> } {
  const trail = shallowRef<Trail>();
  const version = ref(0);
  let open = true;
  onScopeDispose(() => (open = false));

  function extend(own: Trail): void {
    const slot = store.byId.value.get(selectedId.value)?.slot;
    if (slot === undefined) return;
    const { lat, lon, lastCommunication } = store.columns();
    if (own.add(lastCommunication[slot]!, lat[slot]!, lon[slot]!)) version.value++;
  }

  async function past(own: Trail, vehicleId: string): Promise<void> {
    const to = store.asOf.value;
    // Without its past the trail begins here; a map is no place to say so.
    const answer = await rpc.call('vehicle.history', { vehicleId, parameters: [PARAMETER.lat, PARAMETER.lon], from: to - TRAIL_SPAN, to, maxPoints: MAX_POINTS }).catch(() => undefined);
    if (!open || trail.value !== own || answer === undefined) return;
    const series = (number: number) => answer.series.find(({ parameter }) => parameter === number) ?? { time: [], value: [] };
    own.addStored(series(PARAMETER.lat), series(PARAMETER.lon));
    version.value++;
  }

  // A link may select a vehicle before the fleet is there.
  watch([selectedId, () => store.byId.value.has(selectedId.value) && store.asOf.value > 0], ([vehicleId, known]) => {
    trail.value = known ? new Trail() : undefined;
    if (trail.value === undefined) return;
    extend(trail.value);
    void past(trail.value, vehicleId);
  }, { immediate: true });
  watch(store.version, () => trail.value && extend(trail.value));
  return { trail, version };
}
