import { describe, expect, it } from 'vitest';
import { describeFleet } from '../fleet/describe.ts';
import { CITIES } from '../roads/cities.ts';
import { locate, metresBetween, type Place } from '../roads/geometry.ts';
import { buildNetwork } from '../roads/network.ts';
import { charge, drawPower, packOpenCircuit, type Battery } from './battery.ts';
import { createVehicle } from './create.ts';
import { tractiveForce } from './powertrain.ts';
import { SPECS, openCircuitVoltage, type VehicleSpec } from './specs.ts';
import { advanceVehicle } from './step.ts';
import { CHARGING_STATE, IMMOBILIZER, rangeOf, type Vehicle } from './vehicle.ts';

const NOW = Date.UTC(2026, 0, 15, 4, 30);
const MINUTE = 60_000;
const networks = new Map(CITIES.map((city) => [city.key, buildNetwork(city)]));
const spec = SPECS['nilgai-sprint'] as VehicleSpec;

function fleetOf(count: number, seed = 's'): Vehicle[] {
  return describeFleet({ vehicles: count, seed, now: NOW }).vehicles
    .filter((info) => info.silence === undefined)
    .map((info) => createVehicle(info, networks.get(info.locationKey) as ReturnType<typeof buildNetwork>, seed, NOW));
}

function battery(soc: number): Battery {
  return { soc, soh: 1, cycles: 0, current: 0, voltage: 0, temperature: 25, resistanceFactor: 1, coolingFactor: 1, out: 0, in: 0, lost: 0 };
}

describe('the battery', () => {
  it('has a curve that rises with the state of charge', () => {
    for (const chemistry of ['NMC', 'LFP'] as const) for (let soc = 0.01; soc <= 1; soc += 0.01) expect(openCircuitVoltage(chemistry, soc)).toBeGreaterThan(openCircuitVoltage(chemistry, soc - 0.01));
  });

  it('gives the power that is asked for, and loses exactly I²R inside', () => {
    const pack = battery(0.7);
    const before = pack.soc;
    const open = packOpenCircuit(pack, spec);
    expect(drawPower(pack, spec, 1500, 10, 25)).toBe(1500);
    expect(-pack.current * pack.voltage).toBeCloseTo(1500, 6);
    expect((before - pack.soc) * spec.capacityAh).toBeCloseTo((-pack.current * 10) / 3600, 9);
    expect(pack.out + pack.lost).toBeCloseTo((open * -pack.current * 10) / 3600, 9);
  });

  it('balances energy over a full discharge and charge: chemistry in = terminals + heat', () => {
    const pack = battery(0.9);
    let chemical = 0;
    for (let i = 0; i < 5400; i++) {
      const open = packOpenCircuit(pack, spec);
      drawPower(pack, spec, 900 + 600 * Math.sin(i / 40), 1, 30);
      chemical += (open * -pack.current) / 3600;
    }
    expect(pack.out + pack.lost).toBeCloseTo(chemical, 6);
    expect(0.9 - pack.soc).toBeGreaterThan(0.3);
    for (let hours = 0; hours < 8 && charge(pack, spec, spec.chargeCurrent, 60, 30) !== 'full'; hours += 1 / 60);
    expect(pack.soc).toBeGreaterThan(0.95);
  });

  it('never gives more than its circuit can', () => {
    const pack = battery(0.5);
    const given = drawPower(pack, spec, 1e6, 1, 25);
    expect(given).toBeLessThan(1e5);
    expect(Number.isFinite(pack.current) && pack.voltage > 0).toBe(true);
  });
});

describe('the drive', () => {
  it('needs more force the faster it goes, and about 20 Wh/km at a steady 35 km/h', () => {
    const v = 35 / 3.6;
    expect(tractiveForce(spec, 190, v + 1, 0)).toBeGreaterThan(tractiveForce(spec, 190, v, 0));
    const wattHoursPerKm = (tractiveForce(spec, 190, v, 0) / spec.efficiency + spec.auxiliaryPower / v) / 3.6;
    expect(wattHoursPerKm).toBeGreaterThan(15);
    expect(wattHoursPerKm).toBeLessThan(28);
  });
});

