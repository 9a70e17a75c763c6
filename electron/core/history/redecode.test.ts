import { describe, expect, it } from 'vitest';
import { createCatalogue } from '#shared/domain/telemetry/catalogue/index.ts';
import { PARAMETER } from '#shared/domain/telemetry/catalogue/numbers.ts';
import { DECODED_AGAIN } from '#shared/domain/history/record-words.ts';
import { parseDbc } from '#shared/domain/telemetry/dbc/parse.ts';
import { createDecoder } from '#shared/domain/telemetry/decode/decoder.ts';
import { createBinding, createProcessor, UnitContext, type BusBinding } from '#shared/domain/telemetry/processor/index.ts';
import { codeOfSuffix, suffixOfCode } from '../ingest/suffix-codes.ts';
import { batchOf, type PlainMessage } from '../store/telemetry/batch-builder.ts';
import { ROW_FLAG } from '../store/telemetry/batch.ts';
import { MemoryHistoryStore } from '../store/telemetry/memory-store.ts';
import { Redecoding, type RawHistory } from './redecode.ts';

const T0 = Date.UTC(2026, 0, 5, 6);
const catalogue = createCatalogue();
const KEYS: Record<string, string> = { Voltage: 'packVoltage', Current: 'packCurrent', Soc: 'soc', Health: 'soh' };

function bindingOf(signals: string): BusBinding {
  const { database } = parseDbc(new TextEncoder().encode(`VERSION ""\nBU_: BMS\nBO_ 256 Pack: 8 BMS\n${signals}`));
  return createBinding(createDecoder(database), 'sha256:x', (_message, signal) => catalogue.numberOf(KEYS[signal] ?? ''));
}
const WRONG = ' SG_ Voltage : 0|16@1+ (0.1,0) [0|0] "V" X\n SG_ Current : 16|16@1- (0.1,0) [0|0] "A" X\n SG_ Soc : 32|8@1+ (1,0) [0|0] "%" X\n';
const RIGHT = ' SG_ Voltage : 0|16@1+ (0.05,0) [0|0] "V" X\n SG_ Soc : 32|8@1+ (1,0) [0|0] "%" X\n SG_ Health : 40|8@1+ (1,0) [0|0] "%" X\n';

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
/** Voltage, current and SoC every ten seconds as one frame. */
function payload(i: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setUint16(0, 1000 + i, true);
  bytes.setInt16(2, 50, true);
  bytes.setUint8(4, 80);
  bytes.setUint8(5, 97);
  return json({ v: 1, boot: 1, seq: i, t0: (T0 + i * 10_000) * 1000, f: [[0, 256, Buffer.from(bytes.buffer).toString('hex')]] });
}

/** A store in which these messages lie as the pipeline stored them with the wrong file. */
async function stored(count: number): Promise<{ store: MemoryHistoryStore; history: RawHistory }> {
  const binding = bindingOf(WRONG);
  const processor = createProcessor({ catalogue, resolveBus: () => binding, inflate: () => undefined });
  const unit = new UnitContext({ deviceId: 'd' });
  const messages: PlainMessage[] = [];
  for (let i = 0; i < count; i++) {
    const told = processor.process(unit, 'can', payload(i), T0 + i * 10_000 + 50);
    // SoC is stored every sixth time, as its dead-band has it.
    const values = Array.from(told.parameters.subarray(0, told.count), (parameter, k) => [parameter, told.values[k]!] as const).filter(([parameter]) => parameter !== PARAMETER.soc || i % 6 === 0);
    messages.push({ unit: 1, time: told.rowTime[0]!, received: told.receivedAt, number: i, values, payload: payload(i), suffix: codeOfSuffix('can') });
    const position = json({ v: 1, boot: 1, seq: 10_000 + i, t0: T0, s: [[0, 'lat', 12.9], [0, 'packVoltage', 1]] });
    messages.push({ unit: 1, time: T0 + i * 10_000 + 1000, received: T0, number: 10_000 + i, values: [[PARAMETER.lat, 12.9], [PARAMETER.packVoltage, 1]], payload: position, suffix: codeOfSuffix('sig') });
  }
  const store = new MemoryHistoryStore();
  await store.appendBatch(batchOf(messages));
  return historyOf(store);
}

function historyOf(store: MemoryHistoryStore): { store: MemoryHistoryStore; history: RawHistory } {
  return {
    store,
    history: {
      raw: async ({ unitId: _, ...query }) => {
        const page = await store.rawRange({ ...query, unit: 1 });
        return { ...page, messages: page.messages.map((message) => ({ ...message, suffix: suffixOfCode(message.suffix)!, detail: '' })) };
      },
      rows: ({ unitId: _, ...query }) => store.rows({ ...query, unit: 1 }),
      rewrite: (_unitId, rows) => store.rewrite(1, rows),
    },
  };
}
const range = { unit: { unitId: 'u', deviceId: 'd', context: new UnitContext({ deviceId: 'd' }) }, from: T0, to: T0 + 1e7 };
const never = (): boolean => false;

