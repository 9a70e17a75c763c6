import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PARAMETER, STATIC_PARAMETERS, createCatalogue, type ParameterEntry } from './index.ts';

const added = (over: Partial<ParameterEntry>): ParameterEntry => ({ number: 4096, key: 'added', label: 'Added', unit: '', group: 'Other', kind: 'number', decimals: 0, deadBand: 0, storagePeriod: 60_000, ...over });

describe('the parameter catalogue', () => {
  const catalogue = createCatalogue();

  it('finds a parameter by number, key and alias', () => {
    expect(catalogue.byNumber(258)?.key).toBe('soc');
    expect(catalogue.numberOf('soc')).toBe(258);
    expect(catalogue.numberOf('unitVoltage')).toBe(catalogue.numberOf('supplyVoltage'));
    expect(catalogue.numberOf('cellVoltage32')).toBeGreaterThan(0);
    expect(catalogue.numberOf('no such key')).toBe(0);
  });

  it('agrees with the numbers that code names', () => {
    for (const [key, number] of Object.entries(PARAMETER)) expect([key, catalogue.numberOf(key)]).toEqual([key, number]);
  });

  it('has every parameter that the demo buses are mapped to', () => {
    const { maps } = JSON.parse(readFileSync('resources/demo/signal-map.json', 'utf8')) as { maps: Record<string, { signals: { parameter: string; unit: string }[] }> };
    const missing = Object.values(maps).flatMap((map) => map.signals).filter((signal) => catalogue.byKey(signal.parameter)?.group !== signal.unit);
    expect(missing).toEqual([]);
  });

  it('describes every entry completely', () => {
    for (const entry of STATIC_PARAMETERS) {
      expect(entry.label.length, entry.key).toBeGreaterThan(0);
      if (entry.kind === 'state' || entry.kind === 'flag') expect(Object.keys(entry.choices ?? {}).length, entry.key).toBeGreaterThan(1);
      if (entry.min !== undefined && entry.max !== undefined) expect(entry.min, entry.key).toBeLessThanOrEqual(entry.max);
    }
  });

  it('takes parameters of an installation above 4095 only', () => {
    expect(createCatalogue(STATIC_PARAMETERS, [added({})]).numberOf('added')).toBe(4096);
    expect(() => createCatalogue(STATIC_PARAMETERS, [added({ number: 4000 })])).toThrow('from 4096');
  });

  it('refuses numbers and names used twice', () => {
    expect(() => createCatalogue(STATIC_PARAMETERS, [added({}), added({ key: 'other' })])).toThrow('has the number of');
    expect(() => createCatalogue(STATIC_PARAMETERS, [added({ key: 'unitVoltage' })])).toThrow('taken');
    expect(() => createCatalogue(STATIC_PARAMETERS, [added({ key: '__proto__' })])).toThrow('letters and digits');
  });
});
