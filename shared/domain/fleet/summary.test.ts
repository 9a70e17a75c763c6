import fc from 'fast-check';
import { expect, it } from 'vitest';
import { summarise } from './summary.ts';

it('adds the six statuses up to all, in total and per group', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ status: fc.nat(5), city: fc.option(fc.constantFrom('Pune', 'Delhi', 'Kochi'), { nil: undefined }) })), (vehicles) => {
      const { total, groups } = summarise(vehicles.keys(), Uint8Array.from(vehicles, (vehicle) => vehicle.status), (slot) => vehicles[slot]?.city);
      for (const counts of [total, ...groups.values()]) expect(counts.byStatus.reduce((sum, n) => sum + n, 0)).toBe(counts.all);
      expect(total.all).toBe(vehicles.length);
      expect([...groups.values()].reduce((sum, counts) => sum + counts.all, 0)).toBe(vehicles.filter((vehicle) => vehicle.city).length);
    }),
  );
});
