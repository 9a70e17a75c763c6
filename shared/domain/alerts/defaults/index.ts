import { uuidv5 } from '../../../kernel/ids.ts';
import { STATIC_PARAMETERS } from '../../telemetry/catalogue/index.ts';
import { NETWORK_RULE_ID } from '../network-rule.ts';
import { alertRuleValues, type AlertRule } from '../rule.ts';
import { BIT_RULES, type BitRule } from './bits.ts';
import { CATEGORY_LIMITS, SMART_RULES, categoryRules, type SmartRule } from './smart.ts';

export interface RuleModel {
  readonly id: string;
  readonly wheels: keyof typeof CATEGORY_LIMITS;
}

/** The id of a default rule, the same in every installation. */
export function defaultRuleId(key: string): string {
  return uuidv5(`alert-rule:${key}`);
}

/**
 * The rules a new installation begins with: every alarm and fault bit of the catalogue, and the console's own. Limits by category are
 * rules of the models of that category; a category without models has none.
 */
export function defaultRules(models: readonly RuleModel[]): AlertRule[] {
  const categories = Object.keys(CATEGORY_LIMITS) as (keyof typeof CATEGORY_LIMITS)[];
  return [
    ...SMART_RULES.map((rule) => smart(rule, rule.key, [], '')),
    ...categories.flatMap((wheels) => {
      const ids = models.filter((model) => model.wheels === wheels).map((model) => model.id);
      return ids.length === 0 ? [] : categoryRules(CATEGORY_LIMITS[wheels]).map((rule) => smart(rule, `${rule.key}-${wheels}`, ids, wheels === '2W' ? ', two-wheeler' : ', three-wheeler'));
    }),
    network(),
    ...BIT_RULES.map(bit),
  ];
}

const COMMON = { modelIds: [], latched: false, inhibition: 'sensor', shelvable: true, hiddenFromCustomerIds: [], enabled: true } as const;

function smart({ key: _, ...rule }: SmartRule, key: string, modelIds: readonly string[], suffix: string): AlertRule {
  return complete(key, { ...COMMON, tab: 'smart', ...rule, name: rule.name + suffix, modelIds: [...modelIds] });
}

function bit({ key, name, tab, severity, action, graph, insights, over }: BitRule): AlertRule {
  const label = STATIC_PARAMETERS.find((entry) => entry.key === key)?.label ?? key;
  return complete(key, {
    ...COMMON, name: name ?? label, tab, severity, action, onDelay: 0, offDelay: 30, ...over,
    condition: { kind: 'compare', parameter: key, op: '=', value: 1 }, graphParameter: graph, insightParameters: insights.filter((parameter) => parameter !== graph),
  });
}

/** Raised by the engine itself for a city; what it stands for in the editor is in `ruleWords`. */
function network(): AlertRule {
  const values = { ...COMMON, name: 'City network', tab: 'smart', severity: 'high', inhibition: 'none', condition: { kind: 'no-data', after: 600 }, onDelay: 0, offDelay: 0, insightParameters: [], action: 'A fifth of the city fell silent at once: look for an outage of the mobile network or the broker before single vehicles.' };
  return { ...alertRuleValues.parse(values), id: NETWORK_RULE_ID, version: 1 };
}

function complete(key: string, values: unknown): AlertRule {
  return { ...alertRuleValues.parse(values), id: defaultRuleId(key), version: 1 };
}
