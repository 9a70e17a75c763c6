import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { TimeRange } from '#renderer/ui/time/range.ts';
import type { AlertRow } from '#shared/contract/alerts.ts';

/** Alerts by vehicle that were open in a range, to be marked; a time line without them is still one, so a failure leaves them out. */
export function useTrackAlerts(rpc: Rpc, vehicleIds: () => readonly string[], range: () => TimeRange): Readonly<ShallowRef<ReadonlyMap<string, readonly AlertRow[]>>> {
  const alerts = shallowRef<ReadonlyMap<string, readonly AlertRow[]>>(new Map());
  let turn = 0;
  onScopeDispose(() => turn++);
  watch(() => JSON.stringify([vehicleIds(), range()]), async () => {
    const mine = ++turn;
    const { from, to } = range();
    const answers = await Promise.all(vehicleIds().map(async (vehicleId) => [vehicleId, (await rpc.call('alerts.forVehicle', { vehicleId, from, to }).catch(() => undefined))?.alerts ?? []] as const));
    if (mine === turn) alerts.value = new Map(answers);
  }, { immediate: true });
  return alerts;
}
