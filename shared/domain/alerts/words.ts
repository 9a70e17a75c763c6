import { assertNever } from '../../kernel/assert-never.ts';
import type { ParameterCatalogue, ParameterEntry } from '../telemetry/catalogue/index.ts';
import { NETWORK_RULE_ID } from './network-rule.ts';
import { NETWORK_FEWEST, NETWORK_SHARE, NETWORK_WINDOW } from './network.ts';
import type { AlertCondition, AlertRule, Comparison } from './rule.ts';

const OPERATORS = { '>': 'above', '>=': 'at least', '<': 'below', '<=': 'at most', '=': 'is', '!=': 'is not' } as const satisfies Record<Comparison, string>;

/** The condition of a rule and its delays, for people. A parameter the catalogue has not is named by its key. */
export function conditionText(rule: Pick<AlertRule, 'condition' | 'onDelay' | 'offDelay'> & { readonly id?: string }, catalogue: ParameterCatalogue): string {
  if (rule.id === NETWORK_RULE_ID) return `At least ${NETWORK_SHARE * 100} % of a city’s vehicles, and at least ${NETWORK_FEWEST}, fell silent within ${durationText(NETWORK_WINDOW / 1000)}`;
  const text = textOf(rule.condition, catalogue, false);
  const parts = [text[0]?.toUpperCase() + text.slice(1)];
  if (rule.onDelay > 0) parts.push(`for ${durationText(rule.onDelay)}`);
  const condition = parts.join(' ');
  return rule.offDelay > 0 ? `${condition}; back to normal after ${durationText(rule.offDelay)}` : condition;
}

/** `90` → `90 s`, `300` → `5 min`, `7200` → `2 h`. */
export function durationText(seconds: number): string {
  if (seconds >= 172_800 && seconds % 86_400 === 0) return `${seconds / 86_400} days`;
  if (seconds >= 3600 && seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds >= 60 && seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function textOf(condition: AlertCondition, catalogue: ParameterCatalogue, inner: boolean): string {
  switch (condition.kind) {
    case 'compare': {
      const entry = catalogue.byKey(condition.parameter);
      const band = condition.deadBand ? ` (returns ${withUnit(condition.deadBand, entry)} inside)` : '';
      return `${entry?.label ?? condition.parameter} ${OPERATORS[condition.op]} ${valueText(condition.value, entry)}${band}`;
    }
    case 'rate': {
      const entry = catalogue.byKey(condition.parameter);
      const falls = condition.op === '<=';
      return `${entry?.label ?? condition.parameter} ${falls ? 'falls' : 'rises'} by at least ${withUnit(Math.abs(condition.perMinute), entry)} a minute over ${durationText(condition.window)}`;
    }
    case 'no-data':
      return condition.parameter === undefined ? `nothing heard of the vehicle for ${durationText(condition.after)}` : `no ${catalogue.byKey(condition.parameter)?.label ?? condition.parameter} for ${durationText(condition.after)} while the vehicle reports`;
    case 'moved':
      return `moved by more than ${condition.metres} m with ignition off and wheels still`;
    case 'all':
    case 'any': {
      const text = condition.of.map((part) => textOf(part, catalogue, true)).join(condition.kind === 'all' ? ' and ' : ' or ');
      return inner && condition.of.length > 1 ? `(${text})` : text;
    }
    case 'repeat':
      return `${textOf(condition.condition, catalogue, true)}, ${condition.count} times within ${durationText(condition.within)}`;
    default:
      return assertNever(condition);
  }
}

function valueText(value: number, entry: ParameterEntry | undefined): string {
  return entry?.choices?.[String(value)] ?? withUnit(value, entry);
}

function withUnit(value: number, entry: ParameterEntry | undefined): string {
  return entry?.unit ? `${value} ${entry.unit}` : String(value);
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
