import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { ROLES } from '#shared/domain/access/permissions.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { user } from '#shared/resources/user.ts';
import type { ActResult } from '#shared/sync/mutators/alert.ts';
import { sees } from '../store/operations/alerts/view.ts';
import { visibleAlert, type AlertServices } from './services.ts';

type ActKey = 'alerts.acknowledge' | 'alerts.clear' | 'alerts.shelve' | 'alerts.unshelve' | 'alerts.assign' | 'alerts.comment' | 'alerts.owners';

const MISSING = 'There is no such alert, or it is not among those you may see.';

/** Handlers of what people do about alerts: each is a mutation over those alerts that the principal sees. */
export function alertActHandlers(services: AlertServices): Pick<Handlers<AppContract, Principal>, ActKey> {
  const { operations, reader, book } = services;

  /** Runs an act on the alerts that are visible and answers for the others as for missing ones. */
  async function onVisible(principal: Principal, alertIds: readonly string[], act: (alertIds: string[]) => Promise<ActResult>): Promise<{ done: number; refused: { alertId: string; reason: string }[] }> {
    const view = book.view(principal);
    const known = new Map(reader.byIds(alertIds).map((row) => [row.id, row]));
    const visible: string[] = [];
    const refused: { alertId: string; reason: string }[] = [];
    for (const asked of new Set(alertIds)) {
      const row = known.get(asked) ?? reader.get(asked);
      if (row !== undefined && sees(view, row)) visible.push(row.id);
      else refused.push({ alertId: asked, reason: MISSING });
    }
    const result = visible.length === 0 ? { done: 0, refused: [] } : await act(visible);
    return { done: result.done, refused: [...refused, ...result.refused] };
  }

  return {
    'alerts.acknowledge': (input, context) => {
      const principal = principalOf(context);
      return onVisible(principal, input.alertIds, (alertIds) => operations.mutate(principal, 'alert.acknowledge', { alertIds }));
    },
    'alerts.clear': ({ comment, force, ...input }, context) => {
      const principal = principalOf(context);
      return onVisible(principal, input.alertIds, async (alertIds) => {
        const rows = force === true ? [] : reader.byIds(alertIds);
        // The engine may know of a condition that is true again before it is stored.
        const holding = new Map(rows.flatMap((row) => {
          const refusal = row.clearedAt === undefined ? services.watch.clearRefusal(row) : undefined;
          return refusal === undefined ? [] : [[row.id, refusal] as const];
        }));
        const wanted = alertIds.filter((id) => !holding.has(id));
        const result: ActResult = wanted.length === 0 ? { done: 0, refused: [] } : await operations.mutate(principal, 'alert.clear', { alertIds: wanted, comment, ...(force === undefined ? {} : { force }) });
        return { done: result.done, refused: [...[...holding].map(([alertId, reason]) => ({ alertId, reason })), ...result.refused] };
      });
    },
    'alerts.shelve': ({ duration, reason, ...input }, context) => {
      const principal = principalOf(context);
      return onVisible(principal, input.alertIds, (alertIds) => operations.mutate(principal, 'alert.shelve', { alertIds, duration, reason }));
    },
    'alerts.unshelve': (input, context) => {
      const principal = principalOf(context);
      return onVisible(principal, input.alertIds, (alertIds) => operations.mutate(principal, 'alert.unshelve', { alertIds }));
    },
    'alerts.assign': ({ ownerId, ...input }, context) => {
      const principal = principalOf(context);
      return onVisible(principal, input.alertIds, (alertIds) => operations.mutate(principal, 'alert.assign', { alertIds, ...(ownerId === undefined ? {} : { ownerId }) }));
    },
    'alerts.comment': async ({ alertId, text }, context) => {
      const principal = principalOf(context);
      return operations.mutate(principal, 'alert.comment', { alertId: visibleAlert(services, principal, alertId).id, text });
    },
    'alerts.owners': (_input, context) => {
      const { scope } = principalOf(context);
      const rows = operations.read.all(user).filter((row) => {
        const works = (ROLES[row.role].permissions as readonly string[]).includes('alerts.work');
        return works && row.status === 'active' && (scope === 'all' || row.customers === 'all' || row.customers.some((id) => scope.has(id)));
      });
      return { owners: rows.map((row) => ({ userId: row.id, name: row.name })).sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },
  };
}
