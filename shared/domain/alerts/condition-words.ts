import { assertNever } from '../../kernel/assert-never.ts';
import { NETWORK_RULE_ID } from './network-rule.ts';
import { NETWORK_FEWEST, NETWORK_SHARE, NETWORK_WINDOW } from './network.ts';
import type { AlertCondition, AlertRule, AlertRuleValues, Comparison } from './rule.ts';

/** What the words need of the parameter catalogue. */
export interface NamedParameters {
  byKey(key: string): { readonly label: string; readonly unit: string; readonly kind: string; readonly choices?: Readonly<Record<string, string>> | undefined } | undefined;
}

const OPERATORS = { '>': 'above', '>=': 'at least', '<': 'below', '<=': 'at most', '=': 'is', '!=': 'is not' } as const satisfies Record<Comparison, string>;

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
export function ruleWords(rule: Pick<AlertRuleValues, 'condition' | 'onDelay'> & { readonly id?: string }, catalogue: NamedParameters): string {
  if (rule.id === NETWORK_RULE_ID) return `At least ${NETWORK_SHARE * 100} % of a city’s vehicles, and at least ${NETWORK_FEWEST}, fell silent within ${duration(NETWORK_WINDOW / 1000)}`;
  const words = conditionWords(rule.condition, catalogue);
  const delay = rule.onDelay > 0 && rule.condition.kind !== 'no-data' ? `, for at least ${duration(rule.onDelay)}` : '';
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${delay}`;
}

/** A limit line of an alert's graph; the dead-band lies on the side of normal. */
export interface AlertLimit {
  readonly op: Comparison;
  readonly value: number;
  readonly deadBand?: number;
}

/** The limits that a rule sets to the parameter its graph shows; none where it shows none or compares another. */
export function limitsOf(rule: Pick<AlertRule, 'condition' | 'graphParameter'>): AlertLimit[] {
  const limits: AlertLimit[] = [];
  const collect = (condition: AlertCondition): void => {
    if (condition.kind === 'compare') {
      const { parameter, op, value, deadBand } = condition;
      if (parameter === rule.graphParameter && !limits.some((limit) => limit.op === op && limit.value === value)) limits.push({ op, value, ...(deadBand ? { deadBand } : {}) });
    } else if (condition.kind === 'repeat') collect(condition.condition);
    else if (condition.kind === 'all' || condition.kind === 'any') condition.of.forEach(collect);
  };
  collect(rule.condition);
  return limits;
}

/** Keys of the parameters a condition names, each once. */
export function parametersOf(condition: AlertCondition): string[] {
  switch (condition.kind) {
    case 'compare':
    case 'rate':
      return [condition.parameter];
    case 'no-data':
      return condition.parameter === undefined ? [] : [condition.parameter];
    case 'moved':
      return ['lat', 'lon', 'ignition', 'speed'];
    case 'repeat':
      return parametersOf(condition.condition);
    case 'all':
    case 'any':
      return [...new Set(condition.of.flatMap(parametersOf))];
    default:
      return assertNever(condition);
  }
}
