import { describe, expect, it } from 'vitest';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { attributeOf } from '#shared/domain/telemetry/dbc/attributes.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { createDecoder } from '#shared/domain/telemetry/decode/decoder.ts';
import { describeFleet } from '../fleet/describe.ts';
import { createVehicle } from '../model/create.ts';
import { updateFaults } from '../model/faults.ts';
import { readerOf } from '../model/parameters.ts';
import { advanceVehicle } from '../model/step.ts';
import type { Vehicle } from '../model/vehicle.ts';
import { CITIES } from '../roads/cities.ts';
import { buildNetwork } from '../roads/network.ts';
import { loadDemoResources, type BusName } from '../resources.ts';
import { compileBus } from './bus.ts';

const NOW = Date.UTC(2026, 0, 15, 4, 30);
const resources = loadDemoResources(new URL('../../../resources', import.meta.url).pathname);
const NAMES: readonly BusName[] = ['two-wheeler', 'three-wheeler'];
const networks = new Map(CITIES.map((city) => [city.key, buildNetwork(city)]));

function vehiclesOn(name: BusName): Vehicle[] {
  const fleet = describeFleet({ vehicles: 60, seed: 'bus', now: NOW });
  return fleet.vehicles
    .filter((info) => info.silence === undefined && fleet.models.find((model) => model.key === info.modelKey)?.signalMap === name)
    .map((info) => createVehicle(info, networks.get(info.locationKey) as ReturnType<typeof buildNetwork>, 'bus', NOW));
}

describe.each(NAMES)('the DBC file of the %s', (name) => {
  const { dbc, signals } = resources[name];
  const { database, diagnostics } = parseDbc(dbc);

  it('is read without a finding', () => {
    expect(diagnostics).toEqual([]);
    expect(database.messages.length).toBeGreaterThanOrEqual(11);
  });

  it('has all four units, ids of both lengths, both byte orders, multiplexed cells and periods', () => {
    expect(new Set(database.messages.flatMap((message) => message.senders))).toEqual(new Set(['BMS', 'MCU', 'CHG', 'VCU']));
    expect(new Set(database.messages.map((message) => message.extended)).size).toBe(2);
    expect(new Set(database.messages.flatMap((message) => message.signals.map((signal) => signal.byteOrder))).size).toBe(2);
    expect(database.messages.flatMap((message) => message.signals).filter((signal) => signal.multiplexing !== undefined).length).toBeGreaterThanOrEqual(14);
    for (const message of database.messages) expect(message.cycleTime, message.name).toBeGreaterThan(0);
  });

  it('is mapped to parameters that the console has, each once, with the not-available values of the file', () => {
    const catalogue = createCatalogue();
    const keys = signals.map((signal) => signal.parameter);
    expect(keys.filter((key) => catalogue.byKey(key) === undefined)).toEqual([]);
    expect(new Set(keys).size).toBe(keys.length);
    for (const { message, signal, notAvailable, parameter, unit } of signals) {
      const found = database.messages.find((one) => one.name === message)?.signals.find((one) => one.name === signal);
      const stated = found && attributeOf(database, 'signal', found.attributes, 'SigNotAvailable');
      expect(notAvailable, `${message}.${signal}`).toEqual(stated === -1 ? [] : [stated]);
      expect(catalogue.byKey(parameter)?.group).toBe(unit);
    }
  });

  it('labels the states with the words of the console', () => {
    const catalogue = createCatalogue();
    for (const { message, signal, parameter } of signals) {
      const entry = catalogue.byKey(parameter);
      const choices = database.messages.find((one) => one.name === message)?.signals.find((one) => one.name === signal)?.choices;
      if (entry?.kind !== 'state' || choices === undefined) continue;
      for (const { value, label } of choices) if (label !== 'Not available') expect(entry.choices?.[String(value)], `${parameter} ${value}`).toBe(label);
    }
  });

  it('carries what the vehicle measures: encoded and decoded again, every value within half a step', () => {
    const decoder = createDecoder(database, { notAvailable: (message, signal) => signals.find((one) => one.message === message.name && one.signal === signal.name)?.notAvailable ?? [] });
    const bus = compileBus(dbc, signals);
    const parameterOf = new Map(signals.map((signal) => [`${signal.message}.${signal.signal}`, signal.parameter]));
    const seen = new Set<string>();
    const values = new Float64Array(decoder.maximumSignals);
    const present = new Uint16Array(decoder.maximumSignals);
    for (const vehicle of vehiclesOn(name)) {
      advanceVehicle(vehicle, NOW + 900_000);
      updateFaults(vehicle);
      for (const frame of bus.frames(vehicle, () => true, 400)) {
        const message = decoder.lookup(frame.id, (frame.flags ?? 0) === 1);
        if (message === undefined) throw new Error(`unknown id ${frame.id}`);
        expect(frame.data.length).toBe(message.message.length);
        const count = message.decode(new DataView(frame.data.buffer), 0, frame.data.length, values, present);
        const indices = count === message.signalCount ? message.message.signals.keys() : present.subarray(0, count);
        for (const index of indices) {
          const signal = message.message.signals[index];
          const parameter = parameterOf.get(`${message.message.name}.${signal?.name}`);
          if (signal === undefined || parameter === undefined) continue;
          seen.add(parameter);
          const truth = readerOf(parameter)?.(vehicle) ?? Number.NaN;
          expect(Math.abs((values[index] as number) - truth), `${parameter} ${values[index]} ${truth}`).toBeLessThanOrEqual(Math.abs(signal.scale) / 2 + 1e-9);
        }
      }
    }
    const never = name === 'three-wheeler' ? ['sideStand'] : [];
    expect(signals.map((signal) => signal.parameter).filter((key) => !seen.has(key))).toEqual(never);
  });
});

describe('the parts of a snapshot', () => {
  it('agree with each other: cells add up to the pack, extremes and spread fit the cells', () => {
    for (const vehicle of NAMES.flatMap(vehiclesOn)) {
      advanceVehicle(vehicle, NOW + 300_000);
      const read = (key: string): number => readerOf(key)?.(vehicle) ?? Number.NaN;
      const cells = Array.from({ length: vehicle.spec.cells }, (_, i) => read(`cellVoltage${String(i + 1).padStart(2, '0')}`));
      expect(cells.reduce((sum, cell) => sum + cell, 0)).toBeCloseTo(read('packVoltage'), 6);
      expect(read('cellVoltageMin')).toBe(Math.min(...cells));
      expect(read('cellVoltageMax')).toBe(cells[read('cellVoltageMaxIndex') - 1]);
      expect(read('cellVoltageSpread')).toBeCloseTo((Math.max(...cells) - Math.min(...cells)) * 1000, 6);
      expect(read('cellVoltageSpread') > 100).toBe(vehicle.info.quirk === 'cell-imbalance');
    }
  });

  it('are refused where map and file do not fit together', () => {
    const { dbc } = resources['two-wheeler'];
    expect(() => compileBus(dbc, [{ message: 'BMS_Pack', signal: 'Nothing', parameter: 'soc', unit: 'BMS', notAvailable: [] }])).toThrow('no signal');
    expect(() => compileBus(dbc, [{ message: 'BMS_Pack', signal: 'StateOfCharge', parameter: 'nothing', unit: 'BMS', notAvailable: [] }])).toThrow('nothing to send');
  });
});
