import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describeFleet } from '#electron/simulator/fleet/describe.ts';
import { createFleetModel } from '#electron/simulator/fleet-model.ts';
import { loadDemoResources } from '#electron/simulator/resources.ts';
import { AlertEngine, compilePlan, defaultRules } from '#shared/domain/alerts/index.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { DELIVERY } from '#shared/domain/telemetry/envelope/index.ts';
import { createProcessor, UnitContext } from '#shared/domain/telemetry/processor/index.ts';
import { FleetState } from '#shared/domain/telemetry/state/index.ts';
import { demoBus } from '#shared/testing/demo-bus.ts';
import { SEQUENCE_AT } from './pipeline-traffic.ts';

const START = Date.UTC(2026, 0, 15, 4, 30);
/** Start of the batch in the header (docs/protocols/telemetry.md). */
const T0_AT = 16;
/** Between two messages of a vehicle, ms. */
const INTERVAL = 10_000;

/** CAN batches that the demo fleet's vehicles send while driving, by model, one list per vehicle. */
function captureBatches(perVehicle: number): { readonly modelKey: string; readonly payloads: readonly Uint8Array[] }[] {
  const description = describeFleet({ vehicles: 50, seed: 'bench', now: START });
  const lists = new Map<number, { readonly modelKey: string; readonly payloads: Uint8Array[] }>();
  const model = createFleetModel(
    { description, resources: loadDemoResources(new URL('../resources', import.meta.url).pathname), startAt: START, format: 'binary', interval: INTERVAL, qos: 0, deflate: (body) => deflateRawSync(body) },
    {
      publish: (unit, { suffix, payload }) => {
        if (suffix !== 'can') return;
        const { modelKey } = (model.units[unit] as (typeof model.units)[number]).vehicle.info;
        let list = lists.get(unit);
        if (!list) lists.set(unit, (list = { modelKey, payloads: [] }));
        if (list.payloads.length < perVehicle) list.payloads.push(Uint8Array.from(payload));
      },
      coverage: () => undefined,
      ready: () => true,
    },
  );
  model.units.forEach((_, unit) => model.session(unit, true));
  for (let now = START; now < START + perVehicle * INTERVAL * 1.5; ) model.advance((now += 1000));
  return [...lists.values()].filter(({ payloads }) => payloads.length === perVehicle);
}

export interface AlertLoad {
  /** One message of every vehicle through decoding and live state, and, with alerts, through the engine; returns the number of messages. */
  pass(alerts: boolean): number;
  readonly rules: number;
  /** Conditions of rules that a message touches, on average. */
  readonly touched: number;
  /** What the engine has said so far. */
  effects(): number;
  readonly engine: AlertEngine;
  /** An engine with the same rules and no vehicles. */
  empty(): AlertEngine;
}

/** A fleet of `vehicles` that drives like the demo fleet, watched by the default rules. */
export function alertLoad(vehicles: number, perVehicle: number): AlertLoad {
  const catalogue = createCatalogue();
  const captured = captureBatches(perVehicle);
  const description = describeFleet({ vehicles: 50, seed: 'bench', now: START });
  const kinds = new Map(description.models.map(({ key, kind }) => [key, kind]));
  const engine = new AlertEngine({ catalogue });
  const rules = defaultRules(description.models.map(({ key, kind }) => ({ id: key, wheels: kind })));
  engine.setRules(rules, START);
  const buses = { '2W': demoBus('two-wheeler', catalogue).binding, '3W': demoBus('three-wheeler', catalogue).binding };
  const processor = createProcessor({ catalogue, inflate: (body, limit) => inflateRawSync(body, { maxOutputLength: limit }), resolveBus: (unit) => buses[kinds.get(unit.model ?? '') ?? '2W'] });
  const state = new FleetState();
  const units = Array.from({ length: vehicles }, (_, i) => {
    const { modelKey, payloads } = captured[i % captured.length] as (typeof captured)[number];
    return { context: new UnitContext({ deviceId: `D${i}`, model: modelKey }), slot: state.ensureSlot(`D${i}`, modelKey), watched: engine.setVehicle({ vehicleId: `v${i}`, modelId: modelKey, cityId: `c${i % 10}` }, START), payloads };
  });
  let round = 0;
  let effects = 0;
  const pass = (alerts: boolean): number => {
    round++;
    const now = START + round * INTERVAL;
    for (const { context, slot, watched, payloads } of units) {
      const payload = payloads[round % payloads.length] as Uint8Array;
      const view = new DataView(payload.buffer, payload.byteOffset);
      view.setUint32(SEQUENCE_AT, round, true);
      view.setBigUint64(T0_AT, BigInt(now) * 1000n, true);
      const message = processor.process(context, 'can', payload, now + 1000);
      state.apply(slot, message);
      if (alerts) effects += engine.apply(watched, message).length;
    }
    if (alerts) effects += engine.advance(now + 1000).length;
    return units.length;
  };
  return { pass, rules: rules.length, touched: touched(), effects: () => effects, engine, empty };

  function empty(): AlertEngine {
    const other = new AlertEngine({ catalogue });
    other.setRules(rules, START);
    return other;
  }

  function touched(): number {
    const plan = compilePlan(rules, catalogue);
    let [atoms, messages] = [0, 0];
    for (const { modelKey, payloads } of captured) {
      const context = new UnitContext({ deviceId: `touched-${modelKey}`, model: modelKey });
      for (const payload of payloads) {
        const message = processor.process(context, 'can', payload, START, DELIVERY.replay);
        messages++;
        for (let i = 0; i < message.count; i++) atoms += (plan.atomStart[(message.parameters[i] as number) + 1] as number) - (plan.atomStart[message.parameters[i] as number] as number);
      }
    }
    return atoms / messages;
  }
}