describe('a vehicle over a day', () => {
  it('keeps every promise of physics at every minute', () => {
    const vehicles = fleetOf(60);
    const starts = vehicles.map((vehicle) => ({ odometer: vehicle.odometer, soc: vehicle.battery.soc }));
    const broken: string[] = [];
    for (let minute = 1; minute <= 24 * 60; minute++) {
      for (const vehicle of vehicles) {
        const driven = -vehicle.odometer;
        advanceVehicle(vehicle, NOW + minute * MINUTE);
        const { battery: pack, train, info } = vehicle;
        const metres = driven + vehicle.odometer;
        const claims: Readonly<Record<string, boolean>> = {
          'the odometer never runs backwards, and under 90 km/h': metres >= 0 && metres < 1500,
          'charge stays within the battery': pack.soc > 0 && pack.soc <= 1,
          'temperatures stay plausible': pack.temperature > 5 && pack.temperature < 75 && train.controllerTemp < 95 && train.motorTemp < 130,
          'nobody moves while plugged in': !vehicle.plugged || vehicle.speed === 0,
          'nobody charges without a plug': vehicle.plugged || vehicle.chargingState === CHARGING_STATE.no,
          'nobody moves without ignition': vehicle.speed === 0 || vehicle.ignition,
          'nobody but one speeds': info.quirk === 'over-speed' || vehicle.speed * 3.6 < 66,
        };
        for (const [claim, holds] of Object.entries(claims)) if (!holds) broken.push(`${claim}: vehicle ${info.index}, minute ${minute}`);
      }
    }
    expect(broken).toEqual([]);
    for (const [i, vehicle] of vehicles.entries()) {
      const { battery: pack, spec: model } = vehicle;
      const km = (vehicle.odometer - (starts[i]?.odometer ?? 0)) / 1000;
      expect(km).toBeGreaterThan(5);
      const perKm = (pack.out - 0) / km;
      expect(perKm > 12 && perKm < 130, `${vehicle.info.modelKey} ${perKm} Wh/km`).toBe(true);
      expect(rangeOf(vehicle)).toBeLessThan(model.chemistry === 'NMC' ? 190 : 220);
    }
  });

  it('loses charge by what it takes out: an hour on the road, coulomb for coulomb', () => {
    for (const vehicle of fleetOf(30).filter((one) => one.activity === 'drive')) {
      const { battery: pack, spec: model } = vehicle;
      const soc = pack.soc;
      let ampereHours = 0;
      for (let second = 1; second <= 600 && vehicle.activity !== 'charge'; second++) {
        advanceVehicle(vehicle, NOW + second * 1000);
        ampereHours += pack.current / 3600;
      }
      expect((pack.soc - soc) * model.capacityAh * pack.soh).toBeCloseTo(ampereHours, 2);
      if (pack.out - pack.in > 20) expect(pack.soc).toBeLessThan(soc);
    }
  });

  it('drives as far on the map as on its odometer', () => {
    for (const vehicle of fleetOf(20).filter((one) => one.activity === 'drive')) {
      const { fix } = vehicle;
      let path = 0;
      let last: Place | undefined;
      const odometer = vehicle.odometer;
      for (let second = 1; second <= 240 && vehicle.legs !== undefined; second++) {
        advanceVehicle(vehicle, NOW + second * 1000);
        const leg = vehicle.legs?.[vehicle.leg];
        if (leg === undefined) break;
        locate(leg.edge.path, vehicle.along, leg.reverse, fix);
        if (last === undefined) path = vehicle.odometer - odometer;
        else path += metresBetween(last, [fix.lat, fix.lon]);
        last = [fix.lat, fix.lon];
      }
      const driven = vehicle.odometer - odometer;
      // Corners between two fixes are cut; a trip that ended leaves out its last second.
      expect(Math.abs(path - driven)).toBeLessThan(20 + 0.03 * driven);
    }
  });

  it('is the same for the same seed, and another for another', () => {
    const run = (seed: string): unknown => {
      const [vehicle] = fleetOf(1, seed);
      if (vehicle === undefined) throw new Error('no vehicle');
      for (let minute = 1; minute <= 300; minute++) advanceVehicle(vehicle, NOW + minute * MINUTE);
      return { soc: vehicle.battery.soc, odometer: vehicle.odometer, activity: vehicle.activity, temperature: vehicle.battery.temperature };
    };
    expect(run('same')).toEqual(run('same'));
    expect(run('same')).not.toEqual(run('other'));
  });

  it('stays put while immobilized, and sets out again when released', () => {
    const vehicle = fleetOf(12).find((one) => one.activity === 'park');
    if (vehicle === undefined) throw new Error('none parks');
    vehicle.immobilizer = IMMOBILIZER.immobilized;
    const { odometer } = vehicle;
    advanceVehicle(vehicle, NOW + 600 * MINUTE);
    expect(vehicle.odometer).toBe(odometer);
    expect(vehicle.ignition).toBe(false);
    vehicle.immobilizer = IMMOBILIZER.released;
    advanceVehicle(vehicle, NOW + 1200 * MINUTE);
    expect(vehicle.odometer).toBeGreaterThan(odometer);
  });

  it('goes on from what an earlier run left', () => {
    const info = describeFleet({ vehicles: 3, seed: 's', now: NOW }).vehicles[2];
    const network = networks.get(info?.locationKey ?? '');
    if (info === undefined || network === undefined) throw new Error('no vehicle');
    const vehicle = createVehicle(info, network, 's', NOW, { odometer: 12_345.6, soc: 0.5, cycles: 80, boot: 3, lat: info.lat + 0.01, lon: info.lon });
    expect(vehicle.odometer).toBe(12_345_600);
    expect(vehicle.battery.soc).toBe(0.5);
    expect(vehicle.here.place[0]).toBe(info.lat + 0.01);
  });
});
