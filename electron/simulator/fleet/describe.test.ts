import { describe, expect, it } from 'vitest';
import { describeFleet } from './describe.ts';

const NOW = Date.UTC(2026, 0, 15, 6, 0, 0);

describe('describeFleet', () => {
  it('gives equal fleets for equal arguments and other fleets for other seeds', () => {
    const first = describeFleet({ vehicles: 50, seed: 'a', now: NOW });
    expect(describeFleet({ vehicles: 50, seed: 'a', now: NOW })).toEqual(first);
    expect(describeFleet({ vehicles: 50, seed: 'b', now: NOW }).vehicles[0]?.deviceId).not.toBe(first.vehicles[0]?.deviceId);
  });

  it('keeps a vehicle the same when the fleet grows', () => {
    const small = describeFleet({ vehicles: 5, seed: 'a', now: NOW });
    expect(describeFleet({ vehicles: 500, seed: 'a', now: NOW }).vehicles.slice(0, 5)).toEqual(small.vehicles);
  });

  it('gives each identity to one vehicle only, spare units included, in a fleet of 10,000', () => {
    const fleet = describeFleet({ vehicles: 10_000, seed: 7, now: NOW });
    for (const key of ['vin', 'deviceId', 'telematicsId', 'motorId', 'bmsId', 'packSerial', 'simNumber', 'phone'] as const) {
      expect(new Set(fleet.vehicles.map((vehicle) => vehicle[key])).size, key).toBe(10_000);
    }
    for (const key of ['deviceId', 'telematicsId', 'simNumber'] as const) {
      const taken = new Set(fleet.vehicles.map((vehicle) => vehicle[key]));
      expect(fleet.spareUnits.filter((unit) => taken.has(unit[key])), key).toEqual([]);
    }
    const phones = new Set(fleet.vehicles.map((vehicle) => vehicle.phone));
    expect([...fleet.groupMembers, ...fleet.customers].filter((person) => phones.has(person.phone))).toEqual([]);
  });

  it('gives a VIN of 17 characters without I, O and Q', () => {
    for (const vehicle of describeFleet({ vehicles: 200, seed: 1, now: NOW }).vehicles) expect(vehicle.vin).toMatch(/^MXEV[23]W[A-HJ-NPR-Z0-9]{11}$/);
  });

  it('shows all six statuses from six vehicles on, and silence exactly where the status says so', () => {
    const fleet = describeFleet({ vehicles: 50, seed: 1, now: NOW });
    expect(new Set(fleet.vehicles.slice(0, 6).map((vehicle) => vehicle.initialStatus)).size).toBe(6);
    for (const vehicle of fleet.vehicles) {
      const age = vehicle.silence === undefined ? 0 : NOW - (vehicle.silence.lastContact ?? -Infinity);
      const hours = age / 3_600_000;
      if (vehicle.initialStatus === 'offline') expect(hours > 24 && hours < 72).toBe(true);
      else if (vehicle.initialStatus === 'not-communicating') expect(hours > 72).toBe(true);
      else expect(vehicle.silence).toBeUndefined();
    }
  });

  it('spreads the default fleet over five customers and at least eight cities, each known to the description', () => {
    const fleet = describeFleet({ vehicles: 50, seed: 1, now: NOW });
    expect(new Set(fleet.vehicles.map((vehicle) => vehicle.customerKey)).size).toBe(5);
    expect(new Set(fleet.vehicles.map((vehicle) => vehicle.city)).size).toBeGreaterThanOrEqual(8);
    for (const vehicle of fleet.vehicles) {
      expect(fleet.locations.map((location) => location.key)).toContain(vehicle.locationKey);
      expect(fleet.models.find((model) => model.key === vehicle.modelKey)?.batteryModels).toContain(vehicle.batteryModel);
    }
  });

  it('dates a vehicle in order: made, bought, end of warranty', () => {
    for (const vehicle of describeFleet({ vehicles: 100, seed: 3, now: NOW }).vehicles) {
      expect(vehicle.manufacturingDate < vehicle.purchaseDate && vehicle.purchaseDate < vehicle.warrantyEnd).toBe(true);
      expect(vehicle.purchaseDate <= '2026-01-15').toBe(true);
    }
  });

  it('refuses a number of vehicles it cannot name', () => {
    expect(() => describeFleet({ vehicles: -1, seed: 1, now: NOW })).toThrow(RangeError);
    expect(() => describeFleet({ vehicles: 1.5, seed: 1, now: NOW })).toThrow(RangeError);
  });
});
