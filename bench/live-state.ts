import { SeededRandom } from '#shared/testing/random.ts';
import { UnitContext, createProcessor } from '#shared/domain/telemetry/processor/index.ts';
import { FleetState, buildFrame } from '#shared/domain/telemetry/state/index.ts';
import { encodeCanBinary, encodeCanJson, encodeSignals } from '#shared/domain/telemetry/wire/index.ts';
import { NOW, catalogue, demoModels, signalValues, type DemoModel } from './live-traffic.ts';
import { measureRate, threadTime } from './measure.ts';
import { judge, type BenchContext, type BenchResult } from './types.ts';

const MILLION = 1e6;
/** Vehicles of the throughput figures: enough that their state does not stay in the first cache. */
const VEHICLES = 500;

const rateOf = (context: BenchContext, pass: () => number): number => measureRate(context, pass, threadTime).best;

/** Messages to the fleet's live state, without threads and network: sequence, event time, decoding, last values, status. */
export function stateResults(context: BenchContext): BenchResult[] {
  return [...throughput(context), ...fleetFigures(context)];
}

/** A fleet that takes `payloads` (suffix, bytes as a function of the sequence number) one after another, each unit in turn. */
function pipeline(models: readonly DemoModel[]) {
  const processor = createProcessor({ catalogue, inflate: () => undefined, resolveBus: (unit) => models.find(({ name }) => name === unit.model)?.binding });
  const state = new FleetState();
  state.evaluate(NOW);
  const units = Array.from({ length: VEHICLES }, (_, i) => {
    const model = models[i % models.length]!.name;
    return { unit: new UnitContext({ deviceId: `D${i}`, model }), slot: state.ensureSlot(`D${i}`, model), model: i % models.length };
  });
  return { processor, state, units };
}

function throughput(context: BenchContext): BenchResult[] {
  const models = demoModels(16);
  const random = new SeededRandom(3);
  const note = 'demo fleet, 100 frames a batch, 500 vehicles';

  const binary = pipeline(models);
  // Sequence numbers are patched into the encoded batches: encoding is not what is measured.
  const binaryPayloads = models.map(({ batches }) => batches.map((batch) => encodeCanBinary({ ...batch, boot: 1, seq: 0, up: 60 })));
  const signalsPerBatch = models.map(({ batches, binding }) => batches[0]!.frames.reduce((sum, frame) => sum + (binding.decoder.lookup(frame.id, ((frame.flags ?? 0) & 1) !== 0)?.signalCount ?? 0), 0));
  let seq = 0;
  const binaryPass = (): number => {
    let signals = 0;
    seq++;
    for (const { unit, slot, model } of binary.units) {
      const payload = binaryPayloads[model]![seq % 16]!;
      payload[8] = seq;
      payload[9] = seq >>> 8;
      payload[10] = seq >>> 16;
      binary.state.apply(slot, binary.processor.process(unit, 'can', payload, NOW + 1000));
      signals += signalsPerBatch[model]!;
    }
    return signals;
  };
  context.say('binary batches to live state');
  const binaryRate = rateOf(context, binaryPass) / MILLION;

  const json = pipeline(models);
  const jsonPayloads = models.map(({ batches }) => batches.map((batch) => encodeCanJson({ ...batch, boot: 1, seq: 10_000_000, up: 60 })));
  const place = jsonPayloads.map((payloads) => payloads.map((payload) => new TextDecoder().decode(payload.subarray(0, 60)).indexOf('10000000')));
  let jsonSeq = 10_000_000;
  const jsonPass = (): number => {
    const digits = String(++jsonSeq);
    for (const { unit, slot, model } of json.units) {
      const payload = jsonPayloads[model]![jsonSeq % 16]!;
      const at = place[model]![jsonSeq % 16]!;
      for (let i = 0; i < 8; i++) payload[at + i] = digits.charCodeAt(i);
      json.state.apply(slot, json.processor.process(unit, 'can', payload, NOW + 1000));
    }
    return VEHICLES * 100;
  };
  context.say('JSON batches to live state');
  const jsonRate = rateOf(context, jsonPass) / MILLION;
  const texts = jsonPayloads.flat();
  const decoder = new TextDecoder();
  const parseRate = rateOf(context, () => texts.reduce((sum, payload) => sum + (JSON.parse(decoder.decode(payload)) as { f: unknown[] }).f.length, 0)) / MILLION;

  const sig = pipeline(models);
  const sigPayloads = Array.from({ length: 4000 }, (_, i) => encodeSignals({ boot: 1, seq: i, up: 60, t0: NOW + i, values: signalValues(random) }));
  let sigAt = 0;
  const sigPass = (): number => {
    const payload = sigPayloads[sigAt++ % sigPayloads.length]!;
    for (const { unit, slot } of sig.units) sig.state.apply(slot, sig.processor.process(unit, 'sig', payload, NOW + 1000, 4));
    return VEHICLES;
  };
  context.say('sig messages to live state');
  const sigRate = rateOf(context, sigPass) / 1000;

  return [
    judge({ name: 'binary batch to live state', value: binaryRate, unit: 'M signals/s', goals: [{ of: 'value', atLeast: 30 }], note }),
    judge({ name: 'JSON batch to live state', value: jsonRate, unit: 'M frames/s', baseline: { name: 'JSON.parse alone', value: parseRate }, goals: [{ of: 'value', atLeast: 1.2 }], note }),
    judge({ name: 'sig message to live state', value: sigRate, unit: 'k messages/s', note: 'nine values, read by JSON.parse' }),
  ];
}

function fleetFigures(context: BenchContext): BenchResult[] {
  const vehicles = context.quick ? 1000 : 10_000;
  const models = demoModels(1);
  const processor = createProcessor({ catalogue, inflate: () => undefined, resolveBus: (unit) => models.find(({ name }) => name === unit.model)?.binding });
  const state = new FleetState();
  const random = new SeededRandom(5);
  context.say(`${vehicles} vehicles`);
  for (let i = 0; i < vehicles; i++) {
    const model = models[i % models.length]!;
    const unit = new UnitContext({ deviceId: `D${i}`, model: model.name });
    const slot = state.ensureSlot(`D${i}`, model.name);
    state.apply(slot, processor.process(unit, 'can', encodeCanBinary({ ...model.batches[0]!, boot: 1, seq: 1, up: 60 }), NOW + 1000));
    state.apply(slot, processor.process(unit, 'sig', encodeSignals({ boot: 1, seq: 2, up: 60, t0: NOW, values: signalValues(random) }), NOW + 1000));
  }
  const { dashboardPerVehicle, valuesPerVehicle } = state.memory();
  let asOf = NOW;
  /** ms a call, a hundred calls between two looks at the clock. */
  const perCall = (work: () => void): number =>
    1000 / rateOf(context, () => {
      for (let i = 0; i < 100; i++) work();
      return 100;
    });
  const everything = perCall(() => void buildFrame(state, 0, () => true));
  const evaluate = perCall(() => void state.evaluate((asOf += 100)));
  return [
    judge({ name: 'dashboard state', value: dashboardPerVehicle, unit: 'B/vehicle', goals: [{ of: 'value', atMost: 512 }] }),
    judge({ name: 'last values', value: valuesPerVehicle, unit: 'B/vehicle', goals: [{ of: 'value', atMost: 2048 }], note: 'all parameters of CAN and sig' }),
    judge({ name: `frame of ${vehicles} vehicles`, value: everything, unit: 'ms', note: 'every row, as typed arrays' }),
    judge({ name: `ages of ${vehicles} vehicles`, value: evaluate, unit: 'ms', note: 'statuses and stale marks for another instant' }),
  ];
}
