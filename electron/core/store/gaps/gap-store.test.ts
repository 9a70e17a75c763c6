import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '#shared/platform-node/system-clock.ts';
import { GapStore } from './gap-store.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gaps-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (): GapStore => new GapStore(join(folder, 'gaps.db'), systemClock);
const gap = (boot: number, from: number, to: number) => ({ boot, from, to, noticedAt: 50, since: 40, reason: 'not-kept' as const });

test('gaps are kept by unit, over a restart, and cut where messages come after all', () => {
  const store = open();
  store.add('a', [gap(1, 10, 20), gap(2, 1, 1)], 100);
  store.add('b', [{ boot: 1, from: 5, to: 6, noticedAt: 7, reason: 'no-answer' }], 100);
  store.fill('a', [{ boot: 1, from: 14, to: 15 }, { boot: 2, from: 0, to: 9 }]);
  store.close();
  const again = open();
  expect(again.of('a')).toEqual([{ ...gap(1, 10, 13), givenUpAt: 100 }, { ...gap(1, 16, 20), givenUpAt: 100 }]);
  expect(again.of('b')).toEqual([{ boot: 1, from: 5, to: 6, noticedAt: 7, reason: 'no-answer', givenUpAt: 100 }]);
  expect(again.of('a', 1).map(({ from }) => from)).toEqual([16]);
  again.add('a', [gap(3, 1, 2)], 300);
  again.drop(200);
  expect(again.of('a').map(({ boot }) => boot)).toEqual([3]);
  again.close();
});

test('a damaged database is set aside and begun anew', () => {
  writeFileSync(join(folder, 'gaps.db'), 'x'.repeat(5000));
  const store = open();
  expect(store.of('a')).toEqual([]);
  store.close();
  expect(readdirSync(join(folder, 'quarantine'))).toHaveLength(1);
});
