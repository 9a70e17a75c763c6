import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UUID_PATTERN } from '../../../kernel/ids.ts';
import { createCatalogue } from '../../telemetry/catalogue/index.ts';
import { NETWORK_RULE_ID, alertRuleValues, compilePlan, ruleWords, defaultRuleId, defaultRules, parametersOf } from '../index.ts';

const catalogue = createCatalogue();
const rules = defaultRules([{ id: 'two', wheels: '2W' }, { id: 'three', wheels: '3W' }]);

describe('the default rules', () => {
  it('have an alert for every alarm and fault bit of the demo buses and of the catalogue', () => {
    const { maps } = JSON.parse(readFileSync('resources/demo/signal-map.json', 'utf8')) as { maps: Record<string, { signals: { parameter: string }[] }> };
    const isBit = (key: string): boolean => /^alarm|Fault/.test(key);
    const bits = new Set([...catalogue.entries.map(({ key }) => key), ...Object.values(maps).flatMap(({ signals }) => signals.map(({ parameter }) => parameter))].filter(isBit));
    const watched = new Set(rules.flatMap(({ condition }) => parametersOf(condition)));
    expect([...bits].filter((key) => !watched.has(key))).toEqual([]);
  });

  it('are valid, compile, name parameters that exist and say what to do', () => {
    for (const { id, version, ...values } of rules) {
      expect(alertRuleValues.parse(values), values.name).toEqual(values);
      expect([id, version]).toEqual([expect.stringMatching(UUID_PATTERN), 1]);
      expect(values.action.length, values.name).toBeGreaterThan(20);
      for (const key of [...values.insightParameters, ...(values.graphParameter ? [values.graphParameter] : [])]) expect([values.name, key, catalogue.numberOf(key)]).toEqual([values.name, key, expect.toSatisfy((number: number) => number > 0)]);
    }
    expect(compilePlan(rules, catalogue).rules.length).toBe(rules.length);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  });

  it('keep their ids, so that installations agree', () => {
    expect(defaultRuleId('low-soc')).toBe('30f7d824-9c69-532d-bacc-f9264139e97b');
    expect(rules.some(({ id }) => id === NETWORK_RULE_ID)).toBe(true);
  });

  it('are Critical where a life is at stake only, and thermal criticals are neither muted nor shelved', () => {
    const critical = rules.filter(({ severity }) => severity === 'critical');
    expect(critical.map(({ name }) => name).sort()).toEqual(['Short circuit', 'Thermal runaway', 'Thermal warning', 'Tip-over']);
    for (const rule of critical.filter(({ name }) => name.startsWith('Thermal'))) expect([rule.shelvable, rule.inhibition, rule.latched]).toEqual([false, 'none', true]);
  });

  it('have no limits by category for a category without models, which would hold for every model', () => {
    const names = (wheels: '2W' | '3W') => defaultRules([{ id: 'm', wheels }]).filter(({ modelIds }) => modelIds.length > 0).map(({ name }) => name);
    expect(names('2W')).toEqual(['Over-speed, two-wheeler', 'Cell voltage low, two-wheeler', 'Cell voltage high, two-wheeler']);
    expect(names('3W').length).toBe(3);
  });

  it('can be read', () => {
    const text = (key: string): string => ruleWords(rules.find(({ id }) => id === defaultRuleId(key))!, catalogue);
    expect(text('low-soc')).toBe('State of charge below 15 %, for at least 1 min');
    expect(text('self-heating')).toBe('Highest battery temperature rises by at least 1 °C a minute over 3 min and Ignition is Off and Pack current below 2 A and Pack current above -2 A');
    expect(text('alarmThermalRunaway')).toBe('Thermal runaway is Active');
    expect(text('often-hot')).toBe('3 times within 24 h: Highest battery temperature above 50 °C');
    expect(ruleWords(rules.find(({ id }) => id === NETWORK_RULE_ID)!, catalogue)).toBe('At least 20 % of a city’s vehicles, and at least 5, fell silent within 10 min');
  });
});
