import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '#shared/kernel/error.ts';
import { Batch, BATCH_SIZES, ROW_FLAG } from './batch.ts';
import { batchOf, type PlainMessage } from './batch-builder.ts';
import { HOUR } from './segments.ts';
import { TelemetryLog } from './telemetry-log.ts';
import { TelemetryReader } from './telemetry-reader.ts';

const T0 = Date.UTC(2026, 0, 5, 10, 30);
const rng = { bytes: (count: number) => new Uint8Array(count).fill(7), next: () => 0.5 };
let folder = '';
let path = '';
const open: { close(): void }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
  path = join(folder, 'telemetry.db');
});
afterEach(() => {
  for (const item of open.splice(0)) item.close();
  rmSync(folder, { recursive: true, force: true });
});

function openLog(): TelemetryLog {
  const log = TelemetryLog.open(path, { rng });
  open.push(log);
  return log;
}

function openReader(): TelemetryReader {
  const reader = new TelemetryReader(path);
  open.push(reader);
  return reader;
}

function closeAll(): void {
  for (const item of open.splice(0)) item.close();
}

const message = (i: number, more: Partial<PlainMessage> = {}): PlainMessage => ({ unit: 1 + (i % 3), time: T0 + i * 1000, received: T0 + i * 1000 + 50, number: i, values: [[7, i / 10]], ...more });

