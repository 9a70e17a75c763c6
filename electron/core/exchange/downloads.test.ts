import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SILENT_LOG, type Scheduler } from '#shared/kernel/ports.ts';
import { testRng } from '#shared/testing/operations.ts';
import { Downloads, DOWNLOAD_LIFE } from './downloads.ts';

let folder = '';
let timers: { delay: number; run: () => void; live: boolean }[];
const scheduler: Scheduler = {
  after(delay, run) {
    const timer = { delay, run, live: true };
    timers.push(timer);
    return { dispose: () => void (timer.live = false) };
  },
  every: () => ({ dispose: () => undefined }),
};
/** Lets this much time pass. */
const pass = (delay: number): void => timers.filter((timer) => timer.live && timer.delay <= delay).forEach((timer) => timer.run());
const make = (): Downloads => new Downloads({ folder, rng: testRng(), scheduler, log: SILENT_LOG });
const file = (downloads: Downloads) => {
  const path = downloads.newPath('xlsx');
  writeFileSync(path, 'x');
  return { path, fileName: 'Vehicles.xlsx', contentType: 'x' };
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downloads-'));
  timers = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('downloads', () => {
  test('an address works once, and its file is removed afterwards', () => {
    const downloads = make();
    const offered = file(downloads);
    const token = downloads.offer(offered);
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(downloads.take(token)).toEqual(offered);
    expect(downloads.take(token)).toBeUndefined();
    pass(DOWNLOAD_LIFE);
    expect(existsSync(offered.path)).toBe(true);
    pass(DOWNLOAD_LIFE * 3);
    expect(existsSync(offered.path)).toBe(false);
  });

  test('an address that nobody uses expires with its file; an invented one gives nothing', () => {
    const downloads = make();
    const offered = file(downloads);
    const token = downloads.offer(offered);
    pass(DOWNLOAD_LIFE);
    expect([downloads.take(token), downloads.take('0'.repeat(32)), existsSync(offered.path)]).toEqual([undefined, undefined, false]);
  });

  test('at most fifty wait, the oldest goes', () => {
    const downloads = make();
    const tokens = Array.from({ length: 52 }, () => downloads.offer(file(downloads)));
    expect(tokens.map((token) => downloads.take(token) !== undefined)).toEqual([false, false, ...Array.from({ length: 50 }, () => true)]);
  });

  test('nothing is left after closing, nor from a run that crashed', () => {
    writeFileSync(join(folder, 'old.xlsx'), 'x');
    const downloads = make();
    expect(readdirSync(folder)).toEqual([]);
    downloads.offer(file(downloads));
    downloads.take(downloads.offer(file(downloads)));
    downloads.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('what cannot be removed stops neither the start nor an expiry', () => {
    mkdirSync(join(folder, 'a folder'));
    const downloads = make();
    const path = downloads.newPath('xlsx');
    mkdirSync(path);
    downloads.offer({ path, fileName: 'Vehicles.xlsx', contentType: 'x' });
    pass(DOWNLOAD_LIFE);
    expect(readdirSync(folder)).toHaveLength(2);
  });
});