describe('decoding again', () => {
  it('tells what a corrected file changes, without touching anything', async () => {
    const { store, history } = await stored(60);
    const binding = bindingOf(RIGHT);
    const redecoding = new Redecoding(history, catalogue, () => binding);
    await redecoding.compare(range, never);
    expect([redecoding.records, redecoding.missing]).toEqual([60, 0]);
    expect([...redecoding.affected()].sort((a, b) => a - b)).toEqual([PARAMETER.packVoltage, PARAMETER.packCurrent, catalogue.numberOf('soh')]);
    expect(redecoding.changes.get(PARAMETER.packVoltage)).toMatchObject({ changed: 60, removed: 0, added: 0, examples: [{ time: T0, before: 100, after: 50 }, {}, {}] });
    expect(redecoding.changes.get(PARAMETER.packCurrent)).toMatchObject({ changed: 0, removed: 60 });
    expect(redecoding.changes.get(catalogue.numberOf('soh'))).toMatchObject({ added: 60 });
    const { rows } = await store.rows({ unit: 1, from: T0, to: T0 + 1e7, limit: 1000 });
    expect(rows.some(({ flags }) => (flags & ROW_FLAG.rewritten) !== 0)).toBe(false);
  });

  it('stores the new values by dead-band and period, and leaves what it does not concern', async () => {
    const { store, history } = await stored(60);
    const binding = bindingOf(RIGHT);
    const redecoding = new Redecoding(history, catalogue, () => binding);
    await redecoding.compare(range, never);
    await redecoding.apply(range, redecoding.affected(), never);
    const read = async (parameter: number): Promise<number[]> => [...(await store.readRange({ units: [1], parameters: [parameter], from: T0, to: T0 + 1e7, maxPoints: 1000 })).series[0]!.value];
    const voltage = await read(PARAMETER.packVoltage);
    // What the unit itself had decoded (1 V) stays; of the others only what moved beyond 0.2 V, or once a minute.
    expect(voltage.filter((value) => value === 1)).toHaveLength(60);
    const own = voltage.filter((value) => value !== 1);
    expect([own[0], own.at(-1)! > 52.5, own.length > 8 && own.length < 30]).toEqual([50, true, true]);
    expect(await read(PARAMETER.packCurrent)).toEqual([]);
    expect(await read(PARAMETER.soc)).toEqual(Array.from({ length: 10 }, () => 80));
    expect(new Set(await read(catalogue.numberOf('soh')))).toEqual(new Set([97]));
    expect(await read(PARAMETER.lat)).toHaveLength(60);
    const { rows } = await store.rows({ unit: 1, from: T0, to: T0 + 1e7, limit: 1000 });
    expect(rows.filter(({ flags }) => (flags & DECODED_AGAIN) !== 0)).toHaveLength(60);
    // Once more changes nothing.
    const again = new Redecoding(history, catalogue, () => binding);
    await again.compare(range, never);
    expect([...again.affected()]).toEqual([]);
  });

  it('keeps messages apart that a unit without numbers sent one after the other', async () => {
    const binding = bindingOf(WRONG);
    const processor = createProcessor({ catalogue, resolveBus: () => binding, inflate: () => undefined });
    const unit = new UnitContext({ deviceId: 'd' });
    const store = new MemoryHistoryStore();
    const messages = Array.from({ length: 5 }, (_, i): PlainMessage => {
      const told = processor.process(unit, 'can', payload(i * 10), T0 + i * 100_000 + 50);
      return { unit: 1, time: told.rowTime[0]!, received: told.receivedAt, boot: 0, number: 0, flags: ROW_FLAG.hashed, values: Array.from(told.parameters.subarray(0, told.count), (parameter, k) => [parameter, told.values[k]!] as const), payload: payload(i * 10), suffix: codeOfSuffix('can') };
    });
    await store.appendBatch(batchOf(messages));
    const { history } = historyOf(store);
    const redecoding = new Redecoding(history, catalogue, () => bindingOf(RIGHT));
    await redecoding.compare(range, never);
    expect(redecoding.changes.get(PARAMETER.packVoltage)).toMatchObject({ changed: 5, removed: 0, added: 0 });
  });

  it('stops where it is told to', async () => {
    const { history } = await stored(900);
    const redecoding = new Redecoding(history, catalogue, () => bindingOf(RIGHT));
    await redecoding.compare(range, () => true);
    expect(redecoding.records).toBeLessThan(900);
  });
});
