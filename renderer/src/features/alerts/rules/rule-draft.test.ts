import { expect, test } from 'vitest';
import type { AlertRuleValues } from '#shared/domain/alerts/rule.ts';
import { changesBetween, compareRules, NEW_RULE, newCondition, ruleProblems } from './rule-draft.ts';

const LOW_SOC: AlertRuleValues = { ...NEW_RULE, name: 'Low SoC', condition: { kind: 'compare', parameter: 'soc', op: '<', value: 10, deadBand: 3 } };

test('a rule that is complete has no problems, and every kind of condition begins complete', () => {
  expect([...ruleProblems(LOW_SOC)]).toEqual([]);
  for (const kind of ['compare', 'rate', 'no-data', 'moved', 'repeat', 'all', 'any'] as const) expect([...ruleProblems({ ...LOW_SOC, condition: newCondition(kind) })]).toEqual([]);
});

test('a new rule lacks its name alone and is off', () => {
  expect([[...ruleProblems(NEW_RULE).keys()], NEW_RULE.enabled]).toEqual([['name'], false]);
});

test('a condition without parts is named as what is not complete', () => {
  expect([...ruleProblems({ ...LOW_SOC, condition: { kind: 'all', of: [] } }).keys()]).toEqual(['condition']);
});

test('the difference of two versions is the fields that differ', () => {
  const after: AlertRuleValues = { ...LOW_SOC, severity: 'critical', condition: { kind: 'compare', parameter: 'soc', op: '<', value: 8, deadBand: 3 } };
  expect(changesBetween(LOW_SOC, after).map(({ field }) => field)).toEqual(['severity', 'condition']);
  expect(changesBetween(LOW_SOC, { ...LOW_SOC })).toEqual([]);
});

test('rules that are on come first, then the worst', () => {
  const rules = [{ ...LOW_SOC, name: 'b', enabled: true }, { ...LOW_SOC, name: 'a', severity: 'critical' as const }, { ...LOW_SOC, name: 'c', severity: 'critical' as const, enabled: true }];
  expect(rules.toSorted(compareRules).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
});
