import type { AppContract } from '#shared/contract/index.ts';
import type { Principal } from '#shared/domain/access/principal.ts';
import { AppError } from '#shared/kernel/error.ts';
import { principalOf, type Handlers } from '#shared/rpc/handlers.ts';
import { alertRuleVersion } from '#shared/resources/alert-rule.ts';
import { alertRule } from '#shared/resources/alert-rule.ts';
import { present } from './rows.ts';
import type { AlertServices } from './services.ts';

type RuleKey = 'alertRules.list' | 'alertRules.save' | 'alertRules.remove' | 'alertRules.history' | 'alertTabs.get' | 'alertTabs.set';

/** Handlers of rules and of what customers see of alerts. */
export function alertRuleHandlers({ operations, board, book, names }: AlertServices): Pick<Handlers<AppContract, Principal>, RuleKey> {
  /** A principal limited to customers sees the rules that are not hidden from all of these. */
  const visible = ({ scope }: Principal, hiddenFrom: readonly string[]): boolean => scope === 'all' || [...scope].some((id) => !hiddenFrom.includes(id));

  return {
    'alertRules.list': (_input, context) => {
      const principal = principalOf(context);
      const { scope } = principal;
      const open = new Map<string, number>();
      for (const row of board.open.values()) {
        if (scope === 'all' || (row.customerId !== undefined && scope.has(row.customerId))) open.set(row.ruleId, (open.get(row.ruleId) ?? 0) + 1);
      }
      return {
        rules: book
          .rows()
          .filter((row) => visible(principal, row.rule.hiddenFromCustomerIds))
          .map((row) => {
            const [last] = operations.read.history(alertRule, row.id, { limit: 1 });
            // Who else is a customer is not told to users of one.
            const hidden = scope === 'all' ? row.rule.hiddenFromCustomerIds : [];
            return present({ ...row.rule, hiddenFromCustomerIds: hidden, ruleId: row.id, version: row.version, revision: row.revision, updatedAt: row.updatedAt, updatedBy: last && names.userName(last.userId), openAlerts: open.get(row.id) ?? 0 });
          }),
      };
    },
    'alertRules.save': async ({ ruleId, revision, values }, context) => {
      const principal = principalOf(context);
      if (ruleId !== undefined) {
        if (revision === undefined) throw new AppError('invalid-input', 'The revision that was edited is missing. Open the rule again.');
        const result = await operations.mutate(principal, 'alert-rule.update', { id: ruleId, revision, values });
        return { ruleId: result.id, version: result.version, revision: result.revision };
      }
      const result = await operations.mutate(principal, 'alert-rule.create', { values });
      return { ruleId: result.id, version: result.version, revision: result.revision };
    },
    'alertRules.remove': async ({ ruleId, revision }, context) => {
      await operations.mutate(principalOf(context), 'alert-rule.remove', { id: ruleId, revision });
      return {};
    },
    'alertRules.history': ({ ruleId }, context) => {
      const principal = principalOf(context);
      const page = operations.read.list(alertRuleVersion, 'all', { filter: { ruleId }, sort: { column: 'version', direction: 'desc' }, offset: 0, limit: 500 });
      const newest = page.rows[0]?.row.rule;
      if (newest === undefined || !visible(principal, newest.hiddenFromCustomerIds)) throw new AppError('not-found', 'There is no such rule any more. Refresh the list.');
      const hide = principal.scope === 'all' ? {} : { hiddenFromCustomerIds: [] };
      return { versions: page.rows.map(({ row }) => ({ version: row.version, at: row.createdAt, by: row.changedBy, values: { ...row.rule, ...hide } })) };
    },
    'alertTabs.get': (_input, context) => {
      const principal = principalOf(context);
      const seesAll = principal.permissions.has('admin.read') && principal.scope === 'all';
      const byCustomer = seesAll ? names.directory.customers().map((row) => ({ customerId: row.id, customer: row.name, hidden: book.hiddenTabs(row.id) })).sort((a, b) => (a.customer < b.customer ? -1 : 1)) : [];
      return { tabs: book.tabs(principal), byCustomer };
    },
    'alertTabs.set': async ({ customerId, hidden }, context) => {
      await operations.mutate(principalOf(context), 'alert-tabs.set', { customerId, hidden });
      return {};
    },
  };
}
