import { join } from 'node:path';
import { Batch, BATCH_SIZES } from '#core/store/telemetry/batch.ts';
import { TelemetryReader } from '#core/store/telemetry/telemetry-reader.ts';
import { openDatabase } from '#shared/platform-node/sqlite/index.ts';
import { hold } from './types.ts';

/** A row of the log: the unit, its numbers, event time and time of reception (epoch ms), quality bits. */
export type VisitRow = (device: string, boot: number, seq: number, time: number, received: number, flags: number) => void;

/** Reads the whole log of a telemetry database that nobody writes; checks that it is sound. Returns the number of rows. */
export function readStored(folder: string, visit: VisitRow): number {
  const path = join(folder, 'telemetry.db');
  const database = openDatabase(path, { check: 'quick' });
  const devices = new Map(database.prepare<[], { number: number; device_id: string }>('SELECT number, device_id FROM unit').all().map((row) => [row.number, row.device_id]));
  database.close();
  const reader = new TelemetryReader(path);
  const batch = new Batch(BATCH_SIZES);
  let rows = 0;
  for (let after = 0; ; ) {
    const { last, damaged } = reader.readLog(after, batch);
    hold(damaged === 0, `${damaged} damaged rows`);
    if (last === after) break;
    after = last;
    for (let i = 0; i < batch.count; i++) visit(devices.get(batch.unit[i] as number) ?? '', batch.boot[i] as number, batch.number[i] as number, batch.time[i] as number, batch.received[i] as number, batch.flags[i] as number);
    rows += batch.count;
  }
  reader.close();
  return rows;
}

/** Which numbers of a boot there are, as bits. */
export class Numbers {
  #bits = new Uint8Array(64);
  count = 0;

  /** False where it was there already. */
  add(number: number): boolean {
    const at = number >>> 3;
    if (at >= this.#bits.length) {
      const bits = new Uint8Array(Math.max(at + 1, this.#bits.length * 2));
      bits.set(this.#bits);
      this.#bits = bits;
    }
    const bit = 1 << (number & 7);
    if (((this.#bits[at] as number) & bit) !== 0) return false;
    this.#bits[at] = (this.#bits[at] as number) | bit;
    this.count++;
    return true;
  }

  has(number: number): boolean {
    return ((this.#bits[number >>> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }
}
