import { demoBus } from '#shared/testing/demo-bus.ts';
import { SeededRandom } from '#shared/testing/random.ts';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { compileEncoder } from '#shared/domain/telemetry/decode/encode.ts';
import type { BusBinding } from '#shared/domain/telemetry/processor/index.ts';
import type { CanBatch, SignalBatch, WireFrame } from '#shared/domain/telemetry/wire/index.ts';

export const NOW = 1_769_155_200_000;
/** What a bus with these cycle times sends in about a second. */
const BATCH_FRAMES = 100;

export const catalogue = createCatalogue();

export interface DemoModel {
  readonly name: string;
  readonly binding: BusBinding;
  /** Batches of 100 frames with values that wander. */
  readonly batches: readonly Omit<CanBatch, 'boot' | 'seq' | 'up'>[];
}

/** Traffic of the demo fleet's two models, by their own DBC files. */
export function demoModels(batchCount: number): DemoModel[] {
  const random = new SeededRandom(11);
  return (['two-wheeler', 'three-wheeler'] as const).map((name) => {
    const { database, binding } = demoBus(name, catalogue);
    const encoders = database.messages.map((message) => ({ message, encoder: compileEncoder(message) }));
    const batches = Array.from({ length: batchCount }, () => {
      const frames = Array.from({ length: BATCH_FRAMES }, (_, i): WireFrame => {
        const { message, encoder } = encoders[i % encoders.length]!;
        const data = new Uint8Array(message.length);
        const values = Float64Array.from(message.signals, (signal) => signal.offset + signal.scale * (1 + random.below(2 ** Math.min(signal.length, 10) - 2 || 1)));
        encoder.encode(values, data);
        return { dt: i * 10_000, id: message.id, data, flags: message.extended ? 1 : 0 };
      });
      return { t0: NOW * 1000, bus: 0, frames };
    });
    return { name, binding, batches };
  });
}

/** What a tracker knows without CAN. */
export function signalValues(random: SeededRandom): SignalBatch['values'] {
  return [[0, 'lat', 12.9 + random.next() / 10], [0, 'lon', 77.6 + random.next() / 10], [0, 'gpsSpeed', random.below(60)], [0, 'heading', random.below(360)], [0, 'satellites', 9], [0, 'hdop', 0.9], [0, 'ignition', 1], [0, 'gsmSignal', random.below(32)], [0, 'supplyVoltage', 12.6]];
}
