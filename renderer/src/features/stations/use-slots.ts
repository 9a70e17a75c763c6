import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { verbOf } from '#renderer/resource-engine/api.ts';
import type { ResourceRow } from '#shared/contract/resource.ts';
import { station, stationSlot } from '#shared/resources/station.ts';

/** Rows of one read. */
const PAGE = 500;

type Slot = ResourceRow<typeof stationSlot.fields>;
type Station = ResourceRow<typeof station.fields>;

async function everyRow<T>(list: (offset: number) => Promise<{ readonly total: number; readonly rows: readonly T[] }>): Promise<readonly T[]> {
  const found: T[] = [];
  for (;;) {
    const page = await list(found.length);
    found.push(...page.rows);
    if (page.rows.length === 0 || found.length >= page.total) return found;
  }
}

/** The batteries of one station, by slot. */
export async function slotsOf(rpc: Rpc, stationId: string): Promise<readonly Slot[]> {
  return (await everyRow((offset) => rpc.call(verbOf(stationSlot, 'list'), { filter: { stationId: [stationId] }, sort: { column: 'slot', direction: 'asc' }, offset, limit: PAGE }))) as unknown as readonly Slot[];
}

/** Every station with its batteries, asked for once and again by `load`. */
export function useStations(rpc: Rpc): { readonly stations: ComputedRef<readonly { readonly row: Station; readonly slots: readonly Slot[] }[] | undefined>; readonly failure: Readonly<ShallowRef<unknown>>; load(): Promise<void> } {
  const rows = shallowRef<readonly Station[]>();
  const slots = shallowRef<ReadonlyMap<string, readonly Slot[]>>(new Map());
  const failure = shallowRef<unknown>();
  async function load(): Promise<void> {
    try {
      const [all, batteries] = await Promise.all([
        everyRow((offset) => rpc.call(verbOf(station, 'list'), { offset, limit: PAGE })),
        everyRow((offset) => rpc.call(verbOf(stationSlot, 'list'), { sort: { column: 'slot', direction: 'asc' }, offset, limit: PAGE })),
      ]);
      const byStation = new Map<string, Slot[]>();
      for (const slot of batteries as unknown as readonly Slot[]) byStation.set(slot.values.stationId, [...(byStation.get(slot.values.stationId) ?? []), slot]);
      slots.value = byStation;
      rows.value = all as unknown as readonly Station[];
      failure.value = undefined;
    } catch (error) {
      failure.value = error;
    }
  }
  void load();
  return { stations: computed(() => rows.value?.map((row) => ({ row, slots: slots.value.get(row.id) ?? [] }))), failure, load };
}
