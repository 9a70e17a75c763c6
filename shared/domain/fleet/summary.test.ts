import fc from 'fast-check';
import { expect, it } from 'vitest';
import { groupSlots, summarise } from './summary.ts';

it('adds the six statuses up to all, in total and per group', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ status: fc.nat(5), city: fc.option(fc.constantFrom('Pune', 'Delhi', 'Kochi'), { nil: undefined }) })), (vehicles) => {
      const { total, groups } = summarise([...vehicles.keys()], Uint8Array.from(vehicles, (vehicle) => vehicle.status), groupSlots(vehicles.length, (slot) => vehicles[slot]?.city));
      for (const counts of [total, ...groups.values()]) expect(counts.byStatus.reduce((sum, n) => sum + n, 0)).toBe(counts.all);
      expect(total.all).toBe(vehicles.length);
      expect([...groups.values()].reduce((sum, counts) => sum + counts.all, 0)).toBe(vehicles.filter((vehicle) => vehicle.city).length);
    }),
  );
});

it('counts each group as a filter over the vehicles would', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ status: fc.nat(5), city: fc.option(fc.constantFrom('Pune', 'Delhi', 'Kochi'), { nil: undefined }), chosen: fc.boolean() })), (vehicles) => {
      const slots = [...vehicles.keys()].filter((slot) => vehicles[slot]?.chosen);
      const { groups } = summarise(slots, Uint8Array.from(vehicles, (vehicle) => vehicle.status), groupSlots(vehicles.length, (slot) => vehicles[slot]?.city));
      for (const city of ['Pune', 'Delhi', 'Kochi'] as const) {
        const members = vehicles.filter((vehicle) => vehicle.chosen && vehicle.city === city);
        expect(groups.get(city)?.all ?? 0).toBe(members.length);
        for (let code = 0; code < 6; code++) expect(groups.get(city)?.byStatus[code] ?? 0).toBe(members.filter((vehicle) => vehicle.status === code).length);
      }
    }),
  );
});
