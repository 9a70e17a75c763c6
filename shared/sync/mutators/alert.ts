import { z } from 'zod';
import { SHELF_TIMES, type AlertRuleValues, type ShelfTime } from '../../domain/alerts/rule.ts';
import { inScope, type Principal } from '../../domain/access/principal.ts';
import { alert, alertComment, type AlertRecord } from '../../resources/alert.ts';
import { alertRuleVersion } from '../../resources/alert-rule.ts';
import { sale } from '../../resources/sale.ts';
import { user } from '../../resources/user.ts';
import { defineMutator } from '../mutator.ts';
import { notFound } from '../tracked-tx.ts';
import type { Tx } from '../tx.ts';
import { alertRuleVersionId } from './alert-rule.ts';
import { missingReference, requireReference } from './rules.ts';

/** Alerts that one act may touch. */
export const ALERTS_PER_ACT = 2000;

const MISSING = 'There is no such alert, or it is not among those you may see.';
const CLEARED = 'It has been cleared meanwhile.';
export const HOLDS = 'The condition still holds.';

export interface ActResult {
  readonly done: number;
  readonly refused: { alertId: string; reason: string }[];
}

const alertIds = z.array(z.uuid()).min(1).max(ALERTS_PER_ACT);

/** An alert that the principal may work on; one out of scope does not exist for him. */
async function alertInScope(tx: Tx, principal: Principal, alertId: string): Promise<AlertRecord | undefined> {
  const row = await tx.get(alert, alertId);
  if (row === undefined || principal.scope === 'all') return row;
  const [sold] = await tx.find(sale, { productId: row.vehicleId }, { limit: 1 });
  return inScope(principal.scope, sold?.customerId) ? row : undefined;
}

/** Runs one act on each open alert; `act` returns why it is refused, or undefined. */
async function onEach(tx: Tx, principal: Principal, ids: readonly string[], act: (row: AlertRecord) => Promise<string | undefined>): Promise<ActResult> {
  const refused: { alertId: string; reason: string }[] = [];
  for (const alertId of ids) {
    const row = await alertInScope(tx, principal, alertId);
    const reason = row === undefined ? MISSING : row.clearedAt !== undefined ? CLEARED : await act(row);
    if (reason !== undefined) refused.push({ alertId, reason });
  }
  return { done: ids.length - refused.length, refused };
}

async function ruleOf(tx: Tx, row: AlertRecord): Promise<AlertRuleValues | undefined> {
  return (await tx.get(alertRuleVersion, alertRuleVersionId(row.ruleId, row.ruleVersion)))?.rule;
}

export const acknowledgeAlerts = defineMutator({
  name: 'alert.acknowledge',
  args: z.strictObject({ alertIds }),
  access: 'alerts.work',
  label: 'Acknowledged alerts',
  run: (tx, args, { principal, now }) =>
    onEach(tx, principal, args.alertIds, async (row) => {
      if (row.acknowledgedAt === undefined) await tx.update(alert, row.id, { acknowledgedAt: now, acknowledgedBy: principal.name, acts: row.acts + 1 });
      return undefined;
    }),
});

/**
 * Clears alerts. One whose condition holds is refused, or, with `force` and the right to manage alerts, cleared and shelved for
 * 8 h; what cannot be shelved cannot be forced either.
 */
export const clearAlerts = defineMutator({
  name: 'alert.clear',
  args: z.strictObject({ alertIds, comment: z.string().trim().min(1).max(2000), force: z.boolean().optional() }),
  access: 'alerts.work',
  label: 'Cleared alerts',
  run: (tx, { alertIds: ids, comment, force }, context) =>
    onEach(tx, context.principal, ids, async (row) => {
      const { principal, now } = context;
      const holds = row.returnedAt === undefined;
      if (holds) {
        if (force !== true) return HOLDS;
        if (!principal.permissions.has('alerts.manage')) return `${HOLDS} Only an administrator may clear it now.`;
        if ((await ruleOf(tx, row))?.shelvable === false) return `${HOLDS} An alert of this kind cannot be put aside.`;
      }
      await tx.update(alert, row.id, {
        clearedAt: now,
        clearedBy: principal.name,
        clearComment: comment,
        acts: row.acts + 1,
        shelvedUntil: undefined,
        shelvedBy: undefined,
        shelfReason: undefined,
        ...(holds ? { forced: true } : {}),
      });
      return undefined;
    }),
});

export const shelveAlerts = defineMutator({
  name: 'alert.shelve',
  args: z.strictObject({ alertIds, duration: z.enum(Object.keys(SHELF_TIMES) as [ShelfTime, ...ShelfTime[]]), reason: z.string().trim().min(1).max(500) }),
  access: 'alerts.work',
  label: 'Shelved alerts',
  run: (tx, { alertIds: ids, duration, reason }, context) =>
    onEach(tx, context.principal, ids, async (row) => {
      if ((await ruleOf(tx, row))?.shelvable === false) return 'An alert of this kind cannot be put aside.';
      const until = context.now + SHELF_TIMES[duration];
      await tx.update(alert, row.id, { shelvedUntil: until, shelvedBy: context.principal.name, shelfReason: reason, acts: row.acts + 1 });
      return undefined;
    }),
});

export const unshelveAlerts = defineMutator({
  name: 'alert.unshelve',
  args: z.strictObject({ alertIds }),
  access: 'alerts.work',
  label: 'Took alerts back from the shelf',
  run: (tx, args, { principal }) =>
    onEach(tx, principal, args.alertIds, async (row) => {
      if (row.shelvedUntil !== undefined) await tx.update(alert, row.id, { shelvedUntil: undefined, shelvedBy: undefined, shelfReason: undefined, acts: row.acts + 1 });
      return undefined;
    }),
});

export const assignAlerts = defineMutator({
  name: 'alert.assign',
  args: z.strictObject({ alertIds, ownerId: z.uuid().optional() }),
  access: 'alerts.work',
  label: 'Gave alerts an owner',
  async run(tx, { alertIds: ids, ownerId }, { principal }) {
    await requireReference(tx, 'ownerId', user, ownerId);
    // A user of other customers alone does not exist for those who see some.
    const { scope } = principal;
    const owner = ownerId === undefined ? undefined : await tx.get(user, ownerId);
    if (scope !== 'all' && owner !== undefined && owner.customers !== 'all' && !owner.customers.some((id) => scope.has(id))) throw missingReference('ownerId', user);
    return onEach(tx, principal, ids, async (row) => {
      await tx.update(alert, row.id, { ownerId });
      return undefined;
    });
  },
});

export const commentAlert = defineMutator({
  name: 'alert.comment',
  args: z.strictObject({ alertId: z.uuid(), text: z.string().trim().min(1).max(2000) }),
  access: 'alerts.work',
  label: 'Commented on an alert',
  async run(tx, { alertId, text }, { principal, newId }) {
    const row = await alertInScope(tx, principal, alertId);
    if (row === undefined) throw notFound(alert, alertId);
    const { id } = await tx.insert(alertComment, newId(), { alertId, author: principal.name, text });
    await tx.update(alert, alertId, { comments: row.comments + 1 });
    return { commentId: id };
  },
});
