import { createHead, FrameBatch, readBinaryCan, readJsonCan, readJsonCanThoroughly } from '#shared/domain/telemetry/adapters/index.ts';
import type { DbcDatabase } from '#shared/domain/telemetry/dbc/model.ts';
import { createDecoder, type Decoder, type DecoderMode } from '#shared/domain/telemetry/decode/decoder.ts';
import { encodeCanBinary, encodeCanJson, type CanBatch, type WireFrame } from '#shared/domain/telemetry/wire/index.ts';
import type { Traffic } from './decode-traffic.ts';

/** What 100 frames a second make; units send 50 to 500 frames at once. */
const BATCH = 100;

export interface VehicleBatch {
  /** Index of the vehicle's model, which is that of its DBC. */
  readonly model: number;
  readonly batch: CanBatch;
}

/** The traffic as batches of one vehicle per model, frames 10 ms apart. */
export function toBatches(traffic: Traffic, models: number): VehicleBatch[] {
  const batches: VehicleBatch[] = [];
  for (let model = 0; model < models; model++) {
    const frames: WireFrame[] = [];
    for (let i = 0; i < traffic.count; i++) {
      if (traffic.source[i] !== model) continue;
      const [at = 0, length = 0] = [traffic.at[i], traffic.length[i]];
      frames.push({ dt: (frames.length % BATCH) * 10_000, id: traffic.id[i] ?? 0, data: traffic.bytes.subarray(at, at + length), flags: traffic.extended[i] === 1 ? 1 : 0 });
    }
    for (let from = 0; from + BATCH <= frames.length; from += BATCH) {
      batches.push({ model, batch: { boot: 1, seq: batches.length, up: 60, t0: 1_700_000_000_000_000, bus: 0, frames: frames.slice(from, from + BATCH) } });
    }
  }
  return batches;
}

/** The last value of every signal of the vehicles of one model, and which of them changed since someone looked. */
interface LastValues {
  readonly decoder: Decoder;
  readonly last: Float64Array;
  readonly changed: Uint32Array;
}

interface Store {
  readonly models: readonly LastValues[];
  /** Takes the frames of a batch; returns how many values they held. */
  take(model: number, frames: FrameBatch): number;
}

function createStore(databases: readonly DbcDatabase[], mode: DecoderMode): Store {
  const models = databases.map((database): LastValues => {
    const decoder = createDecoder(database, { mode });
    return { decoder, last: new Float64Array(decoder.signals.length).fill(Number.NaN), changed: new Uint32Array((decoder.signals.length >> 5) + 1) };
  });
  const most = Math.max(...models.map(({ decoder }) => decoder.maximumSignals));
  const values = new Float64Array(most);
  const present = new Uint16Array(most);
  return {
    models,
    take(model, frames) {
      const { decoder, last, changed } = models[model] as LastValues;
      const { bytes, count, id, flags, at, length } = frames;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      let taken = 0;
      for (let f = 0; f < count; f++) {
        const message = decoder.lookup(id[f] as number, ((flags[f] as number) & 1) !== 0);
        if (message === undefined) continue;
        const found = message.decode(view, at[f] as number, length[f] as number, values, present);
        const { firstSignal, signalCount } = message;
        for (let k = 0; k < found; k++) {
          const signal = found === signalCount ? k : (present[k] as number);
          const value = values[signal] as number;
          const index = firstSignal + signal;
          if (last[index] === value) continue;
          last[index] = value;
          changed[index >> 5] = (changed[index >> 5] as number) | (1 << (index & 31));
        }
        taken += found;
      }
      return taken;
    },
  };
}

/** Binary batches to the last-value store; counts values. */
export function binaryPass(databases: readonly DbcDatabase[], batches: readonly VehicleBatch[], mode: DecoderMode): () => number {
  const store = createStore(databases, mode);
  const messages = batches.map(({ model, batch }) => ({ model, bytes: encodeCanBinary(batch) }));
  const head = createHead();
  const frames = new FrameBatch();
  return () => {
    let values = 0;
    for (const { model, bytes } of messages) {
      const refused = readBinaryCan(bytes, () => undefined, head, frames);
      if (refused !== undefined) throw new Error(refused);
      values += store.take(model, frames);
    }
    return values;
  };
}

/** JSON batches to the last-value store; counts frames. `thorough` reads by JSON.parse instead of the scanner. */
export function jsonPass(databases: readonly DbcDatabase[], batches: readonly VehicleBatch[], thorough: boolean): () => number {
  const store = createStore(databases, 'compiled');
  const messages = batches.map(({ model, batch }) => ({ model, bytes: encodeCanJson(batch) }));
  const head = createHead();
  const frames = new FrameBatch();
  const read = thorough ? readJsonCanThoroughly : readJsonCan;
  return () => {
    let count = 0;
    for (const { model, bytes } of messages) {
      const refused = read(bytes, head, frames);
      if (refused !== undefined) throw new Error(refused);
      store.take(model, frames);
      count += frames.count;
    }
    return count;
  };
}
