import { onScopeDispose } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useLoaded, type Loaded } from '#renderer/app/use-loaded.ts';
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

/** Calls `changed` whenever rows of stations or of their slots changed, while the calling component lives; changes while one answer is under way are one. */
export function followStations(rpc: Rpc, changed: () => Promise<void>): void {
  let running = false;
  let again = false;
  async function follow(): Promise<void> {
    again = true;
    if (running) return;
    running = true;
    while (again) {
      again = false;
      await changed();
    }
    running = false;
  }
  // Without the feed the page is as it was loaded, and can be refreshed by hand.
  const stream = rpc.open('resources.changes', { resources: [station.name, stationSlot.name] }, { onItem: () => void follow(), onError: () => undefined });
  onScopeDispose(() => stream.dispose());
}

/** Every station with its batteries, asked for at once, again by `load`, and whenever they change. */
export function useStations(rpc: Rpc): Loaded<readonly { readonly row: Station; readonly slots: readonly Slot[] }[]> {
  const stations = useLoaded(async () => {
    const [rows, batteries] = await Promise.all([
      everyRow((offset) => rpc.call(verbOf(station, 'list'), { offset, limit: PAGE })),
      everyRow((offset) => rpc.call(verbOf(stationSlot, 'list'), { sort: { column: 'slot', direction: 'asc' }, offset, limit: PAGE })),
    ]);
    const byStation = new Map<string, Slot[]>();
    for (const slot of batteries as unknown as readonly Slot[]) byStation.set(slot.values.stationId, [...(byStation.get(slot.values.stationId) ?? []), slot]);
    return (rows as unknown as readonly Station[]).map((row) => ({ row, slots: byStation.get(row.id) ?? [] }));
  });
  void stations.load();
  followStations(rpc, stations.load);
  return stations;
}