function codeOf(run: () => unknown): string {
  try {
    run();
    return 'no error';
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
}

describe('TelemetryLog', () => {
  test('continues its numbering, its epoch and its chains after it was closed', () => {
    const first = openLog();
    first.append(batchOf([message(0), message(1), message(2)]), { durable: true, newUnits: [{ number: 1, deviceId: 'a', firstSeen: T0 }, { number: 2, deviceId: 'b', firstSeen: T0 }, { number: 3, deviceId: 'c', firstSeen: T0 }] });
    const epoch = first.epoch;
    closeAll();
    const again = openLog();
    expect([again.epoch, again.last, again.units().map((unit) => unit.deviceId)]).toEqual([epoch, 3, ['a', 'b', 'c']]);
    again.append(batchOf([message(3), message(HOUR / 1000 + 4)]), { durable: true });
    closeAll();
    const third = openLog();
    expect([...third.index.tail.slice(1, 4)]).toEqual([4, 5, 3]);
    const { series } = openReader().readRange({ units: [1], parameters: [7], from: 0, to: 2 * T0, maxPoints: 10 }, [4]);
    expect([...(series[0]?.value ?? [])]).toEqual([0, 0.3]);
  });

  test('a batch that fails leaves nothing behind and can be appended again', () => {
    const log = openLog();
    log.append(batchOf([message(0)]), { durable: true });
    const bad = batchOf([message(1), message(2)]);
    bad.time[1] = Number.NaN;
    expect(() => log.append(bad, { durable: true })).toThrow();
    expect(log.last).toBe(1);
    expect(log.append(batchOf([message(1), message(2)]), { durable: true })).toEqual({ first: 2, last: 3 });
    expect([...log.index.tail.slice(1, 4)]).toEqual([1, 2, 3]);
  });

  test('gives back what was appended after a sequence, over segments, in batches of any size', () => {
    const log = openLog();
    const sent = [0, 1, 2, 3, 4000, 4001, 9000].map((i) => message(i, { deviceTime: i === 2 ? Number.NaN : T0 + i * 1000 - 7, boot: 4 }));
    for (const one of sent) log.append(batchOf([one]), { durable: false });
    const reader = openReader();
    const batch = new Batch({ ...BATCH_SIZES, capacity: 2 });
    const seen: number[][] = [];
    let after = 1;
    for (;;) {
      const { last, damaged } = reader.readLog(after, batch);
      expect(damaged).toBe(0);
      if (last === after) break;
      after = last;
      for (let i = 0; i < batch.count; i++) seen.push([batch.unit[i], batch.time[i], batch.deviceTime[i], batch.received[i], batch.boot[i], batch.number[i]].map(Number));
    }
    expect(seen).toEqual(sent.slice(1).map((one) => [one.unit, one.time, one.deviceTime, one.received, 4, one.number]));
  });

  test('keeps raw payloads apart, finds them by sequence and forgets them earlier', () => {
    const log = openLog();
    const payloads = [1, 2, 3].map((n) => new Uint8Array(50).fill(n));
    log.append(batchOf([message(0, { payload: payloads[0] ?? new Uint8Array(), suffix: 3 }), message(1), message(2, { payload: payloads[2] ?? new Uint8Array(), suffix: 5 })]), { durable: true });
    log.append(batchOf([message(3, { payload: payloads[1] ?? new Uint8Array() })]), { durable: true, compress: false });
    log.append(batchOf([message(9000)]), { durable: true });
    const reader = openReader();
    expect(reader.readRaw(1)).toEqual({ suffix: 3, payload: payloads[0] });
    expect(reader.readRaw(2)).toBeUndefined();
    expect(reader.readRaw(3)).toEqual({ suffix: 5, payload: payloads[2] });
    expect(reader.readRaw(4)).toEqual({ suffix: 0, payload: payloads[1] });
    expect(log.dropRaw(T0 + 2 * HOUR)).toBe(1);
    expect(reader.readRaw(1)).toBeUndefined();
    expect(reader.readRange({ units: [1], parameters: [7], from: 0, to: 2 * T0, maxPoints: 9 }, [5]).series[0]?.value).toHaveLength(3);
  });

  test('a message that may be a repetition is stored only if its unit has no such one, however old', () => {
    const log = openLog();
    for (let i = 0; i < 6; i++) log.append(batchOf([message(i * 4000, { unit: 1, boot: 2 })]), { durable: true });
    const unsure = { unit: 1, boot: 2, flags: ROW_FLAG.unsure };
    const payload = Uint8Array.of(1, 2, 3);
    const doubtful = [
      message(0, { ...unsure, payload }),
      message(0, { ...unsure, flags: ROW_FLAG.unsure | ROW_FLAG.continued, payload }),
      message(1, { ...unsure, payload }),
      message(4000, unsure),
      message(4000, { ...unsure, boot: 3 }),
      message(4000, { ...unsure, unit: 2 }),
    ];
    expect(log.append(batchOf(doubtful), { durable: true })).toEqual({ first: 7, last: 9 });
    const reader = openReader();
    expect([7, 8, 9].map((sequence) => reader.readRaw(sequence)?.payload)).toEqual([payload, undefined, undefined]);
    expect([...log.index.tail.slice(1, 3)]).toEqual([8, 9]);
  });

  test('a message whose bytes were changed on disk is left out and counted, in ranges and in replays', () => {
    const log = openLog();
    log.append(batchOf([0, 3, 6].map((i) => message(i))), { durable: true });
    log.checkpoint();
    closeAll();
    const database = new Database(path);
    database.exec('UPDATE log_1 SET time = time + 1 WHERE sequence = 2');
    database.close();
    const reader = openReader();
    const range = reader.readRange({ units: [1], parameters: [7], from: 0, to: 2 * T0, maxPoints: 9 }, [3]);
    expect([range.damaged, [...(range.series[0]?.value ?? [])]]).toEqual([1, [0, 0.6]]);
    expect(reader.readLog(0, new Batch(BATCH_SIZES))).toEqual({ last: 3, damaged: 1 });
  });

  test('keeps snapshots, and does not give one that is damaged or newer than the log', () => {
    const log = openLog();
    log.append(batchOf([message(0)]), { durable: true });
    log.saveSnapshot('fleet', { sequence: 1, data: Uint8Array.of(1, 2) }, T0);
    log.saveSnapshot('fleet', { sequence: 1, data: Uint8Array.of(3, 4) }, T0);
    log.saveSnapshot('later', { sequence: 2, data: Uint8Array.of(1) }, T0);
    expect([...(log.loadSnapshot('fleet')?.data ?? [])]).toEqual([3, 4]);
    expect(log.loadSnapshot('later')).toBeUndefined();
    closeAll();
    const database = new Database(path);
    database.exec("UPDATE snapshot SET data = x'0305'");
    database.close();
    expect(openLog().loadSnapshot('fleet')).toBeUndefined();
  });

  test('refuses a database of a newer version and a damaged one, and leaves both as they are', () => {
    openLog().append(batchOf([message(0)]), { durable: true });
    closeAll();
    const database = new Database(path);
    database.pragma('user_version = 99');
    database.close();
    expect(codeOf(openLog)).toBe('store-newer');
    const bytes = readFileSync(path);
    bytes.fill(0x55, 0, 200);
    writeFileSync(path, bytes);
    expect(codeOf(openLog)).toBe('store-corrupt');
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test('a clock that jumps ahead and comes back does not keep one segment open', () => {
    const log = openLog();
    const times = [0, 5 * HOUR, 1000, HOUR + 2000];
    for (const offset of times) log.append(batchOf([{ unit: 1, time: T0 + offset, received: T0 + offset, values: [[7, 1]] }]), { durable: true });
    const reader = openReader();
    expect(log.drop({ before: T0 + HOUR, appliedThrough: 4 })).toEqual({ messages: 1, first: 2 });
    expect(reader.readRange({ units: [1], parameters: [7], from: 0, to: 2 * T0, maxPoints: 9 }, [4]).series[0]?.value).toHaveLength(3);
  });
});
