import { ALERT_SEVERITIES, alertRuleValues, type AlertCondition, type AlertRuleValues } from '#shared/domain/alerts/rule.ts';
import { coreText } from '#renderer/ui/messages/core-texts.ts';
import { tr } from './messages.ts';

export type ConditionKind = AlertCondition['kind'];
export const LEAF_KINDS = ['compare', 'rate', 'no-data', 'moved', 'repeat'] as const satisfies readonly ConditionKind[];

/** A condition of a kind as it begins in the editor. */
export function newCondition(kind: ConditionKind, parameter = 'soc'): AlertCondition {
  switch (kind) {
    case 'compare': return { kind, parameter, op: '<', value: 0 };
    case 'rate': return { kind, parameter, op: '>=', perMinute: 1, window: 180 };
    case 'no-data': return { kind, after: 900 };
    case 'moved': return { kind, metres: 200 };
    case 'repeat': return { kind, condition: newCondition('compare', parameter), count: 3, within: 600 };
    case 'all':
    case 'any': return { kind, of: [newCondition('compare', parameter)] };
  }
}

/** A new rule as its form begins: off until it was tried. */
export const NEW_RULE: AlertRuleValues = {
  name: '', tab: 'smart', severity: 'high', modelIds: [], condition: { kind: 'all', of: [newCondition('compare')] }, onDelay: 60, offDelay: 300, latched: false, inhibition: 'sensor', shelvable: true, action: '',
  graphParameter: 'soc', insightParameters: [], hiddenFromCustomerIds: [], enabled: false,
};

/** What of a form is not right yet, by the name of its field; empty where it can be saved. */
export function ruleProblems(values: AlertRuleValues): ReadonlyMap<string, string> {
  const parsed = alertRuleValues.safeParse(values);
  const problems = new Map<string, string>();
  if (values.name.trim() === '') problems.set('name', tr('field.nameMissing'));
  for (const issue of parsed.error?.issues ?? []) {
    const field = String(issue.path[0] ?? '');
    if (!problems.has(field)) problems.set(field, field === 'condition' ? tr('condition.incomplete') : coreText(issue.message));
  }
  return problems;
}

export interface ValueChange {
  readonly field: keyof AlertRuleValues;
  readonly before: unknown;
  readonly after: unknown;
}

/** The fields in which two versions of a rule differ, in the order of the form. */
export function changesBetween(before: AlertRuleValues, after: AlertRuleValues): ValueChange[] {
  return (Object.keys(alertRuleValues.shape) as (keyof AlertRuleValues)[]).filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field])).map((field) => ({ field, before: before[field], after: after[field] }));
}

/** Order of a list of rules: what is on first, then worst first, then by name. */
export function compareRules(a: AlertRuleValues, b: AlertRuleValues): number {
  return Number(b.enabled) - Number(a.enabled) || ALERT_SEVERITIES.indexOf(a.severity) - ALERT_SEVERITIES.indexOf(b.severity) || (a.name < b.name ? -1 : 1);
}
