import { shallowRef, type ShallowRef } from 'vue';
import { messageOf } from '#renderer/app/errors.ts';
import type { Rpc } from '#renderer/app/rpc/rpc.ts';
import { useToasts } from '#renderer/ui/toast/toasts.ts';
import type { AlertRow } from '#shared/contract/alerts.ts';
import type { OutputOf } from '#shared/contract/index.ts';
import type { ShelfTime } from '#shared/domain/alerts/rule.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';
import { t } from '../messages.ts';

type Result = OutputOf<'alerts.acknowledge'>;
/** What the user has just done to an alert. */
type Ahead = Partial<Pick<AlertRow, 'owner' | 'ownerId'>> & { readonly acknowledged?: boolean; readonly cleared?: boolean };
/** A call takes at most this many alerts. */
const BATCH = 1000;

export interface AlertActs {
  /** What the user has just done, before the list says it: by alert. Replaced at every change. */
  readonly ahead: Readonly<ShallowRef<ReadonlyMap<string, Ahead>>>;
  /** A row as the user's own acts have left it. */
  seen(row: AlertRow): AlertRow;
  /** The list was loaded anew and says it itself. */
  settled(): void;
  acknowledge(ids: readonly string[]): Promise<void>;
  /** Resolves with what was refused; throws where nothing could be done. */
  clear(ids: readonly string[], comment: string, force: boolean): Promise<Result>;
  shelve(ids: readonly string[], duration: ShelfTime, reason: string): Promise<Result>;
  unshelve(ids: readonly string[]): Promise<void>;
  assign(ids: readonly string[], owner: { readonly userId: string; readonly name: string } | undefined): Promise<void>;
}

/** Acts on alerts. What is done shows at once and is taken back where it is refused. `changed` runs after an act that rows leave the list by. */
export function useAlertActs(rpc: Rpc, changed: () => void): AlertActs {
  const toasts = useToasts();
  const ahead = shallowRef<ReadonlyMap<string, Ahead>>(new Map());
  let underway = 0;

  function show(ids: readonly string[], change: Ahead): void {
    const next = new Map(ahead.value);
    for (const id of ids) next.set(id, { ...next.get(id), ...change });
    ahead.value = next;
  }
  function takeBack(ids: readonly string[]): void {
    if (ids.length === 0) return;
    const next = new Map(ahead.value);
    for (const id of ids) next.delete(id);
    ahead.value = next;
  }

  async function inBatches(ids: readonly string[], run: (part: string[]) => Promise<Result>): Promise<Result> {
    let done = 0;
    const refused: { alertId: string; reason: string }[] = [];
    underway += 1;
    try {
      for (let i = 0; i < ids.length; i += BATCH) {
        const answer = await run(ids.slice(i, i + BATCH));
        done += answer.done;
        refused.push(...answer.refused);
      }
      takeBack(refused.map(({ alertId }) => alertId));
      return { done, refused };
    } catch (error) {
      takeBack(ids);
      throw error;
    } finally {
      underway -= 1;
    }
  }

  /** One toast for an act that asks for nothing: what was done, and why not the rest. */
  async function quietly(ids: readonly string[], run: (part: string[]) => Promise<Result>, words: (count: number) => string): Promise<void> {
    if (ids.length === 0) return;
    try {
      const { done, refused } = await inBatches(ids, run);
      const reason = refused[0] && coreText(refused[0].reason);
      if (reason !== undefined) toasts.failed(done === 0 ? reason : `${words(done)} ${t('act.notAll', { count: refused.length, reason })}`);
      else if (ids.length > 1) toasts.done(words(done));
      changed();
    } catch (error) {
      toasts.failed(messageOf(error));
    }
  }

  return {
    ahead,
    seen(row) {
      const change = ahead.value.get(row.alertId);
      if (change === undefined) return row;
      const { acknowledged, cleared, ...rest } = change;
      const state = cleared === true ? 'cleared' : acknowledged === true && row.state === 'active' ? 'active-acknowledged' : acknowledged === true && row.state === 'returned' ? 'returned-acknowledged' : row.state;
      return { ...row, ...rest, state };
    },
    settled() {
      if (underway === 0 && ahead.value.size > 0) ahead.value = new Map();
    },
    async acknowledge(ids) {
      show(ids, { acknowledged: true });
      await quietly(ids, (alertIds) => rpc.call('alerts.acknowledge', { alertIds }), (count) => t('act.acknowledged', { count }));
    },
    async clear(ids, comment, force) {
      const answer = await inBatches(ids, (alertIds) => rpc.call('alerts.clear', { alertIds, comment, ...(force ? { force } : {}) }));
      const refused = new Set(answer.refused.map(({ alertId }) => alertId));
      show(ids.filter((id) => !refused.has(id)), { cleared: true });
      if (answer.done > 0) toasts.done(force ? t('act.forced', { count: answer.done }) : t('act.cleared', { count: answer.done }));
      changed();
      return answer;
    },
    async shelve(ids, duration, reason) {
      const answer = await inBatches(ids, (alertIds) => rpc.call('alerts.shelve', { alertIds, duration, reason }));
      if (answer.done > 0) toasts.done(t('act.shelved', { count: answer.done }));
      changed();
      return answer;
    },
    unshelve: (ids) => quietly(ids, (alertIds) => rpc.call('alerts.unshelve', { alertIds }), (count) => t('act.unshelved', { count })),
    async assign(ids, owner) {
      show(ids, owner === undefined ? { owner: '', ownerId: '' } : { owner: owner.name, ownerId: owner.userId });
      await quietly(ids, (alertIds) => rpc.call('alerts.assign', { alertIds, ...(owner === undefined ? {} : { ownerId: owner.userId }) }), (count) => (owner === undefined ? t('act.unassigned', { count }) : t('act.assigned', { count, name: owner.name })));
    },
  };
}
