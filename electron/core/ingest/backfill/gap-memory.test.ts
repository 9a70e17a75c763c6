import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Log } from '#shared/kernel/ports.ts';
import { gapMemory } from './gap-memory.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gap-memory-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('what cannot be opened is said once and tried again later each time, until it can be', () => {
  let now = 0;
  const lines: string[] = [];
  const notices: string[] = [];
  const log: Log = { write: (_level, message) => void lines.push(message), child: () => log };
  const path = join(folder, 'gaps.db');
  // A folder where the database should be.
  mkdirSync(path);
  const memory = gapMemory(path, { now: () => 0, monotonic: () => now }, log, { raise: (id) => void notices.push(id), clear: (id) => void notices.push(`-${id}`) });
  for (; now < 60_000; now += 100) expect(memory.of('a')).toEqual([]);
  expect([lines.length, notices]).toEqual([1, ['gaps-store']]);
  rmSync(path, { recursive: true });
  memory.add('a', [{ boot: 1, from: 1, to: 2, noticedAt: 5, reason: 'not-kept' }], 10);
  // It rests for some more time.
  expect([memory.of('a'), notices]).toEqual([[], ['gaps-store']]);
  now += 64_000;
  memory.add('a', [{ boot: 1, from: 1, to: 2, noticedAt: 5, reason: 'not-kept' }], 10);
  expect([memory.of('a').length, lines.length, notices]).toEqual([1, 1, ['gaps-store', '-gaps-store']]);
  memory.close();
});
