import { createCatalogue, type ParameterCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { compileEncoder } from '#shared/domain/telemetry/decode/encode.ts';
import type { BusBinding } from '#shared/domain/telemetry/processor/index.ts';
import { encodeCanBinary, type WireFrame } from '#shared/domain/telemetry/wire/index.ts';
import { demoBus } from '#shared/testing/demo-bus.ts';
import { SeededRandom } from '#shared/testing/random.ts';

/** Twelve parameters, three messages of the bus: what a point of the store's figures has. */
export const POINT = ['BMS_Pack', 'VCU_Motion', 'MCU_Drive'] as const;
export const UNITS = 1000;

export const deviceOf = (unit: number): string => `DEV${String(unit).padStart(5, '0')}`;

/** Offsets of fields in a binary batch (docs/protocols/telemetry.md). */
export const BOOT_AT = 4;
export const SEQUENCE_AT = 8;

/** The bus of the two-wheeler and binary batches of about 200 bytes with values that wander: four times the three messages, one second. */
export function pointBatches(count: number, catalogue: ParameterCatalogue = createCatalogue()): { readonly binding: BusBinding; readonly payloads: readonly Uint8Array[] } {
  const { database, binding } = demoBus('two-wheeler', catalogue);
  const random = new SeededRandom(23);
  const encoders = POINT.map((name) => database.messages.find((message) => message.name === name)).flatMap((message) => (message ? [{ message, encoder: compileEncoder(message) }] : []));
  const payloads = Array.from({ length: count }, () => {
    const frames = Array.from({ length: 13 }, (_, i): WireFrame => {
      const { message, encoder } = encoders[i % encoders.length] as (typeof encoders)[number];
      const data = new Uint8Array(message.length);
      const values = Float64Array.from(message.signals, (signal) => signal.offset + signal.scale * (1 + random.below(2 ** Math.min(signal.length, 9) - 2 || 1)));
      encoder.encode(values, data);
      return { dt: i * 75_000, id: message.id, data, flags: message.extended ? 1 : 0 };
    });
    return encodeCanBinary({ boot: 1, seq: 0, up: 60, t0: Date.now() * 1000, bus: 0, frames });
  });
  return { binding, payloads };
}
