import { alertRuleValues } from '../domain/alerts/rule.ts';
import { defineResource, type RowOf } from './define-resource.ts';
import { integer, json, reference, text } from './field.ts';

const VERSIONS = { min: 1, max: 1_000_000 };

/** An alert rule as it is now. `name` repeats the name among its values, so that no two rules have one. */
export const alertRule = defineResource({
  name: 'alert-rule',
  label: { one: 'Alert rule', many: 'Alert rules' },
  title: 'name',
  fields: {
    name: text({ label: 'Name', max: 80, mandatory: 'always', unique: 'text', searchable: true }),
    version: integer({ label: 'Version', ...VERSIONS, mandatory: 'always' }),
    rule: json({ label: 'Rule', schema: alertRuleValues, mandatory: 'always', merge: 'strict' }),
  },
  scope: 'none',
  permissions: { read: 'alerts.read', write: 'alerts.manage' },
});

export type AlertRuleRow = RowOf<typeof alertRule.fields>;

/** What a rule was in one of its versions: an alert is explained by the version that raised it. */
export const alertRuleVersion = defineResource({
  name: 'alert-rule-version',
  label: { one: 'Version of an alert rule', many: 'Versions of alert rules' },
  title: 'ruleId',
  fields: {
    ruleId: reference({ label: 'Rule', to: 'alert-rule', mandatory: 'always', fixed: true, whenDeleted: 'keep' }),
    version: integer({ label: 'Version', ...VERSIONS, mandatory: 'always', fixed: true }),
    rule: json({ label: 'Rule', schema: alertRuleValues, mandatory: 'always', fixed: true, withheld: true }),
    changedBy: text({ label: 'Changed by', mandatory: 'always', fixed: true }),
  },
  scope: 'none',
  permissions: { read: 'alerts.read' },
});

export type AlertRuleVersionRow = RowOf<typeof alertRuleVersion.fields>;
