import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { DemoFault } from '#shared/contract/demo.ts';
import { createTopicParser } from '#shared/domain/telemetry/adapters/index.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { UnitContext, createProcessor } from '#shared/domain/telemetry/processor/index.ts';
import { demoBus } from '#shared/testing/demo-bus.ts';
import { describeFleet } from './fleet/describe.ts';
import { createFleetModel, type FleetModel } from './fleet-model.ts';
import { loadDemoResources } from './resources.ts';
import type { FleetFormat, Outgoing, Unit } from './unit/unit.ts';

const NOW = Date.UTC(2026, 0, 15, 4, 30);
const resources = loadDemoResources('resources');
const catalogue = createCatalogue();
const buses = [demoBus('two-wheeler', catalogue), demoBus('three-wheeler', catalogue)];
const TWO_MINUTES = 120_000;

interface Published extends Outgoing {
  readonly unit: number;
  readonly at: number;
}

/** A fleet of fifty whose sessions follow its coverage, as the transport's do. */
function start(format: FleetFormat = 'mixed') {
  const published: Published[] = [];
  let now = NOW;
  const model: FleetModel = createFleetModel(
    { description: describeFleet({ vehicles: 50, seed: 's', now: NOW }), resources, startAt: NOW, format, interval: 2000, qos: 1, deflate: (body) => deflateRawSync(body) },
    { publish: (unit, message) => published.push({ ...message, unit, at: now }), coverage: (unit, covered) => model.session(unit, covered), ready: () => true },
  );
  model.units.forEach((_, index) => model.session(index, true));
  return {
    model,
    published,
    run(milliseconds: number) {
      for (const end = now + milliseconds; now < end; ) model.advance((now += 100));
    },
    inject: (unit: Unit, fault: DemoFault, duration = TWO_MINUTES) => model.inject(unit.vehicle.info.deviceId, fault, duration),
  };
}

/** Messages of the bus that the console takes and refuses, in the order of sending. */
function accepted(model: FleetModel, published: readonly Published[], unit: number, suffix: string): boolean[] {
  const processor = createProcessor({ catalogue, inflate: (body, limit) => inflateRawSync(body, { maxOutputLength: limit }), resolveBus: (_unit, _bus, hash) => buses.find(({ binding }) => binding.dbcHash.endsWith(hash ?? '-'))?.binding });
  const parse = createTopicParser();
  const device = model.units[unit]?.vehicle.info.deviceId ?? '';
  const context = new UnitContext({ deviceId: device });
  return published.filter((message) => message.unit === unit).flatMap((message) => {
    const topic = parse(`evf/1/demo/${device}/${message.suffix}`);
    if (typeof topic === 'string') throw new Error(topic);
    const kind = processor.process(context, topic.suffix, message.payload, message.at, 0, topic.detail).kind;
    return message.suffix === suffix ? [kind !== 'rejected'] : [];
  });
}

const indexOf = (model: FleetModel, is: (unit: Unit) => boolean): number => model.units.findIndex((unit) => unit.vehicle.info.quirk === undefined && is(unit));

describe('broken messages', () => {
  for (const format of ['json', 'binary', 'deflated'] as const) {
    it(`are every other message of the bus while they last, of a unit that sends ${format}`, () => {
      const { model, published, run, inject } = start();
      const index = indexOf(model, (unit) => unit.format === format);
      run(5000);
      expect(inject(model.units[index] as Unit, 'broken-messages')).toBe(true);
      const before = published.length;
      run(TWO_MINUTES - 5000);
      const taken = accepted(model, published.slice(before), index, 'can');
      expect(taken.length).toBeGreaterThan(50);
      expect(taken).toEqual(taken.map((_, place) => place % 2 === 1));
      run(10_000);
      const after = published.length;
      run(60_000);
      const later = accepted(model, published.slice(after), index, 'can');
      expect(later.length).toBeGreaterThan(20);
      expect(later).not.toContain(false);
    });
  }

  it('are two in four of a unit that decodes by itself, and none of a tracker', () => {
    const { model, published, run, inject } = start();
    const index = indexOf(model, (unit) => unit.format === 'sig');
    const before = published.length;
    inject(model.units[index] as Unit, 'broken-messages');
    run(60_000);
    const taken = accepted(model, published.slice(before), index, 'sig');
    expect(taken.length).toBeGreaterThan(40);
    expect(taken).toEqual(taken.map((_, place) => place % 4 > 1));
    expect(inject(model.units.find((unit) => unit.format === 'tracker') as Unit, 'broken-messages')).toBe(false);
  });
});

describe('a fault that was put in', () => {
  it('arrives from a unit without a network, which comes back at once and stays until its end has been heard', () => {
    const { model, published, run, inject } = start();
    const index = indexOf(model, (unit) => unit.format === 'json');
    const unit = model.units[index] as Unit;
    unit.coverageEnds = NOW + 1000;
    run(5000);
    expect(unit.covered).toBe(false);
    const before = published.length;
    inject(unit, 'cell-over-temperature');
    expect(unit.covered).toBe(true);
    expect(unit.coverageEnds).toBeGreaterThanOrEqual(NOW + 5000 + TWO_MINUTES + 60_000);
    // The least that is promised: its own luck may be better.
    unit.coverageEnds = Math.min(unit.coverageEnds, NOW + 5000 + TWO_MINUTES + 90_000);
    run(1000);
    expect(published.slice(before).some((message) => message.unit === index && message.suffix === 'can')).toBe(true);
    for (let second = 0; second < 180; second++) {
      run(1000);
      expect(unit.covered).toBe(true);
    }
  });

  it('is heard to end: a parked unit reports as on the road for a minute after', () => {
    const { model, published, run, inject } = start();
    const index = indexOf(model, (unit) => unit.format === 'json' && unit.vehicle.activity === 'park' && unit.vehicle.until > NOW + 400_000);
    inject(model.units[index] as Unit, 'mcu-fault', 10_000);
    run(10_000);
    const end = NOW + 10_000;
    run(65_000);
    const times = published.filter((message) => message.unit === index && message.suffix === 'can' && message.at > end).map(({ at }) => at);
    expect(times.length).toBeGreaterThanOrEqual(29);
    expect(Math.max(...times.map((time, place) => time - (times[place - 1] ?? end)))).toBeLessThanOrEqual(2200);
    run(60_000);
    const later = published.length;
    run(30_000);
    expect(published.slice(later).filter((message) => message.unit === index && message.suffix === 'can').length).toBeLessThan(5);
  });

  it('ends each in its own time where there are several', () => {
    const { model, run, inject } = start();
    const unit = model.units[indexOf(model, (one) => one.format === 'json')] as Unit;
    inject(unit, 'mcu-fault', 60_000);
    inject(unit, 'low-soc', 10_000);
    run(12_000);
    expect([...(unit.vehicle.injected?.values.keys() ?? [])]).toEqual(['mcuFaultOverTemp', 'controllerTemp']);
    run(50_000);
    expect(unit.vehicle.injected?.values.size).toBe(0);
  });

  it('takes the network away where it is that, and gives it back with all other faults', () => {
    const { model, run, inject } = start();
    const unit = model.units[indexOf(model, (one) => one.format === 'json')] as Unit;
    inject(unit, 'mcu-fault');
    expect(inject(unit, 'network-lost')).toBe(true);
    run(5000);
    expect(unit.covered).toBe(false);
    model.clearInjected();
    expect(unit.covered).toBe(true);
    expect(unit.vehicle.injected?.values.size).toBe(0);
  });
});
