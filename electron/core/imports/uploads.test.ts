import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SILENT_LOG, type Log, type Scheduler } from '#shared/kernel/ports.ts';
import { codeOf, testRng } from '#shared/testing/operations.ts';
import { Uploads } from './uploads.ts';

let folder = '';
let timers: { run: () => void; live: boolean }[] = [];
let uploads: Uploads;
const scheduler: Scheduler = {
  after(_delay, run) {
    const timer = { run, live: true };
    timers.push(timer);
    return { dispose: () => void (timer.live = false) };
  },
  every: () => ({ dispose: () => undefined }),
};
const files = (): string[] => readdirSync(folder);
const begin = (size: number, sessionId = 'a') => uploads.begin({ sessionId, purpose: 'import x', fileName: 'x.xlsx', size, limit: 1000 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'uploads-'));
  timers = [];
  uploads = new Uploads({ folder, rng: testRng(), scheduler, log: SILENT_LOG });
});
afterEach(async () => {
  await uploads.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('an upload', () => {
  test('comes piece by piece and is handed out once, to its session and purpose only', async () => {
    const id = await begin(5);
    expect([await uploads.append(id, 'a', 0, Buffer.from('abc')), await uploads.append(id, 'a', 3, Buffer.from('de'))]).toEqual([3, 5]);
    expect(await codeOf(uploads.take(id, 'b', 'import x'))).toBe('not-found');
    expect(await codeOf(uploads.take(id, 'a', 'photo'))).toBe('not-found');
    const file = await uploads.take(id, 'a', 'import x');
    expect([readFileSync(file.path, 'utf8'), file.fileName]).toEqual(['abcde', 'x.xlsx']);
    if (process.platform !== 'win32') expect(statSync(file.path).mode & 0o077).toBe(0);
    expect(await codeOf(uploads.take(id, 'a', 'import x'))).toBe('not-found');
  });

  test('larger than its purpose takes is refused before it begins, and one that grows while it comes is removed', async () => {
    expect(await codeOf(begin(1001))).toBe('too-large');
    expect(await codeOf(begin(0))).toBe('invalid-input');
    const id = await begin(4);
    expect(await codeOf(uploads.append(id, 'a', 0, Buffer.from('abcde')))).toBe('too-large');
    expect([files(), await codeOf(uploads.append(id, 'a', 0, Buffer.from('a')))]).toEqual([[], 'not-found']);
  });

  test('is refused with gaps, twice, by another session, and before it is whole', async () => {
    const id = await begin(4);
    await uploads.append(id, 'a', 0, Buffer.from('ab'));
    expect([await codeOf(uploads.append(id, 'a', 3, Buffer.from('d'))), await codeOf(uploads.append(id, 'a', 0, Buffer.from('ab'))), await codeOf(uploads.append(id, 'b', 2, Buffer.from('c'))), await codeOf(uploads.take(id, 'a', 'import x'))]).toEqual(['conflict', 'conflict', 'not-found', 'conflict']);
    const both = await Promise.allSettled([uploads.append(id, 'a', 2, Buffer.from('c')), uploads.append(id, 'a', 2, Buffer.from('c'))]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  test('leaves no file when it is cancelled, expires, or its session ends; another session cannot cancel it', async () => {
    const id = await begin(4);
    await uploads.cancel(id, 'b');
    expect(files()).toHaveLength(1);
    await uploads.cancel(id, 'a');
    await uploads.cancel(id, 'a');
    expect(files()).toEqual([]);
    await begin(4);
    timers.filter(({ live }) => live).forEach(({ run }) => run());
    await expect.poll(files).toEqual([]);
    await begin(4, 'a');
    await begin(4, 'b');
    await uploads.endSession('a');
    expect(files()).toHaveLength(1);
  });

  test('a session has two at a time, all sessions eight', async () => {
    const first = await begin(4);
    await begin(4);
    await begin(4);
    expect([await codeOf(uploads.append(first, 'a', 0, Buffer.from('a'))), files().length]).toEqual(['not-found', 2]);
    for (let n = 0; n < 6; n++) await begin(4, `session ${n}`);
    expect(await codeOf(begin(4, 'one more'))).toBe('unavailable');
  });

  test('nothing is left of a run that crashed', () => {
    const left = join(folder, 'old.upload');
    writeFileSync(left, 'x');
    new Uploads({ folder, rng: testRng(2), scheduler, log: SILENT_LOG });
    expect(existsSync(left)).toBe(false);
  });

  test('what cannot be removed stops neither the start nor an expiry', async () => {
    mkdirSync(join(folder, 'a folder'));
    const lines: string[] = [];
    const log: Log = { write: (_level, message) => void lines.push(message), child: () => log };
    const others = new Uploads({ folder, rng: testRng(2), scheduler, log });
    const id = await others.begin({ sessionId: 'a', purpose: 'import x', fileName: 'x.xlsx', size: 4, limit: 1000 });
    const [file = ''] = files().filter((name) => name.endsWith('.upload'));
    rmSync(join(folder, file));
    mkdirSync(join(folder, file));
    timers.filter(({ live }) => live).forEach(({ run }) => run());
    expect(await codeOf(others.append(id, 'a', 0, Buffer.from('a')))).toBe('not-found');
    await expect.poll(() => lines).toEqual(Array(2).fill('a file could not be removed; the next start tries again'));
  });
});
