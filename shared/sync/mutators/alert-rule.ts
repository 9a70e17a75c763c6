import { z } from 'zod';
import { ALERT_TABS, alertRuleValues } from '../../domain/alerts/rule.ts';
import { AppError } from '../../kernel/error.ts';
import { uuidv5 } from '../../kernel/ids.ts';
import { alertTabs } from '../../resources/alert.ts';
import { alertRule, alertRuleVersion } from '../../resources/alert-rule.ts';
import { customer } from '../../resources/customer.ts';
import { defineMutator, type MutationContext } from '../mutator.ts';
import { notFound } from '../tracked-tx.ts';
import type { Tx } from '../tx.ts';
import { requireFullScope } from './rules.ts';

/** Id of a version of a rule; equal on every node. */
export const alertRuleVersionId = (ruleId: string, version: number): string => uuidv5(`alert-rule-version:${ruleId}:${version}`);
export const alertTabsId = (customerId: string): string => uuidv5(`alert-tabs:${customerId}`);

async function keepVersion(tx: Tx, context: MutationContext, ruleId: string, version: number, rule: z.output<typeof alertRuleValues>): Promise<void> {
  await tx.insert(alertRuleVersion, alertRuleVersionId(ruleId, version), { ruleId, version, rule, changedBy: context.principal.name });
}

export const createAlertRule = defineMutator({
  name: 'alert-rule.create',
  args: z.strictObject({ id: z.uuid().optional(), values: alertRuleValues }),
  access: 'alerts.manage',
  label: 'Added an alert rule',
  async run(tx, { id, values }, context) {
    requireFullScope(context.principal);
    const row = await tx.insert(alertRule, id ?? context.newId(), { name: values.name, version: 1, rule: values });
    await keepVersion(tx, context, row.id, 1, values);
    return { id: row.id, version: 1, revision: row.revision };
  },
});

/** Changes a rule by a new version; refused as stale where the author edited an older one. */
export const updateAlertRule = defineMutator({
  name: 'alert-rule.update',
  args: z.strictObject({ id: z.uuid(), revision: z.number().int(), values: alertRuleValues }),
  access: 'alerts.manage',
  label: 'Changed an alert rule',
  async run(tx, { id, revision, values }, context) {
    requireFullScope(context.principal);
    const before = await tx.need(alertRule, id);
    requireSeen(before.revision, revision);
    if (JSON.stringify(before.rule) === JSON.stringify(values)) return { id, version: before.version, revision: before.revision };
    const version = before.version + 1;
    const row = await tx.update(alertRule, id, { name: values.name, version, rule: values });
    await keepVersion(tx, context, id, version, values);
    return { id, version, revision: row.revision };
  },
});

/** Removes a rule; its versions stay, because past alerts are explained by them. */
export const removeAlertRule = defineMutator({
  name: 'alert-rule.remove',
  args: z.strictObject({ id: z.uuid(), revision: z.number().int() }),
  access: 'alerts.manage',
  label: 'Removed an alert rule',
  async run(tx, { id, revision }, { principal }) {
    requireFullScope(principal);
    requireSeen((await tx.need(alertRule, id)).revision, revision);
    await tx.delete(alertRule, id);
    return { id };
  },
});

/** Hides tabs of the alert page from the users of a customer. */
export const setAlertTabs = defineMutator({
  name: 'alert-tabs.set',
  args: z.strictObject({ customerId: z.string(), hidden: z.array(z.enum(ALERT_TABS)).max(ALERT_TABS.length) }),
  access: 'alerts.manage',
  label: 'Changed which alert tabs a customer sees',
  async run(tx, { customerId, hidden }, { principal }) {
    requireFullScope(principal);
    if ((await tx.get(customer, customerId)) === undefined) throw notFound(customer, customerId);
    const id = alertTabsId(customerId);
    const tabs = ALERT_TABS.filter((tab) => hidden.includes(tab));
    if ((await tx.get(alertTabs, id)) === undefined) await tx.insert(alertTabs, id, { customerId, hidden: tabs });
    else await tx.update(alertTabs, id, { hidden: tabs });
    return { id };
  },
});

function requireSeen(current: number, seen: number): void {
  if (current !== seen) throw new AppError('stale', 'This rule was changed by somebody else meanwhile. Look at the new version and try again.', { revision: current });
}
