import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import type { AlertsLive } from '#renderer/live/use-alerts.ts';
import type { GridLoad } from '#renderer/ui/grid/types.ts';
import type { AlertFilter } from '#shared/contract/alerts.ts';
import type { AlertLine } from '../alert-grid.ts';

/** The list and the count of what waits are asked for again at most this often, ms. */
const PACE = 1000;
/** In a flood, Critical alerts stand singly above the groups, up to this many. */
const SINGLES = 200;

export interface AlertList {
  /** A new function whenever the question changes. */
  readonly load: ComputedRef<GridLoad<AlertLine>>;
  /** What has happened since the list was loaded; shown as "N new" while the list does not follow by itself. */
  readonly waiting: Readonly<Ref<{ readonly added: number; readonly changed: number }>>;
  /** Groups by city and rule stand for single alerts. */
  readonly grouped: ComputedRef<boolean>;
  /** Shows single alerts also during a flood. */
  readonly ungrouped: Readonly<Ref<boolean>>;
  group(wanted: boolean): void;
  /** The newest answer's groups by key. */
  readonly groups: Readonly<ShallowRef<ReadonlyMap<string, AlertLine>>>;
  /** Says that the grid asks anew: what it then gets is the newest. */
  fresh(): void;
}

const NOTHING = { added: 0, changed: 0 };

/**
 * What the alert grid asks for, and what has changed since. `refresh` makes the grid ask again for what it shows; it is called at every change
 * while real time is on. `loaded` runs after a newest answer.
 */
export function useAlertList(rpc: Rpc, options: { readonly live: AlertsLive; readonly filter: Readonly<Ref<AlertFilter>>; readonly groupable: () => boolean; refresh(): void; loaded(): void }): AlertList {
  const { live, filter } = options;
  const waiting = ref(NOTHING);
  const ungrouped = ref(false);
  const groups = shallowRef<ReadonlyMap<string, AlertLine>>(new Map());
  let revision: number | undefined;
  let newest = true;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let alive = true;

  const flood = computed(() => live.summary.value?.flood.active === true);
  const grouped = computed(() => flood.value && !ungrouped.value && options.groupable());
  // The next flood begins with groups again.
  watch(flood, (active) => active || (ungrouped.value = false));

  function take(at: number): void {
    if (!newest) return;
    newest = false;
    revision = at;
    waiting.value = NOTHING;
    options.loaded();
  }
  function fresh(): void {
    newest = true;
  }

  async function loadGroups(wanted: AlertFilter): Promise<{ rows: AlertLine[]; total: number }> {
    const [{ groups: found }, critical] = await Promise.all([
      rpc.call('alerts.groups', { filter: wanted }),
      rpc.call('alerts.list', { filter: { ...wanted, severities: ['critical'] }, offset: 0, limit: SINGLES }),
    ]);
    const lines = found
      .filter(({ severity }) => severity !== 'critical' || critical.total > critical.rows.length)
      .map((group): AlertLine => (group.count === 1 ? { key: group.first.alertId, alert: group.first } : { key: `group:${group.ruleId}:${group.city ?? ''}`, alert: group.first, group: { count: group.count, unacknowledged: group.unacknowledged, city: group.city } }));
    groups.value = new Map(lines.filter((line) => line.group !== undefined).map((line) => [line.key, line]));
    take(critical.revision);
    const rows = [...critical.rows.map((alert): AlertLine => ({ key: alert.alertId, alert })), ...lines];
    return { rows, total: rows.length };
  }

  const load = computed<GridLoad<AlertLine>>(() => {
    const wanted = filter.value;
    fresh();
    if (grouped.value) return async ({ offset, limit }) => loadGroups(wanted).then(({ rows, total }) => ({ rows: rows.slice(offset, offset + limit), total }));
    groups.value = new Map();
    return async ({ offset, limit, sort }) => {
      const answer = await rpc.call('alerts.list', { filter: wanted, offset, limit, ...(sort ? { sort: { ...sort } } : {}) });
      take(answer.revision);
      return { rows: answer.rows.map((alert) => ({ key: alert.alertId, alert })), total: answer.total };
    };
  });

  async function look(): Promise<void> {
    timer = undefined;
    if (live.realTime.value) {
      fresh();
      return options.refresh();
    }
    const since = revision;
    if (since === undefined) return;
    // A count that cannot be had now comes with the next change.
    const answer = await rpc.call('alerts.newSince', { filter: filter.value, revision: since }).catch(() => undefined);
    if (alive && answer !== undefined && revision === since) waiting.value = { added: answer.added, changed: answer.changed };
  }
  watch([() => live.summary.value?.revision, live.realTime], ([now]) => {
    if (now === undefined || timer !== undefined || (now === revision && !live.realTime.value)) return;
    timer = setTimeout(() => void look(), PACE);
  });
  onScopeDispose(() => {
    alive = false;
    clearTimeout(timer);
  });
  return { load, waiting, grouped, ungrouped, group: (wanted) => void (ungrouped.value = !wanted), groups, fresh };
}
