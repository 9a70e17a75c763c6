import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createTopicParser } from '#shared/domain/telemetry/adapters/index.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { QUALITY, type MessageKind } from '#shared/domain/telemetry/envelope/index.ts';
import { UnitContext, createProcessor } from '#shared/domain/telemetry/processor/index.ts';
import { demoBus } from '#shared/testing/demo-bus.ts';
import { describeFleet } from './fleet/describe.ts';
import { createFleetModel } from './fleet-model.ts';
import { readerOf } from './model/parameters.ts';
import { loadDemoResources } from './resources.ts';

const NOW = Date.UTC(2026, 0, 15, 4, 30);
const resources = loadDemoResources('resources');
const catalogue = createCatalogue();
const buses = [demoBus('two-wheeler', catalogue), demoBus('three-wheeler', catalogue)];

/** Twenty minutes of fifty vehicles through the console's own reading of the protocol. */
function receive() {
  const processor = createProcessor({ catalogue, inflate: (body, limit) => inflateRawSync(body, { maxOutputLength: limit }), resolveBus: (_unit, _bus, hash) => buses.find(({ binding }) => binding.dbcHash.endsWith(hash ?? '-'))?.binding });
  const parse = createTopicParser();
  const contexts = new Map<number, UnitContext>();
  const kinds = new Map<MessageKind, number>();
  const wrong: string[] = [];
  const newest = new Map<string, number>();
  let time = NOW;
  const model = createFleetModel(
    { description: describeFleet({ vehicles: 50, seed: 's', now: NOW }), resources, startAt: NOW, format: 'mixed', interval: 2000, qos: 1, deflate: (body) => deflateRawSync(body) },
    {
      ready: () => true,
      coverage: () => undefined,
      publish(unit, { suffix, payload }) {
        const { vehicle } = model.units[unit] as (typeof model.units)[number];
        const topic = parse(`evf/1/demo/${vehicle.info.deviceId}/${suffix}`);
        if (typeof topic === 'string') throw new Error(topic);
        const context = contexts.get(unit) ?? new UnitContext({ deviceId: topic.device });
        contexts.set(unit, context);
        const message = processor.process(context, topic.suffix, payload, time, 0, topic.detail);
        kinds.set(message.kind, (kinds.get(message.kind) ?? 0) + 1);
        if (message.kind === 'rejected' && vehicle.info.quirk !== 'malformed-payload') wrong.push(`${suffix}: ${message.reason}`);
        if (message.unknownNames > 0 || message.invalidValues > 0) wrong.push(`${suffix}: ${message.unknownNames} unknown, ${message.invalidValues} impossible`);
        if (message.unknownFrames > 0 || message.lengthMismatches > 0) if (vehicle.info.quirk !== 'malformed-payload') wrong.push(`${suffix}: ${message.unknownFrames} unknown frames`);
        if ((message.quality & QUALITY.buffered) !== 0) return;
        for (let i = 0; i < message.count; i++) newest.set(`${unit}:${catalogue.byNumber(message.parameters[i] as number)?.key}`, message.values[i] as number);
      },
    },
  );
  model.units.forEach((_, i) => model.session(i, true));
  for (; time < NOW + 1_200_000; time += 100) model.advance(time);
  return { model, contexts, kinds, wrong, newest };
}

describe('what the console reads of the demo fleet', () => {
  const { model, contexts, kinds, wrong, newest } = receive();

  it('is every message, but for the broken ones of the one unit that sends such', () => {
    expect([...new Set(wrong)]).toEqual([]);
    expect([...kinds.keys()]).toEqual(expect.arrayContaining(['state', 'meta', 'can', 'sig', 'dtc', 'stat', 'evt', 'rejected']));
    for (const [i, context] of contexts) {
      const { quirk } = model.units[i]?.vehicle.info ?? {};
      expect(context.counters.rejected > 0, `${quirk}`).toBe(quirk === 'malformed-payload');
      expect(context.counters.duplicates > 0, `${quirk}`).toBe(quirk === 'duplicate-sender');
      expect(context.counters.clockWrong > 0, `${quirk}`).toBe(quirk === 'wrong-clock');
    }
  });

  it('is what the vehicles measured', () => {
    let compared = 0;
    model.units.forEach(({ vehicle, format, covered }, unit) => {
      if (format === 'tracker' || !covered || vehicle.activity === 'drive') return;
      for (const [key, tolerance] of [['soc', 1], ['odometer', 0.06], ['packVoltage', 1], ['ignition', 0], ['chargingState', 0], ['cellVoltage16', 0.06], ['speed', 0.01]] as const) {
        const value = newest.get(`${unit}:${key}`);
        const truth = readerOf(key)?.(vehicle) ?? Number.NaN;
        if (value === undefined) continue;
        compared += 1;
        expect(Math.abs(value - truth), `${vehicle.info.index} ${key} ${value} ${truth}`).toBeLessThanOrEqual(tolerance);
      }
    });
    expect(compared).toBeGreaterThan(100);
  });

  it('has no gap in the numbers of a unit that could send all it had, late messages included', () => {
    let checked = 0;
    for (const [i, context] of contexts) {
      const unit = model.units[i];
      if (unit === undefined || unit.vehicle.info.quirk === 'malformed-payload' || !unit.covered || unit.buffer.length > 0) continue;
      checked += 1;
      expect(context.sequence.missing, unit.vehicle.info.quirk).toBe(0);
    }
    expect(checked).toBeGreaterThan(35);
  });
});
