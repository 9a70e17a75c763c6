import { expect, test } from 'vitest';
import { alertClusters } from './wall-map.ts';

const cities = [{ cityId: 'pune', city: 'Pune', state: 'Maharashtra', zone: 'West', lat: 18.5, lon: 73.9 }];
const group = (city: string | undefined, severity: 'critical' | 'high' | 'low', count: number) => ({ city, severity, count, ruleId: 'r', name: 'Low SoC', tab: 'smart' as const, unacknowledged: 0, first: {} as never });

test('a city is one donut of its open alerts by severity', () => {
  expect(alertClusters([group('Pune', 'critical', 2), group('Pune', 'low', 1), group('Pune', 'critical', 3)], cities)).toEqual([{ id: 'pune', label: 'Pune', lat: 18.5, lon: 73.9, counts: [5, 0, 1] }]);
});

test('alerts of no known city are not on the map', () => {
  expect(alertClusters([group(undefined, 'high', 2), group('Atlantis', 'high', 2)], cities)).toEqual([]);
});
