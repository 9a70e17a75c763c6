import type { AlertCondition, AlertRuleValues } from './rule.ts';
import { assertNever } from '../../kernel/assert-never.ts';

/** What the words need of the parameter catalogue. */
export interface NamedParameters {
  byKey(key: string): { readonly label: string; readonly unit: string; readonly kind: string; readonly choices?: Readonly<Record<string, string>> | undefined } | undefined;
}

const OPERATORS: Readonly<Record<string, string>> = { '>': 'above', '>=': 'at least', '<': 'below', '<=': 'at most', '=': 'is', '!=': 'is not' };

function duration(seconds: number): string {
  if (seconds % 3600 === 0 && seconds > 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 && seconds > 0 ? `${seconds / 60} min` : `${seconds} s`;
}

/** A condition in words, with the catalogue's names and units. */
export function conditionWords(condition: AlertCondition, catalogue: NamedParameters): string {
  const named = (key: string): { label: string; unit: string; choice(value: number): string } => {
    const entry = catalogue.byKey(key);
    const unit = entry === undefined || entry.unit === '' ? '' : ` ${entry.unit}`;
    return { label: entry?.label ?? key, unit, choice: (value) => entry?.choices?.[String(value)] ?? (entry?.kind === 'flag' ? (value === 0 ? 'off' : 'on') : `${value}${unit}`) };
  };
  switch (condition.kind) {
    case 'compare': {
      const { label, choice } = named(condition.parameter);
      return `${label} ${OPERATORS[condition.op]} ${choice(condition.value)}`;
    }
    case 'rate': {
      const { label, unit } = named(condition.parameter);
      return `${label} ${condition.op === '>=' ? 'rises' : 'falls'} by at least ${Math.abs(condition.perMinute)}${unit} a minute over ${duration(condition.window)}`;
    }
    case 'no-data':
      return `nothing heard of ${condition.parameter === undefined ? 'the vehicle' : named(condition.parameter).label} for ${duration(condition.after)}`;
    case 'moved':
      return `moved by more than ${condition.metres} m with the ignition off`;
    case 'all':
    case 'any':
      return condition.of.map((part) => (part.kind === 'all' || part.kind === 'any' ? `(${conditionWords(part, catalogue)})` : conditionWords(part, catalogue))).join(condition.kind === 'all' ? ' and ' : ' or ');
    case 'repeat':
      return `${condition.count} times within ${duration(condition.within)}: ${conditionWords(condition.condition, catalogue)}`;
    default:
      return assertNever(condition);
  }
}

/** A rule's condition with its delays, as the details of an alert show it. */
export function ruleWords(rule: AlertRuleValues, catalogue: NamedParameters): string {
  const words = conditionWords(rule.condition, catalogue);
  const delay = rule.onDelay > 0 && rule.condition.kind !== 'no-data' ? `, for at least ${duration(rule.onDelay)}` : '';
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${delay}`;
}

/** The limits of the rule's graph: comparisons of the parameter that it shows. */
export function graphLimits(rule: AlertRuleValues): { op: string; value: number; deadBand?: number }[] {
  const found: { op: string; value: number; deadBand?: number }[] = [];
  const visit = (condition: AlertCondition): void => {
    if (condition.kind === 'all' || condition.kind === 'any') condition.of.forEach(visit);
    else if (condition.kind === 'repeat') visit(condition.condition);
    else if (condition.kind === 'compare' && condition.parameter === rule.graphParameter) {
      found.push({ op: condition.op, value: condition.value, ...(condition.deadBand === undefined ? {} : { deadBand: condition.deadBand }) });
    }
  };
  visit(rule.condition);
  return found;
}
